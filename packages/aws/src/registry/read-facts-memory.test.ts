import type { RegistryFacts } from '@thingpass/core/facts'
import { parseThingGroupName } from '@thingpass/core/names'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  ALIAS,
  DENY_ALL,
  describeWorld,
  GROUP,
  GROUP_POLICY,
  groupsAndSession,
  keyOf,
  OWN_POLICY,
  PARENT_POLICY,
  plainDevice,
  putItems,
  removeItem,
  SESSION_POLICY,
  THING,
  type WorldItems,
  type WorldRecords,
  worldItems,
} from '../../testing/facts-world.ts'
import { startTestTable, type TestTable } from '../../testing/start-test-table.ts'
import type { Item } from './attributes.ts'
import { createIssuerHints } from './issuer-hint.ts'
import { createPolicyCache } from './policy-cache.ts'
import { createReadFacts } from './read-facts.ts'

const NOON = new Date('2026-06-01T12:00:00Z').getTime()
const SOON = 6999
const LATER = 7000

let table: TestTable
let worlds = 0
let records: WorldRecords
let items: WorldItems
let time: { now: number }
/** One process that has just read everything and remembers the issuer. */
let read: () => Promise<{ facts: RegistryFacts; rounds: number }>

beforeAll(async () => {
  table = await startTestTable()
})
afterAll(() => table.stop())
beforeEach(async () => {
  records = describeWorld(`tenant-${++worlds}`)
  items = worldItems(records)
  time = { now: NOON }
  await put(...plainDevice(items), ...groupsAndSession(items))
  const { readFacts, rememberIssuer } = createReadFacts({
    client: table.client,
    tableName: table.tableName,
    issuerHints: createIssuerHints(),
    policyCache: createPolicyCache(),
    clock: () => new Date(time.now),
  })
  rememberIssuer(records.issuerHint, records)
  const { certificateId, issuerHint } = records
  read = async () => {
    const deadline = new Date(time.now + 30_000)
    const query = { certificateId, issuerHint, serialNumber: 'abc', deadline }
    const { facts, cost } = await readFacts({ ...query, thingName: THING, roleAlias: ALIAS })
    return { facts, rounds: cost.rounds }
  }
  await read()
})

const put = (...rows: readonly Item[]) => putItems(table, ...rows)
const remove = (row: Item) => removeItem(table, keyOf(row))
const effectOf = ({ facts }: { facts: RegistryFacts }, policyName: string) =>
  facts.policies.find((policy) => policy.policyName === policyName)?.document?.statements[0]?.effect
const namesOf = ({ facts }: { facts: RegistryFacts }) =>
  facts.policies.map(({ policyName }) => policyName)

test.each([
  ['the certificate', OWN_POLICY],
  ['a group', GROUP_POLICY],
])('an edited document of %s is believed for less than seven seconds more', async (_, name) => {
  await put(items.policy(name, DENY_ALL))
  time.now += SOON
  const before = await read()
  expect(effectOf(before, name)).toBe('Allow')
  expect(before.rounds).toBe(1)
  time.now = NOON + LATER
  expect(effectOf(await read(), name)).toBe('Deny')
})

test('a policy detached from the certificate is gone at once', async () => {
  await remove(items.policyEdge(items.target.certificate, OWN_POLICY))
  expect(namesOf(await read())).toEqual([GROUP_POLICY, PARENT_POLICY])
})

test('a policy attached to the certificate is there at once', async () => {
  await put(
    items.policy(SESSION_POLICY),
    items.policyEdge(items.target.certificate, SESSION_POLICY),
  )
  expect(namesOf(await read())).toContain(SESSION_POLICY)
})

test('a session policy detached from the alias is gone at once', async () => {
  await remove(items.policyEdge(items.target.alias, SESSION_POLICY))
  const { facts } = await read()
  expect(facts.sessionPolicies).toEqual([])
})

test('a policy made again under the old name is read anew, not remembered', async () => {
  await put(items.policy(OWN_POLICY, DENY_ALL, 'second'))
  await put(items.policyEdge(items.target.certificate, OWN_POLICY, { generationId: 'second' }))
  const again = await read()
  expect(effectOf(again, OWN_POLICY)).toBe('Deny')
  expect(again.rounds).toBe(2)
})

test('a policy detached from a group counts for less than seven seconds more', async () => {
  await remove(items.policyEdge(items.target.group(GROUP), GROUP_POLICY))
  time.now += SOON
  expect(namesOf(await read())).toContain(GROUP_POLICY)
  time.now = NOON + LATER
  expect(namesOf(await read())).not.toContain(GROUP_POLICY)
})

test('a policy attached to a group counts within seven seconds', async () => {
  await put(items.policyEdge(items.target.group(GROUP), SESSION_POLICY))
  time.now += LATER
  expect(namesOf(await read())).toContain(SESSION_POLICY)
})

test('a group made again under the old name is not remembered for a thing that is in the new one', async () => {
  await put(items.group(GROUP, 'second'))
  await put({ ...items.thing([{ groupName: GROUP, groupId: 'second', through: GROUP }]) })
  await remove(items.policyEdge(items.target.group(GROUP), GROUP_POLICY))
  expect(namesOf(await read())).toEqual([OWN_POLICY])
})

test('a thing that left its group is out of it at once', async () => {
  await put(items.thing([]))
  expect(namesOf(await read())).toEqual([OWN_POLICY])
})

test('remembered edges of a group count only while their policies are remembered: no fault for what has gone since', async () => {
  const groupName = parseThingGroupName('site-b')!
  const joined = items.policyEdge(items.target.group(groupName), OWN_POLICY)
  time.now += 5000 // the group's edges outlive what is remembered of the policy
  await put(items.group(groupName), joined, items.thing([items.membership(groupName)]))
  await put(items.policyEdge(items.target.group(groupName), SESSION_POLICY)) // its policy is remembered as long as it
  expect(namesOf(await read())).toEqual([OWN_POLICY, OWN_POLICY, SESSION_POLICY])
  await remove(joined)
  await remove(items.policyEdge(items.target.certificate, OWN_POLICY))
  await remove(items.policy(OWN_POLICY))
  time.now = NOON + LATER
  expect(namesOf(await read())).toEqual([SESSION_POLICY])
})

test('what is remembered is dated before it was asked for, however long the answer took', async () => {
  time.now += LATER
  table.client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args)
      time.now += 1000
      return answer
    },
    { name: 'slow', step: 'initialize' },
  )
  await read() // three calls, then one for the policies and two for the groups, then one for the groups' policies
  table.client.middlewareStack.remove('slow')
  await put(items.policy(OWN_POLICY, DENY_ALL))
  time.now = NOON + LATER + 3000 + LATER
  expect(effectOf(await read(), OWN_POLICY)).toBe('Deny')
})
