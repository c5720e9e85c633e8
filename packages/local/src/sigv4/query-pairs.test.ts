import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readQueryPairs } from './query-pairs.ts'

test.each<[string, (readonly [string, string])[] | undefined]>([
  ['', []],
  ['a', [['a', '']]],
  ['?a=1', [['?a', '1']]],
  [
    'b=1&a=2',
    [
      ['a', '2'],
      ['b', '1'],
    ],
  ],
  [
    'a=2&a=1',
    [
      ['a', '1'],
      ['a', '2'],
    ],
  ],
  ['a=b+c%2B', [['a', 'b c+']]],
  [
    'a=1&',
    [
      ['', ''],
      ['a', '1'],
    ],
  ],
  // As it sorts in the signed text: `%C3%BC` is before `z`, `ü` behind it.
  [
    'a=z&a=%C3%BC',
    [
      ['a', 'ü'],
      ['a', 'z'],
    ],
  ],
  ['a=%C3%BC', [['a', 'ü']]],
  ['a=%ff', undefined],
  ['%=1', undefined],
])('%j is read as %j', (query, pairs) => {
  expect(readQueryPairs(query)).toEqual(pairs)
})

test('no order of parameters changes what is read', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string())), fc.nat(), (pairs, turn) => {
      const parts = pairs.map((pair) => pair.map(encodeURIComponent).join('='))
      const at = turn % (parts.length + 1)
      const turned = [...parts.slice(at), ...parts.slice(0, at)]
      expect(readQueryPairs(turned.join('&'))).toEqual(readQueryPairs(parts.join('&')))
    }),
  )
})
