import { expect, test } from 'vitest'
import { judgeSuccession, LONGEST_GRACE_SECONDS, type Succession } from './revocation-lists.ts'

const current = { number: 7n, sha256: 'a1', issuerSha256: 'b1' }

const rows: readonly (readonly [string, Partial<typeof current>, Succession])[] = [
  ['the next number', { number: 8n, sha256: 'a2' }, 'next'],
  ['a number that doubles cannot tell from the next', { number: 2n ** 64n + 1n }, 'next'],
  ['T28: the number before', { number: 6n, sha256: 'a2' }, 'list-older'],
  ['T28: the number before, with the same content', { number: 6n }, 'list-older'],
  ['T28: the number zero', { number: 0n, sha256: 'a2' }, 'list-older'],
  ['the same list', {}, 'same'],
  ['T28: the same number, with other content', { sha256: 'a2' }, 'list-number-reused'],
  [
    'T28: another issuer, though the number is higher',
    { number: 8n, issuerSha256: 'b2' },
    'list-of-other-issuer',
  ],
  [
    'T28: another issuer, though all else is the same',
    { issuerSha256: 'b2' },
    'list-of-other-issuer',
  ],
]

test.each(rows)('%s', (_, change, succession) => {
  expect(judgeSuccession({ ...current, ...change }, current)).toBe(succession)
})

test('a list that is there first is the first, whatever its number', () => {
  expect(judgeSuccession(current, undefined)).toBe('first')
  expect(judgeSuccession({ ...current, number: 0n }, undefined)).toBe('first')
})

test('numbers are compared beyond what doubles hold', () => {
  const large = { ...current, number: 2n ** 159n }
  expect(judgeSuccession({ ...large, number: large.number + 1n }, large)).toBe('next')
  expect(judgeSuccession({ ...large, number: large.number - 1n }, large)).toBe('list-older')
})

test('the longest grace is 30 days', () => {
  expect(LONGEST_GRACE_SECONDS).toBe(30 * 24 * 60 * 60)
})
