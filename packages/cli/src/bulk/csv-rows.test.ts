import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCsvReader } from './csv-rows.ts'

const read = (...pieces: readonly string[]) => {
  const reader = createCsvReader()
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

test.each([
  [
    'a,b\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'a,b\r\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['"a,1","b ""x"""\n', [['a,1', 'b "x"']]],
  ['"a"\r\n"b"\r\n', [['a'], ['b']]],
  [
    'a,\n,b\n',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['""\n"",""', [[''], ['', '']]],
  ['\n\r\na\n\n', [['a']]],
  ['', []],
  ['é,"機"', [['é', '機']]],
])('%j is read as %j', (text, rows) => {
  expect(read(text).map((row) => 'fields' in row && row.fields)).toEqual(rows)
})

test('a row may go over lines, and each knows where it began', () => {
  expect(read('a\n\n"b\n\nc",d\ne\n')).toEqual([
    { line: 1, fields: ['a'] },
    { line: 3, fields: ['b\n\nc', 'd'] },
    { line: 6, fields: ['e'] },
  ])
})

test.each([
  [
    'a"b\nc\n',
    [
      { line: 1, problem: 'a quote stands within a field' },
      { line: 2, fields: ['c'] },
    ],
  ],
  [
    '"a"b\nc',
    [
      { line: 1, problem: 'text stands behind a closed quote' },
      { line: 2, fields: ['c'] },
    ],
  ],
  [
    'c\n"a\nb',
    [
      { line: 1, fields: ['c'] },
      { line: 2, problem: 'a quote is not closed' },
    ],
  ],
])('%j has rows that are none', (text, rows) => {
  expect(read(text)).toEqual(rows)
})

test('a row without end does not swallow the file, nor the memory', () => {
  const rows = read('a\n"', 'x'.repeat(300_000), '\nb\n')
  expect(rows).toEqual([
    { line: 1, fields: ['a'] },
    { line: 2, problem: 'the row is too long' },
    { line: 3, fields: ['b'] },
  ])
})

describe('for any table', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') })
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 })
  const write = (rows: readonly (readonly string[])[]) =>
    rows
      .map((row) => `${row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')}\r\n`)
      .join('')

  test('what is written quoted is read as it was', () => {
    fc.assert(
      fc.property(table, (rows) => {
        expect(read(write(rows)).map((row) => 'fields' in row && row.fields)).toEqual(rows)
      }),
    )
  })

  test('it does not matter where the text is cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r') }),
        fc.nat(),
        (text, cut) => {
          const at = text.length === 0 ? 0 : cut % text.length
          expect(read(text.slice(0, at), text.slice(at))).toEqual(read(text))
        },
      ),
    )
  })
})
