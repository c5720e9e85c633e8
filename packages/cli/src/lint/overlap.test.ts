import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mayOverlap } from './overlap.ts'

test.each([
  ['abc', 'abc', true],
  ['abc', 'abd', false],
  ['abc', 'ab', false],
  ['', '', true],
  ['*', '', true],
  ['*', '*', true],
  ['a*', '*b', true],
  ['a*', 'b*', false],
  ['a?c', 'abc', true],
  ['a?c', 'a?c', true],
  ['a?', 'a', false],
  ['?*', '', false],
  ['a*b*c', 'aXbYc', true],
  [`b/\${x}/y`, 'b/*/y', true],
  [`b/\${x}/y`, 'c/*', false],
  [`\${*}`, '*', true],
  [`\${*}`, 'a', false],
  [`\${?}`, '?', true],
])('%j and %j: %s', (one, other, expected) => {
  expect(mayOverlap(one, other)).toBe(expected)
  expect(mayOverlap(other, one)).toBe(expected)
})

test('a text overlaps with a pattern as the plain definition of matching has it', () => {
  const matches = (pattern: string, text: string): boolean => {
    if (pattern === '') return text === ''
    if (pattern.startsWith('*')) {
      return matches(pattern.slice(1), text) || (text !== '' && matches(pattern, text.slice(1)))
    }
    const fits = text !== '' && (pattern.startsWith('?') || pattern[0] === text[0])
    return fits && matches(pattern.slice(1), text.slice(1))
  }
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 })
  fc.assert(
    fc.property(pattern, text, (one, other) => {
      expect(mayOverlap(one, other)).toBe(matches(one, other))
    }),
  )
})
