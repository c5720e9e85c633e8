import { expect, test } from 'vitest'
import { missingFor, withoutLeftOut } from './dependencies.ts'
import type { FleetRecord } from './fleet-record.ts'
import { createJournal, type Outcome, type StageName } from './journal.ts'

const journalOf = (...entries: readonly [StageName, string, Outcome][]) => {
  const journal = createJournal()
  for (const [stage, key, outcome] of entries) journal.add({ stage, key, outcome })
  return journal
}
const attachment = (kind: 'certificate' | 'thing-group' | 'role-alias'): FleetRecord => ({
  kind: 'policy-attachment',
  policy: 'p',
  target: { kind, name: 'x' },
})
const member = { kind: 'thing-group-member', group: 'g', thing: 'a' } as const
const principals = {
  kind: 'thing-principals',
  thing: 'a',
  principals: [
    { kind: 'certificate', name: 'c1', exclusive: false },
    { kind: 'certificate', name: 'c2', exclusive: true },
    { kind: 'other', name: 'c3', exclusive: false },
  ],
} as const

test.each<[string, FleetRecord, StageName, string]>([
  [
    'a group its parent',
    { kind: 'thing-group', name: 'g', parent: 'q', attributes: {}, tags: {} },
    'thing-groups',
    'q',
  ],
  ['a member its group', member, 'thing-groups', 'g'],
  ['a member its thing', member, 'things', 'a'],
  ['an attachment its policy', attachment('certificate'), 'policies', 'p'],
  ['an attachment its certificate', attachment('certificate'), 'certificates', 'x'],
  ['an attachment its group', attachment('thing-group'), 'thing-groups', 'x'],
  ['an attachment its alias', attachment('role-alias'), 'role-aliases', 'x'],
  ['principals their thing', principals, 'things', 'a'],
  ['principals each certificate', principals, 'certificates', 'c2'],
])('%s', (_, record, stage, key) => {
  for (const outcome of ['failed', 'left-out'] as const) {
    expect(missingFor(record, journalOf([stage, key, outcome]))).toEqual({ stage, key, outcome })
  }
  for (const outcome of ['created', 'already', 'none'] as const) {
    expect(missingFor(record, journalOf([stage, key, outcome]))).toBeUndefined()
  }
  expect(missingFor(record, journalOf())).toBeUndefined()
})

test('a thing needs nothing: a type of that name serves', () => {
  const thing = { kind: 'thing', name: 'a', type: 't', attributes: {} } as const
  expect(missingFor(thing, journalOf(['thing-types', 't', 'failed']))).toBeUndefined()
})

test('a thing gets its other certificates when one was left out', () => {
  const [first, ...others] = principals.principals
  const journal = journalOf(['certificates', 'c1', 'left-out'], ['certificates', 'c2', 'failed'])
  expect(first.name).toBe('c1')
  expect(withoutLeftOut(principals, journal)).toEqual({
    record: { ...principals, principals: others },
    findings: [
      expect.objectContaining({
        kind: 'left-out',
        name: 'a',
        reason: expect.stringContaining('c1'),
      }),
    ],
  })
})
