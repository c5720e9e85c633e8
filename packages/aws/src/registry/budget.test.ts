import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb'
import { parseRegion } from '@thingpass/core/names'
import type { TakeFromBudget } from '@thingpass/core/ports'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeWorld } from '../../testing/facts-world.ts'
import { startTestTable, type TestTable } from '../../testing/start-test-table.ts'
import { createDynamoClient } from '../clients.ts'
import { createTakeFromBudget } from './budget.ts'
import { tenantKey } from './keys.ts'

const NOON = new Date('2030-01-01T12:00:00Z').getTime()

let table: TestTable
let worlds = 0
let world: ReturnType<typeof describeWorld>
let time: { now: number }

beforeAll(async () => {
  table = await startTestTable()
})
afterAll(() => table.stop())
beforeEach(() => {
  world = describeWorld(`tenant-${++worlds}`)
  time = { now: NOON }
})

type Rate = { readonly perSecond: number; readonly burst: number }

/** A process over the table, or over another client. */
function process(client: DynamoDBClient = table.client, tableName = table.tableName) {
  const take: TakeFromBudget = createTakeFromBudget({
    client,
    tableName,
    clock: () => new Date(time.now),
  })
  return (rateLimit: Rate, patienceMs = 30_000) =>
    take({ ...world.tenant, rateLimit }, new Date(time.now + patienceMs))
}

async function count(requests: readonly Promise<boolean>[]): Promise<number> {
  return (await Promise.all(requests)).filter(Boolean).length
}

const asked = async (take: ReturnType<typeof process>, rate: Rate, requests: number) => {
  let admitted = 0
  for (let index = 0; index < requests; index++) if (await take(rate)) admitted++
  return admitted
}

