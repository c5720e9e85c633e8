import { expect, test } from 'vitest'
import type { Row } from './row.ts'
import { figure, renderTable } from './table.ts'

test.each([
  [0, '0'],
  [0.02345, '0.023'],
  [0.5, '0.5'],
  [3.456, '3.46'],
  [45.678, '45.7'],
  [999.4, '999'],
  [12_345, '12,300'],
  [1_234_567, '1,230,000'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('%d is written %s', (value, text) => {
  expect(figure(value)).toBe(text)
})

test('the table has one line for each row, and says what is missing by leaving it out', () => {
  const rows: readonly Row[] = [
    {
      ...{ section: 'a', what: 'cold', unit: 'ms', ours: 164.2, base: 139 },
      ratio: { value: 1.1813, low: 1.12, high: 1.2567 },
      limit: { kind: 'atMost', value: 1.1 },
    },
    { section: 'c', what: 'worst', unit: 'ms', ours: 4, limit: { kind: 'below', value: 10 } },
    { section: 'd', what: 'renderings', unit: '/s', ours: 24_377.3 },
  ]
  const cells = renderTable(rows)
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .slice(1, -1),
    )
  expect(cells).toEqual([
    ['', 'measured', 'Thingpass', 'bare', 'ratio [95 %]', 'limit', 'result'],
    expect.arrayContaining([expect.stringMatching(/^-+$/)]),
    ['a', 'cold', '164 ms', '139 ms', '1.18 [1.12–1.26]', '≤ 1.1', 'missed'],
    ['c', 'worst', '4 ms', '', '', '< 10 ms', 'met'],
    ['d', 'renderings', '24,400 /s', '', '', '', ''],
  ])
})

test('every line of the table is as wide as the others', () => {
  const rows = ['short', 'something that is long'].map(
    (what): Row => ({ section: 'd', what, unit: '/s', ours: 1 }),
  )
  expect(
    new Set(
      renderTable(rows)
        .split('\n')
        .map(({ length }) => length),
    ).size,
  ).toBe(1)
})
