import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatMembers, formatTable } from './format-table.ts'
import { printableText, showValue } from './printable-text.ts'

test('columns are as wide as their widest cell, and lines end with their last', () => {
  const rows = [
    ['camera-1', 2, 'x'],
    ['a', undefined, ''],
  ]
  expect(formatTable(['thing', 'version', 'type'], rows)).toBe(
    ['thing     version  type', 'camera-1  2        x', 'a', ''].join('\n'),
  )
})

test('without rows there is the head line', () => {
  expect(formatTable(['a', 'b'], [])).toBe('a  b\n')
})

test('members are shown one a line, those without a value not at all', () => {
  const members = [
    ['thingName', 'a'],
    ['type', undefined],
    ['billing', null],
    ['attributes', { site: 'x' }],
    ['version', 0],
    ['note', ''],
  ] as const
  expect(formatMembers(members)).toBe(
    'thingName   a\nattributes  {"site":"x"}\nversion     0\nnote\n',
  )
})

test.each([
  ['a\u001b[2Jb', 'a\\u{1b}[2Jb'],
  ['line\nline\ttab\r', 'line\\u{a}line\\u{9}tab\\u{d}'],
  ['\u0085\u009b', '\\u{85}\\u{9b}'],
  ['left\u202eright', 'left\\u{202e}right'],
  ['\u2028', '\\u{2028}'],
  ['\u2029', '\\u{2029}'],
  ['übersicht 機器', 'übersicht 機器'],
])('%j is shown as %j', (text, shown) => {
  expect(printableText(text)).toBe(shown)
})

test('no cell, member or head line breaks its line', () => {
  const cell = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\u2028', '\u0085', '\u001b') }),
    fc.jsonValue({ maxDepth: 1 }),
  )
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 4 }), (row) => {
      expect(formatTable(['a'], [row]).split('\n')).toHaveLength(3)
      expect(formatMembers([['a\n', row]]).split('\n')).toHaveLength(2)
    }),
  )
})

test.each([
  [new Date('2026-06-01T12:00:00Z'), '2026-06-01T12:00:00.000Z'],
  [new Date(Number.NaN), ''],
  [true, 'true'],
  [{ b: [{ d: 1, c: 2 }], a: null }, '{"a":null,"b":[{"c":2,"d":1}]}'],
  [['a\u0007'], '["a\\u0007"]'],
])('%j is shown as %j', (value, shown) => {
  expect(showValue(value)).toBe(shown)
})
