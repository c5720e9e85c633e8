import { describe, expect, test } from 'vitest'
import type { PolicyName } from '../names.ts'
import type { PolicyIdentity } from '../records.ts'
import { auditRefusal } from './audit-trace.ts'
import type { StatementTrace } from './trace.ts'

const LONG = 'a'.repeat(129)
const CUT = `${'a'.repeat(128)}…`
const SIX = ['1', '2', '3', '4', '5', '6']
const FIVE = ['1', '2', '3', '4', '…']

const identity = (policyName: string): PolicyIdentity => ({
  policyName: policyName as PolicyName,
  versionId: '1',
  generationId: 'b2a7d1b0-5a53-4cb4-9d5b-3f0f8a2f7e11',
})
const matched = (effect: 'Allow' | 'Deny', statement: number, policy = 'p'): StatementTrace => ({
  policy,
  statement,
  effect,
  matched: true,
})
const unmatched = (effect: 'Allow' | 'Deny', statement: number, text: string): StatementTrace => ({
  statement,
  effect,
  matched: false,
  mismatch: { on: 'action', element: 'Action', patterns: [text, text, text, text] },
})
const condition = {
  operator: 'StringEquals',
  key: 'k',
  values: ['v'],
  why: 'value-differs',
  unsetVariables: ['u'],
} as const
const failing = (count: number): StatementTrace => ({
  statement: 0,
  effect: 'Allow',
  matched: false,
  mismatch: { on: 'condition', conditions: Array.from({ length: count }, () => condition) },
})

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length

test('keeps a short trace as it is', () => {
  const trace = [matched('Allow', 0), matched('Deny', 1), unmatched('Deny', 2, 'x'), failing(4)]
  const policies = [identity('p'), identity('q')]
  expect(auditRefusal(trace, policies)).toEqual({ statements: trace, policies })
  expect(auditRefusal([], [])).toEqual({ statements: [], policies: [] })
})

describe('cuts', () => {
  test.each<[string, StatementTrace, StatementTrace]>([
    ['names', { ...matched('Deny', 0, LONG), sid: LONG }, { ...matched('Deny', 0, CUT), sid: CUT }],
    [
      'no name of 128 characters',
      { ...matched('Deny', 0, 'a'.repeat(128)), sid: 'a'.repeat(128) },
      { ...matched('Deny', 0, 'a'.repeat(128)), sid: 'a'.repeat(128) },
    ],
    [
      'actions',
      {
        statement: 0,
        effect: 'Allow',
        matched: false,
        mismatch: { on: 'action', element: 'NotAction', patterns: [LONG, ...SIX.slice(1)] },
      },
      {
        statement: 0,
        effect: 'Allow',
        matched: false,
        mismatch: { on: 'action', element: 'NotAction', patterns: [CUT, ...FIVE.slice(1)] },
      },
    ],
    [
      'resources and their variables',
      {
        statement: 0,
        effect: 'Allow',
        matched: false,
        mismatch: {
          on: 'resource',
          element: 'Resource',
          patterns: [LONG, ...SIX.slice(1)],
          unsetVariables: [...SIX.slice(1), LONG],
        },
      },
      {
        statement: 0,
        effect: 'Allow',
        matched: false,
        mismatch: {
          on: 'resource',
          element: 'Resource',
          patterns: [CUT, ...FIVE.slice(1)],
          unsetVariables: ['2', '3', '4', '5', '…'],
        },
      },
    ],
    [
      'conditions',
      {
        statement: 0,
        effect: 'Allow',
        matched: false,
        mismatch: {
          on: 'condition',
          conditions: [
            {
              ...condition,
              key: LONG,
              values: SIX,
              undecidable: 'value-unreadable',
              unsetVariables: [LONG],
            },
          ],
        },
      },
      {
        statement: 0,
        effect: 'Allow',
        matched: false,
        mismatch: {
          on: 'condition',
          conditions: [
            {
              ...condition,
              key: CUT,
              values: FIVE,
              undecidable: 'value-unreadable',
              unsetVariables: [CUT],
            },
          ],
        },
      },
    ],
  ])('%s', (_, entry, expected) => {
    expect(auditRefusal([entry], [])).toEqual({ statements: [expected], policies: [] })
  })

  test('conditions beyond the fourth, and says so', () => {
    const { statements, truncated } = auditRefusal([failing(5)], [])
    expect(statements).toEqual([failing(4)])
    expect(truncated).toBe(true)
  })
})

