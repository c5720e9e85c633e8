import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ALIAS,
  describeWorld,
  groupsAndSession,
  inList,
  plainDevice,
  putItems,
  putMany,
  SERIAL_NUMBER,
  THING,
  thingNumber,
  type WorldItems,
  type WorldRecords,
  worldItems,
} from '../../testing/facts-world.ts'
import { startTestTable, type TestTable } from '../../testing/start-test-table.ts'
import { createIssuerHints } from './issuer-hint.ts'
import { createPolicyCache } from './policy-cache.ts'
import { createReadFacts } from './read-facts.ts'

const NOON = new Date('2026-06-01T12:00:00Z')

let table: TestTable
let worlds = 0
let records: WorldRecords
let items: WorldItems
let sent: { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[]

beforeAll(async () => {
  table = await startTestTable()
  table.client.middlewareStack.add(
    (next, context) => (args) => {
      sent.push({ name: context.commandName ?? '', input: { ...args.input } })
      return next(args)
    },
    { step: 'initialize' },
  )
})
afterAll(() => table.stop())
beforeEach(() => {
  sent = []
  records = describeWorld(`tenant-${++worlds}`)
  items = worldItems(records)
})

/** A process: it remembers between its reads. */
function process() {
  const { readFacts, rememberIssuer } = createReadFacts({
    client: table.client,
    tableName: table.tableName,
    issuerHints: createIssuerHints(),
    policyCache: createPolicyCache(),
    clock: () => NOON,
  })
  const costOf = async (names: object = { thingName: THING, roleAlias: ALIAS }) => {
    const deadline = new Date(NOON.getTime() + 30_000)
    const { certificateId, issuerHint } = records
    const query = { certificateId, issuerHint, serialNumber: SERIAL_NUMBER, deadline }
    const { cost } = await readFacts({ ...query, ...names })
    return cost
  }
  const remember = (issuer: WorldRecords & { revocationListKey?: string } = records) =>
    rememberIssuer(records.issuerHint, issuer)
  return { costOf, remember }
}

/** What each state of memory costs: nothing known, policies known, all known, and a wrong hint. */
async function costs({ listed: isListed = false } = {}) {
  const { costOf, remember } = process()
  const cold = await costOf()
  const policiesKnown = await costOf()
  remember(isListed ? { ...records, revocationListKey: records.issuerKeySha256 } : records)
  const warm = await costOf()
  const misled = process()
  misled.remember(describeWorld('somebody-else'))
  const wrongHint = await misled.costOf()
  const otherCa = process()
  otherCa.remember({ ...records, caCertificateId: describeWorld('somebody-else').caCertificateId })
  const wrongCa = await otherCa.costOf()
  return { cold, policiesKnown, warm, wrongHint, wrongCa }
}

// Strongly consistent: one unit per 4 KB and item, or per Query of up to 4 KB; a missing item costs a unit too.
const PLAIN = {
  // certificate; thing edge — alias, shard; tenant, CA, list, thing, policy. Whether the CA has a list is not known yet.
  cold: { rounds: 2, calls: 5, capacityUnits: 9 },
  policiesKnown: { rounds: 2, calls: 5, capacityUnits: 8 },
  // certificate, alias; thing edge, tenant, CA, thing
  warm: { rounds: 1, calls: 3, capacityUnits: 6 },
  // the same in vain (tenant, CA, thing, alias), then as if cold
  wrongHint: { rounds: 2, calls: 6, capacityUnits: 13 },
  // nothing that was read under a wrong hint is used, though the tenant was the right one
  wrongCa: { rounds: 2, calls: 6, capacityUnits: 13 },
}

const WITH_GROUPS = {
  // … — session policy, two groups — two group policies
  cold: { rounds: 4, calls: 9, capacityUnits: 14 },
  policiesKnown: { rounds: 2, calls: 5, capacityUnits: 8 },
  warm: { rounds: 1, calls: 3, capacityUnits: 6 },
  wrongHint: { rounds: 4, calls: 10, capacityUnits: 18 },
  wrongCa: { rounds: 4, calls: 10, capacityUnits: 18 },
}

/** With a revocation list only the warm request costs more: a call for the shard, and a unit each for it and for the list. */
const listed = (costs: typeof PLAIN) => ({
  ...costs,
  warm: { rounds: 1, calls: 4, capacityUnits: 8 },
})

/** Where the certificate's record does not say which key its CA has, nothing is read in case it should have a list. */
const EARLIER = {
  cold: { rounds: 2, calls: 4, capacityUnits: 7 },
  policiesKnown: { rounds: 2, calls: 4, capacityUnits: 6 },
  warm: { rounds: 1, calls: 3, capacityUnits: 6 },
  wrongHint: { rounds: 2, calls: 5, capacityUnits: 11 },
  wrongCa: { rounds: 2, calls: 5, capacityUnits: 11 },
}

/** … — list, shard: only the CA tells that there is one. */
const EARLIER_LISTED = {
  cold: { rounds: 3, calls: 6, capacityUnits: 9 },
  policiesKnown: { rounds: 3, calls: 6, capacityUnits: 8 },
  warm: { rounds: 1, calls: 4, capacityUnits: 8 },
  wrongHint: { rounds: 3, calls: 7, capacityUnits: 13 },
  wrongCa: { rounds: 3, calls: 7, capacityUnits: 13 },
}

describe('the cost of a request', () => {
  test('is one round for a plain device when all is known', async () => {
    await putItems(table, ...plainDevice(items))
    await expect(costs()).resolves.toEqual(PLAIN)
  })

  test('is one round with groups and a session policy when all is known, four otherwise', async () => {
    await putItems(table, ...plainDevice(items), ...groupsAndSession(items))
    await expect(costs()).resolves.toEqual(WITH_GROUPS)
  })

  test('T28: is one round when all is known of a device whose CA has a revocation list', async () => {
    await putItems(table, ...plainDevice(items), ...inList(items))
    await expect(costs({ listed: true })).resolves.toEqual(listed(PLAIN))
    await putItems(table, ...groupsAndSession(items))
    await expect(costs({ listed: true })).resolves.toEqual(listed(WITH_GROUPS))
  })

  test('T28: is a round more where a hint from before the first list holds', async () => {
    await putItems(table, ...plainDevice(items), ...inList(items))
    const { costOf, remember } = process()
    await costOf()
    remember()
    await expect(costOf()).resolves.toEqual({ rounds: 2, calls: 5, capacityUnits: 8 })
  })

  test('T28: is no round more than four for a record from before there were lists', async () => {
    await putItems(table, ...plainDevice(items), items.certificate({}, false))
    await expect(costs()).resolves.toEqual(EARLIER)
    await putItems(table, ...inList(items))
    await expect(costs({ listed: true })).resolves.toEqual(EARLIER_LISTED)
    await putItems(table, ...groupsAndSession(items))
    // The list is read beside the session policy and the two groups.
    const { cold } = await costs({ listed: true })
    expect(cold).toEqual({ rounds: 4, calls: 9, capacityUnits: 14 })
  })

  test('T28: is the same for lists of one entry and of a hundred thousand', async () => {
    await putItems(table, ...plainDevice(items), ...inList(items))
    // 100,000 serial numbers of 20 octets make some 25 in each of 4096 shards.
    const serialNumbers = Array.from({ length: 40 }, (_, index) => `${index + 10}${'f'.repeat(38)}`)
    await putItems(table, items.revocationShard({ serialNumbers }))
    await expect(costs({ listed: true })).resolves.toEqual(listed(PLAIN))
  })

  test('is the same for a certificate with ten thousand things', async () => {
    await putItems(table, ...plainDevice(items))
    const edges = Array.from({ length: 10_000 }, (_, index) =>
      items.thingEdge({ thingName: thingNumber(index), thingId: `thing-${index}` }),
    )
    await putMany(table, edges)
    await expect(costs()).resolves.toEqual(PLAIN)
  }, 60_000)

  test('holds nothing for a thing or an alias that the request does not name', async () => {
    await putItems(table, ...plainDevice(items))
    const { costOf, remember } = process()
    // certificate — shard; tenant, CA, list, policy
    await expect(costOf({})).resolves.toEqual({ rounds: 2, calls: 3, capacityUnits: 6 })
    remember()
    // certificate; tenant, CA
    await expect(costOf({})).resolves.toEqual({ rounds: 1, calls: 2, capacityUnits: 3 })
  })

  test('is one round for a certificate that nobody knows', async () => {
    const { costOf } = process()
    await expect(costOf()).resolves.toEqual({ rounds: 1, calls: 2, capacityUnits: 2 })
  })
})

test('T27: every read is strongly consistent, and asks for what it costs', async () => {
  await putItems(table, ...plainDevice(items), ...groupsAndSession(items))
  sent = []
  await process().costOf()
  expect(new Set(sent.map(({ name }) => name))).toEqual(
    new Set(['QueryCommand', 'BatchGetItemCommand']),
  )
  for (const { name, input } of sent) {
    const read = name === 'QueryCommand' ? input : Object.values(input.RequestItems as object)[0]
    expect(read).toMatchObject({ ConsistentRead: true })
    expect(input).toMatchObject({ ReturnConsumedCapacity: 'TOTAL' })
  }
})
