import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BatchGetItemCommand, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import type { FaultCode } from '@thingpass/core/fault'
import { parseRegion } from '@thingpass/core/names'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ALIAS,
  describeWorld,
  groupsAndSession,
  plainDevice,
  putItems,
  THING,
  type WorldItems,
  type WorldRecords,
  worldItems,
} from '../../testing/facts-world.ts'
import { startTestTable, type TestTable } from '../../testing/start-test-table.ts'
import { createDynamoClient, REGISTRY_LIMITS } from '../clients.ts'
import { createIssuerHints } from './issuer-hint.ts'
import { createPolicyCache } from './policy-cache.ts'
import { createReadFacts } from './read-facts.ts'

const NOON = new Date('2026-06-01T12:00:00Z')

let table: TestTable
let records: WorldRecords
let items: WorldItems

beforeAll(async () => {
  table = await startTestTable()
  records = describeWorld('acme')
  items = worldItems(records)
  await putItems(table, ...plainDevice(items), ...groupsAndSession(items))
})
afterAll(() => table.stop())

type Answer = Record<string, unknown>
type Change = (answer: Answer) => unknown
type Operation = 'Query' | 'BatchGetItem'

let calls: number
beforeEach(() => {
  calls = 0
})

/** The table's client, with the answer to the n-th call of one operation changed; from 1. */
function clientWith(operation: Operation, change: Change, which = 1): DynamoDBClient {
  let seen = 0
  const kind = { Query: QueryCommand, BatchGetItem: BatchGetItemCommand }[operation]
  const send = async (command: QueryCommand, options: object) => {
    calls++
    const changed = command instanceof kind && ++seen === which
    const answer = (await table.client.send(command, options)) as unknown as Answer
    return changed ? change(answer) : answer
  }
  return { send } as unknown as DynamoDBClient
}

function read(client: DynamoDBClient, patienceMs = 30_000, tableName = table.tableName) {
  const { readFacts } = createReadFacts({
    client,
    tableName,
    issuerHints: createIssuerHints(),
    policyCache: createPolicyCache(),
    clock: () => NOON,
  })
  const { certificateId, issuerHint } = records
  const deadline = new Date(NOON.getTime() + patienceMs)
  const query = { certificateId, issuerHint, serialNumber: 'abc', deadline }
  return readFacts({ ...query, thingName: THING, roleAlias: ALIAS })
}

const fail = (thrown: unknown) => () => {
  throw thrown
}
const answered = (name: string, status = 400) =>
  Object.assign(new Error(`secret of ${name}`), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: status },
  })
const network = (code: string) => Object.assign(new Error('x'), { code })

const failures: readonly (readonly [string, Change, FaultCode])[] = [
  ['throttled', fail(answered('ProvisionedThroughputExceededException')), 'REGISTRY_THROTTLED'],
  ['reset', fail(network('ECONNRESET')), 'REGISTRY_UNAVAILABLE'],
  ['a server error', fail(answered('InternalServerError', 500)), 'REGISTRY_UNAVAILABLE'],
  ['refused', fail(answered('AccessDeniedException')), 'REGISTRY_REFUSED'],
  ['a timeout', fail(answered('TimeoutError')), 'REGISTRY_TIMEOUT'],
  ['an empty answer', () => ({}), 'REGISTRY_UNREADABLE'],
]

// Every call of a cold request: three Queries, one of them of the revocation list, and two BatchGetItems, then groups and their policies.
const everyCall: readonly (readonly [Operation, number])[] = [
  ['Query', 1],
  ['Query', 2],
  ['Query', 3],
  ['Query', 4],
  ['Query', 5],
  ['BatchGetItem', 1],
  ['BatchGetItem', 2],
  ['BatchGetItem', 3],
  ['BatchGetItem', 4],
]

describe.each(everyCall)('%s number %i', (operation, which) => {
  test.each(failures)('%s: a fault', async (_, change, code) => {
    const reading = read(clientWith(operation, change, which))
    await expect(reading).rejects.toMatchObject({ name: 'Fault', code })
  })
})

test('a cold request makes no call that the table above leaves out', async () => {
  await read(clientWith('Query', (answer) => answer))
  expect(calls).toBe(everyCall.length)
})