describe('leaves out what is too much', () => {
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(index))

  test('but keeps a Deny that matched, then Allows that did not, then Allows that did, in their order', () => {
    const text = 'x'.repeat(128)
    const trace = [
      ...many(20, (index) => unmatched('Deny', index, text)),
      ...many(3, (index) => matched('Allow', 20 + index)),
      ...many(4, (index) => unmatched('Allow', 23 + index, text)),
      ...many(2, (index) => matched('Deny', 27 + index)),
    ]
    const placesOf = (entries: readonly StatementTrace[]) =>
      auditRefusal(entries, []).statements.map(({ statement }) => statement)
    const all = placesOf(trace)
    expect(all.slice(-9)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28])
    expect(all.length).toBeGreaterThan(9)
    expect(all.slice(0, -9)).toEqual(many(all.length - 9, (index) => index))
    const crowded = [
      ...many(20, (index) => unmatched('Allow', index, text)),
      matched('Allow', 20),
      ...many(60, (index) => ({ ...matched('Deny', 21 + index), sid: text })),
    ]
    expect(placesOf(crowded).every((place) => place > 20)).toBe(true)
    const mixed = [matched('Allow', 0), ...many(20, (index) => unmatched('Allow', 1 + index, text))]
    expect(placesOf(mixed)).not.toContain(0)
    expect(auditRefusal(trace, []).truncated).toBe(true)
  })

  test('but keeps the policies of the statements that are kept', () => {
    const policies = many(150, (index) => identity(`${'p'.repeat(124)}-${index}`))
    const [deciding] = policies.slice(-1)
    const refusal = auditRefusal([matched('Deny', 0, deciding?.policyName)], policies)
    expect(refusal.policies.at(-1)).toBe(deciding)
    expect(refusal.policies.slice(0, -1)).toEqual(policies.slice(0, refusal.policies.length - 1))
    expect(refusal.policies.length).toBeGreaterThan(20)
    expect(refusal.truncated).toBe(true)
  })

  test.each(['x', 'é', '中', '😀', '"', '\u0001', '\ud800'])(
    'so that it stays under 16 KiB, of whatever characters: %j',
    (character) => {
      const text = character.repeat(2000)
      const trace = many(
        150,
        (index): StatementTrace => ({
          ...failing(9),
          policy: `${'p'.repeat(124)}-${index}`,
          mismatch: {
            on: 'condition',
            conditions: many(9, () => ({
              ...condition,
              key: text,
              values: many(9, () => text),
              unsetVariables: many(9, () => text),
            })),
          },
          matched: false,
        }),
      )
      const policies = many(150, (index) => identity(`${'p'.repeat(124)}-${index}`))
      expect(bytes(auditRefusal(trace, policies))).toBeLessThan(15_000)
    },
  )

  test('as soon as one byte is too much', () => {
    const entries = many(64, () => matched('Deny', 0, 'p'.repeat(69)))
    expect(bytes(entries) - 1).toBe(8192) // brackets count as one more than the commas
    expect(auditRefusal(entries, [])).toEqual({ statements: entries, policies: [] })
    const longer = [...entries.slice(1), matched('Deny', 0, 'p'.repeat(70))]
    expect(auditRefusal(longer, [])).toEqual({
      statements: longer.slice(0, -1),
      policies: [],
      truncated: true,
    })
  })
})
