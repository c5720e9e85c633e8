import { expect, test } from 'vitest'
import { type Carrying, carryRecord } from './carry-record.ts'
import type { FleetRecord } from './fleet-record.ts'
import { createJournal } from './journal.ts'

const place = { partition: 'aws', region: 'us-east-1', account: '123456789012' }
const carrying = (changed: Partial<Carrying> = {}) => {
  const written: FleetRecord[] = []
  const parts: Carrying = {
    stage: 'thing-principals',
    settings: { from: place, to: place, copyCas: false },
    journal: createJournal(),
    dryRun: false,
    refuse: () => undefined,
    destination: {
      known: new Set(),
      write: async (record) => {
        written.push(record)
        return 'created'
      },
    },
    ...changed,
  }
  return { parts, written }
}
const principals = (...names: readonly string[]): FleetRecord => ({
  ...{ kind: 'thing-principals', thing: 'a' },
  principals: names.map((name) => ({ kind: 'certificate', name, exclusive: false })),
})
const policy = (effect: string, isDefault = true): FleetRecord => ({
  ...{ kind: 'policy', name: 'p', tags: {} },
  versions: [
    {
      document: JSON.stringify({ Statement: { Effect: effect, Action: '*' } }),
      isDefault,
    },
  ],
})

test('a thing without principals needs nothing', async () => {
  const { parts, written } = carrying()
  expect(await carryRecord(principals(), parts)).toEqual({
    ...{ stage: 'thing-principals', key: 'a', outcome: 'none' },
  })
  expect(written).toEqual([])
})

test('a thing is attached to what was not left out, and the rest is told', async () => {
  const journal = createJournal()
  journal.add({ stage: 'certificates', key: 'c1', outcome: 'left-out' })
  const { parts, written } = carrying({ journal })
  expect(await carryRecord(principals('c1', 'c2'), parts)).toMatchObject({
    outcome: 'created',
    findings: [{ kind: 'left-out', name: 'a' }],
  })
  expect(written).toEqual([principals('c2')])
})

test('what needs something that failed fails, and is not written', async () => {
  const journal = createJournal()
  journal.add({ stage: 'things', key: 'a', outcome: 'failed' })
  const { parts, written } = carrying({ journal })
  expect(await carryRecord(principals('c'), parts)).toMatchObject({
    outcome: 'failed',
    reason: 'needs things a, which failed',
  })
  expect(written).toEqual([])
})

test('what needs something that was left out is left out', async () => {
  const journal = createJournal()
  journal.add({ stage: 'thing-groups', key: 'g', outcome: 'left-out' })
  const { parts, written } = carrying({ journal, stage: 'thing-group-members' })
  const member = { kind: 'thing-group-member', group: 'g', thing: 'a' } as const
  expect(await carryRecord(member, parts)).toMatchObject({
    outcome: 'left-out',
    findings: [{ kind: 'left-out', collection: 'thing-group-members', name: 'g a' }],
  })
  expect(written).toEqual([])
})

test('what the destination has to say is told', async () => {
  const finding = { kind: 'differs', collection: 'things', name: 'a', reason: 'x' } as const
  const { parts } = carrying()
  const destination = { ...parts.destination, findings: () => [finding] }
  expect(await carryRecord(principals('c'), { ...parts, destination })).toMatchObject({
    findings: [finding],
  })
})

test.each([
  ['Deny', true, true],
  ['Allow', true, undefined],
  ['Deny', false, undefined],
])('a policy whose version says %s, default %j, denies: %j', async (effect, isDefault, denies) => {
  const { parts } = carrying({ stage: 'policies' })
  expect((await carryRecord(policy(effect, isDefault), parts)).denies).toBe(denies)
})