const malformed: readonly (readonly [string, Operation, Change, FaultCode, string])[] = [
  [
    'a second page',
    'Query',
    (answer) => ({ ...answer, LastEvaluatedKey: { pk: { S: 'x' } } }),
    'REGISTRY_UNREADABLE',
    'Query answered with more than one page',
  ],
  [
    'items that are no list',
    'Query',
    () => ({ Items: 'x' }),
    'REGISTRY_UNREADABLE',
    'Query answered with no items',
  ],
  [
    'an item of another partition',
    'Query',
    (answer) => ({ ...answer, Items: [items.tenant()] }),
    'REGISTRY_UNREADABLE',
    'Query answered with items that were not asked for',
  ],
  [
    'an item without a key',
    'Query',
    (answer) => ({ ...answer, Items: [{}] }),
    'REGISTRY_UNREADABLE',
    'Query answered with items that were not asked for',
  ],
  [
    'unprocessed keys',
    'BatchGetItem',
    (answer) => ({ ...answer, UnprocessedKeys: { registry: { Keys: [] } } }),
    'REGISTRY_THROTTLED',
    'BatchGetItem left keys unprocessed',
  ],
  [
    'an answer for another table',
    'BatchGetItem',
    () => ({ Responses: { another: [] } }),
    'REGISTRY_UNREADABLE',
    'BatchGetItem answered with no items',
  ],
  [
    'an item that was not asked for',
    'BatchGetItem',
    () => ({ Responses: { registry: [items.tenant()] } }),
    'REGISTRY_UNREADABLE',
    'BatchGetItem answered with items that were not asked for',
  ],
  [
    'an item without a key',
    'BatchGetItem',
    () => ({ Responses: { registry: [{ ...items.thingEdge(), pk: undefined }] } }),
    'REGISTRY_UNREADABLE',
    'BatchGetItem answered with items that were not asked for',
  ],
]

test.each(malformed)('%s in the answer to %s is a fault', async (...row) => {
  const [, operation, change, code, message] = row
  const reading = read(clientWith(operation, change))
  await expect(reading).rejects.toMatchObject({ name: 'Fault', code, message })
})

test('an answer without capacity figures costs nothing and is whole', async () => {
  const without: Change = ({ ConsumedCapacity: _, ...answer }) => answer
  const { cost, facts } = await read(clientWith('BatchGetItem', without))
  expect(facts.certificate).toEqual(records.certificate)
  expect(cost.capacityUnits).toBe(13)
})

test('the fault of a failed call shows nothing of what the service said', async () => {
  const fault = await read(clientWith('Query', fail(answered('ValidationException')))).catch(
    (thrown: Error) => thrown,
  )
  expect((fault as Error).message).toBe('Query failed: ValidationException, status 400')
  expect((fault as Error).cause).toBeUndefined()
})

test('several calls that fail at once are one fault and no unhandled rejection', async () => {
  const broken = { send: () => Promise.reject(network('ECONNRESET')) } as unknown as DynamoDBClient
  await expect(read(broken)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
  await new Promise((resolve) => setImmediate(resolve)) // an unhandled rejection would fail the run
})

test('a call that fails aborts those beside it', async () => {
  const signals: AbortSignal[] = []
  const send = (command: unknown, { abortSignal }: { abortSignal: AbortSignal }) => {
    signals.push(abortSignal)
    return command instanceof QueryCommand
      ? Promise.reject(network('ECONNRESET'))
      : Promise.withResolvers<never>().promise
  }
  await expect(read({ send } as unknown as DynamoDBClient)).rejects.toThrow()
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
})

test('nothing is asked when the deadline has come', async () => {
  await expect(
    read(
      clientWith('Query', (answer) => answer),
      0,
    ),
  ).rejects.toMatchObject({
    code: 'REGISTRY_TIMEOUT',
  })
  expect(calls).toBe(0)
})

test('a registry that does not answer is a fault at the deadline, with its own client', async () => {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const client = createDynamoClient(
    {
      region: parseRegion('us-east-1')!,
      endpoint: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    { ...REGISTRY_LIMITS, requestMs: 60_000, socketMs: 60_000 },
  )
  await expect(read(client, 30)).rejects.toMatchObject({ code: 'REGISTRY_TIMEOUT' })
  client.destroy()
  silent.closeAllConnections()
  await new Promise((resolve) => silent.close(resolve))
})

test('a table that is not there is a fault', async () => {
  await expect(read(table.client, 30_000, 'another-table')).rejects.toMatchObject({
    code: 'REGISTRY_REFUSED',
  })
})