/** A client that counts its calls. */
function counting() {
  const client = createDynamoClient({
    region: parseRegion('us-east-1')!,
    endpoint: table.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const calls = { count: 0 }
  client.middlewareStack.add((next) => (args) => {
    calls.count++
    return next(args)
  })
  return { client, calls }
}

test('T38: several processes at once are admitted no more than burst + rate × window', async () => {
  const rate = { perSecond: 20, burst: 40 }
  const processes = Array.from({ length: 4 }, () => process())
  let admitted = 0
  for (let second = 0; second < 5; second++) {
    admitted += await count(
      processes.flatMap((take) => Array.from({ length: 15 }, () => take(rate))),
    )
    expect(admitted).toBeLessThanOrEqual(40 + 20 * second)
    time.now += 1000
  }
  expect(admitted).toBeGreaterThanOrEqual(30 + 20 * 3)
})

test('a large burst costs one write per batch, and the refusals after it none', async () => {
  const { client, calls } = counting()
  const take = process(client)
  const rate = { perSecond: 400, burst: 400 }
  await expect(asked(take, rate, 295)).resolves.toBe(295)
  expect(calls.count).toBeLessThanOrEqual(10)
  await asked(take, rate, 50)
  const writes = calls.count
  await expect(asked(take, rate, 1000)).resolves.toBe(0)
  expect(calls.count).toBe(writes)
  client.destroy()
})

test('T38: each of several tenants has a lease of its own in one process', async () => {
  const rate = { perSecond: 1, burst: 2 }
  const take = process()
  await expect(asked(take, rate, 5)).resolves.toBe(2)
  world = describeWorld(`tenant-${++worlds}`)
  await expect(asked(take, rate, 5)).resolves.toBe(2)
})

test('a raised rate counts after seconds, not when the old debt is over', async () => {
  const slow = { perSecond: 0.001, burst: 5 }
  const take = process()
  await expect(asked(take, slow, 6)).resolves.toBe(5) // the counter is now 5000 s ahead
  const raised = { perSecond: 10, burst: 5 }
  await expect(asked(take, raised, 1)).resolves.toBe(0)
  time.now += 5000
  await expect(asked(take, raised, 1)).resolves.toBe(0)
  time.now += 1000
  await expect(asked(take, raised, 5)).resolves.toBeGreaterThanOrEqual(1)
})

test('a lowered rate counts at once', async () => {
  const take = process()
  await asked(take, { perSecond: 100, burst: 100 }, 3)
  time.now += 100
  await expect(asked(take, { perSecond: 0.1, burst: 1 }, 3)).resolves.toBe(1)
})

test('keeps its counter beside the record of the tenant', async () => {
  await process()({ perSecond: 1, burst: 1 })
  const Key = { pk: { S: tenantKey(world.tenantId).pk }, sk: { S: 'BUDGET' } }
  const { Item } = await table.client.send(new GetItemCommand({ TableName: table.tableName, Key }))
  expect(Item).toEqual({
    ...Key,
    arrivalMicros: { N: String((NOON + 1000) * 1000) },
  })
})

test.each([
  ['no number', { arrivalMicros: { N: '1.5' } }],
  ['a text', { arrivalMicros: { S: 'x' } }],
])('a counter that is %s is a fault', async (_, attributes) => {
  const key = { pk: { S: tenantKey(world.tenantId).pk }, sk: { S: 'BUDGET' } }
  const Item = { ...key, ...attributes }
  await table.client.send(new PutItemCommand({ TableName: table.tableName, Item }))
  // An arrival that does not compare makes the condition fail, and what then comes back cannot be read.
  time.now = 0
  await expect(process()({ perSecond: 1, burst: 1 })).rejects.toMatchObject({
    code: 'REGISTRY_UNREADABLE',
    message: `the budget of tenant ${world.tenantId} is not a number`,
  })
})

const failed = (name: string, item?: object) =>
  Object.assign(new Error('x'), {
    name,
    $metadata: { httpStatusCode: 400 },
    $fault: 'client',
    item,
  })

test('a registry that fails is a fault, not a refusal and not an admission', async () => {
  const stub = (thrown: unknown) =>
    ({ send: () => Promise.reject(thrown) }) as unknown as DynamoDBClient
  const rate = { perSecond: 1, burst: 1 }
  const rows = [
    [failed('ProvisionedThroughputExceededException'), 'REGISTRY_THROTTLED'],
    [failed('ResourceNotFoundException'), 'REGISTRY_REFUSED'],
    [Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'REGISTRY_UNAVAILABLE'],
  ] as const
  for (const [thrown, code] of rows) {
    await expect(process(stub(thrown))(rate)).rejects.toMatchObject({ name: 'Fault', code })
  }
  const empty = { send: async () => ({}) } as unknown as DynamoDBClient
  await expect(process(empty)(rate)).rejects.toMatchObject({ code: 'REGISTRY_UNREADABLE' })
})

test('a counter that others write to every time is a fault after five attempts', async () => {
  const attempts: unknown[] = []
  const contended = {
    send: (command: unknown) => {
      attempts.push(command)
      const Item = { arrivalMicros: { N: String(NOON * 1000 + attempts.length) } }
      const message = 'The conditional request failed'
      return Promise.reject(
        new ConditionalCheckFailedException({ message, $metadata: { httpStatusCode: 400 }, Item }),
      )
    },
  } as unknown as DynamoDBClient
  await expect(process(contended)({ perSecond: 1, burst: 5 })).rejects.toMatchObject({
    code: 'REGISTRY_THROTTLED',
    message: `the budget of tenant ${world.tenantId} is contended`,
  })
  expect(attempts).toHaveLength(5)
})

test('a table that is not there is a fault', async () => {
  const take = process(table.client, 'another-table')
  await expect(take({ perSecond: 1, burst: 1 })).rejects.toThrow(
    /^UpdateItem failed: ResourceNotFoundException, status 400/,
  )
})

test('a registry that does not answer is a fault at the deadline', async () => {
  const send = () => Promise.withResolvers<never>().promise
  const silent = { send } as unknown as DynamoDBClient
  await expect(process(silent)({ perSecond: 1, burst: 1 }, 20)).rejects.toMatchObject({
    code: 'REGISTRY_TIMEOUT',
    message: `the budget of tenant ${world.tenantId} failed: TimeoutError`,
  })
})
