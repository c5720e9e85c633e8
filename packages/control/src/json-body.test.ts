import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJsonBody } from './json-body.ts'

const nested = (depth: number, inner = '') => '['.repeat(depth) + inner + ']'.repeat(depth)
const zeros = (count: number) => `[${Array.from({ length: count }, () => 0).join(',')}]`
const BOUNDS = {
  ok: false,
  message: 'The request body may have at most 10000 values, nested at most 32 deep',
}

test.each([
  ['as many values as may be', zeros(9999 - 1)],
  ['as much depth as may be', nested(32)],
  ['signs of structure within texts', JSON.stringify({ a: '[{,'.repeat(10_000) })],
  ['escaped quotes within texts', JSON.stringify(['"['.repeat(40), '\\', '\\"[['.repeat(40)])],
  ['lists beside one another', `[${Array.from({ length: 40 }, () => '[{}]').join(',')}]`],
])('%s are parsed', (_, text) => {
  expect(parseJsonBody(text)).toEqual({ ok: true, json: JSON.parse(text) })
})

test.each([
  ['more values', zeros(10_000)],
  ['more objects', `[${Array.from({ length: 5001 }, () => '{}').join(',')}]`],
  ['more depth', nested(33)],
  ['more depth of objects', '{"a":'.repeat(33)],
  ['more depth behind a text that ends in a backslash', `["\\\\",${nested(32)}]`],
])('T37: %s are refused before they are parsed', (_, text) => {
  expect(parseJsonBody(text)).toEqual(BOUNDS)
})

test.each(['', '{', '"', '"\\', '{"a":"b', ']]]]'])('what is not JSON is refused: %j', (text) => {
  expect(parseJsonBody(text)).toEqual({
    ok: false,
    message: 'The request body is not a JSON object',
  })
})

test('whatever is small is parsed as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (json) => {
      const text = JSON.stringify(json)
      expect(parseJsonBody(text)).toEqual({ ok: true, json: JSON.parse(text) })
    }),
  )
})
