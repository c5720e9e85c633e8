import { expect, test } from 'vitest'
import { codePointsOf, matchesTokens, tokensOf } from './pattern.ts'

const matches = (pattern: string, text: string): boolean =>
  matchesTokens(tokensOf(pattern), codePointsOf(text))

test.each([
  ['', ''],
  ['*', ''],
  ['**', ''],
  ['*', 'a\n/:b'],
  ['a', 'a'],
  ['?', 'a'],
  ['?', '😀'],
  ['a?c', 'a\nc'],
  ['a*', 'a'],
  ['*a', 'ba'],
  ['a*c', 'abbc'],
  ['*?*', 'a'],
  ['*ab', 'aab'],
  ['a*ba*b', 'abbabab'],
  ['*a*b*c*', 'xaxbxcx'],
  ['*😀?', 'a😀😀'],
  ['?a', '\uffffa'],
  ['?a', '\u{10000}a'],
  ['.+[a]^$', '.+[a]^$'],
])('%j matches %j', (pattern, text) => {
  expect(matches(pattern, text)).toBe(true)
})

test.each([
  ['', 'a'],
  ['a', ''],
  ['?', ''],
  ['?', 'ab'],
  ['??', '😀'],
  ['a', 'A'],
  ['a', 'a\n'],
  ['a*', 'ba'],
  ['*a', 'ab'],
  ['a*c', 'acb'],
  ['*?*', ''],
  ['*a?', 'ba'],
  ['**a', 'b'],
  ['a+', 'aa'],
  ['.', 'a'],
  ['a', 'ba'],
  ['\u0001', 'b'],
  ['\u0002', 'b'],
  ['a\u0001', 'a'],
  ['[ab]', 'a'],
])('%j does not match %j', (pattern, text) => {
  expect(matches(pattern, text)).toBe(false)
})

test.each([
  ['*a', 1000],
  ['*a', 4],
  ['a*', 1000],
  ['*?', 1000],
  ['*ab', 600],
])('T40: answers within time on hostile text: %s x %i', (piece, times) => {
  const pattern = tokensOf(`${piece.repeat(times)}b`)
  const text = codePointsOf('a'.repeat(10_000))
  const start = performance.now()
  expect(matchesTokens(pattern, text)).toBe(false)
  expect(performance.now() - start).toBeLessThan(1000)
})

test.each([
  ['a?*', 'abc', 4, 0],
  ['a?*', 'abc', 3, -1],
  ['a?*', 'abc', 0, -1],
  ['*', 'a', 0, -1],
  ['', '', 0, 0],
  ['*b', 'aaaa', 100, 95],
  ['*b', 'a'.repeat(1000), 100, -1],
])(
  '%j on %j with %i steps leaves %i, and no more is done when none is left',
  (pattern, text, steps, left) => {
    const meter = { left: steps }
    matchesTokens(tokensOf(pattern), codePointsOf(text), meter)
    expect(meter.left).toBe(left)
  },
)

test('what is given up is no match', () => {
  expect(matchesTokens(tokensOf('a*'), codePointsOf('abc'), { left: 1 })).toBe(false)
})
