import { randomUUID } from 'node:crypto'
import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { parseCaCertificateId, parseCertificateId, parseTenantId } from '@thingpass/core/names'
import type { NewCa } from '@thingpass/core/registry-writes/cas'
import type { NewRevocationList } from '@thingpass/core/registry-writes/revocation-lists'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findContradictions } from '../../../testing/registry-contradictions.ts'
import { readRegistry } from '../../../testing/registry-walk.ts'
import { startTestTable, type TestTable } from '../../../testing/start-test-table.ts'
import { createIssuerHints } from '../issuer-hint.ts'
import { createPolicyCache } from '../policy-cache.ts'
import { createReadFacts } from '../read-facts.ts'
import { createRegistryWrites } from '../registry-writes.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const NEXT_UPDATE = new Date('2026-06-08T00:00:00Z')
const tenantId = parseTenantId('acme')!

let table: TestTable
beforeAll(async () => {
  table = await startTestTable()
})
afterAll(() => table.stop())

let last = 0
const newDigest = () => {
  last += 1
  return last.toString(16).padStart(64, '0')
}

type Command = { readonly input: object }
/** What becomes of one call: it is made, or not, or its answer is lost. */
type Meddle = (command: Command, make: () => Promise<object>, number: number) => Promise<object>

/** A client whose batch writes and transactions go through `meddle`, each kind counted from 1. */
function clientWith(meddle: Meddle): DynamoDBClient {
  const seen = { batch: 0, transaction: 0 }
  const send = async (command: Command, options: object) => {
    const make = () => table.client.send(command as BatchWriteItemCommand, options)
    if (command instanceof BatchWriteItemCommand) return meddle(command, make, ++seen.batch)
    if (command instanceof TransactWriteItemsCommand)
      return meddle(command, make, ++seen.transaction)
    return make()
  }
  return { send } as unknown as DynamoDBClient
}

const isBatch = (command: Command) => command instanceof BatchWriteItemCommand
const isPut = (command: Command) => JSON.stringify(command.input).includes('PutRequest')
const isSwitch = (command: Command) => command instanceof TransactWriteItemsCommand

const writesOf = (client: DynamoDBClient = table.client) =>
  createRegistryWrites({
    ...{ client, tableName: table.tableName, clock: () => NOON, newId: randomUUID },
    actor: 'arn:aws:iam::123456789012:user/operator',
    pause: async () => undefined,
  })

/** Serial numbers of one list, enough for several batches; no two lists have one in common. */
const serialsOf = (list: number) =>
  Array.from({ length: 120 }, (_, index) => `${list}${(index + 16).toString(16)}`)
const OLD = serialsOf(1)
const NEW = serialsOf(2)

/** A CA with a device and the list OLD in force. */
async function begin() {
  const ca: NewCa = {
    record: {
      tenantId,
      caCertificateId: parseCaCertificateId(newDigest())!,
      status: 'ACTIVE',
      publicKey: new Uint8Array([48]),
    },
    ...{ certificateMode: 'DEFAULT', autoRegistration: false },
    ...{ publicKeySha256: newDigest(), subjectSha256: newDigest() },
  }
  const { caCertificateId } = ca.record
  const certificateId = parseCertificateId(newDigest())!
  const writes = writesOf()
  await writes.registerCa(ca)
  const registration = { kind: 'ca', caCertificateId } as const
  await writes.registerCertificate({ tenantId, certificateId, registration, status: 'ACTIVE' })
  const listOf = (number: bigint, serials: readonly string[]): NewRevocationList => ({
    ...{ number, thisUpdate: NOON, nextUpdate: NEXT_UPDATE, graceSeconds: 0 },
    ...{ entryCount: serials.length, sha256: number.toString(16).padStart(64, '0') },
    ...{ issuerSha256: ca.subjectSha256, serialNumbers: () => serials },
  })
  const put = (number: bigint, serials: readonly string[], client?: DynamoDBClient) =>
    writesOf(client).putRevocationList({ ...ca.record, list: listOf(number, serials) })
  const look = async (serialNumber: string) => {
    const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
    const { client, tableName } = table
    const { readFacts } = createReadFacts({ client, tableName, ...memory, clock: () => NOON })
    const deadline = new Date(NOON.getTime() + 3000)
    const query = { certificateId, issuerHint: 'hint', serialNumber, deadline }
    return readFacts(query)
  }
  const isRevoked = async (serialNumber: string) =>
    (await look(serialNumber)).facts.revocation?.revoked
  /** Which list is in force as devices see it, wholly. */
  const seen = async () => {
    const ends = [OLD[0], OLD.at(-1), NEW[0], NEW.at(-1)]
    const verdicts = await Promise.all(ends.map((serial) => isRevoked(serial!)))
    return { old: verdicts.slice(0, 2), new: verdicts.slice(2) }
  }
  const rows = async () => {
    const { Items: items = [] } = await table.client.send(
      new ScanCommand({ TableName: table.tableName, ConsistentRead: true }),
    )
    return items.filter(
      ({ kind, keySha256 }) =>
        kind?.S === 'revocation-shard' && keySha256?.S === ca.publicKeySha256,
    )
  }
  const generations = async () => new Set((await rows()).map((row) => row.generationId?.S)).size
  expect(await put(1n, OLD)).toEqual({ ok: true, changed: true })
  return { ca, put, seen, rows, generations, look, isRevoked, writes }
}

const OLD_COUNTS = { old: [true, true], new: [false, false] }
const NEW_COUNTS = { old: [false, false], new: [true, true] }
const contradictions = async (options = {}) =>
  findContradictions(await readRegistry(table.client, table.tableName), options)

test('T28: the old list counts until the one write after which the new one does', async () => {
  const it = await begin()
  const before: object[] = []
  const after: object[] = []
  const client = clientWith(async (command, make) => {
    const isAfter = isBatch(command) && !isPut(command)
    if (!isAfter) before.push(await it.seen())
    const answer = await make()
    if (!isSwitch(command) && !isAfter) before.push(await it.seen())
    else after.push(await it.seen())
    return answer
  })
  expect(await it.put(2n, NEW, client)).toEqual({ ok: true, changed: true })
  expect(before.length).toBeGreaterThan(6)
  for (const each of before) expect(each).toEqual(OLD_COUNTS)
  expect(after.length).toBeGreaterThan(2)
  for (const each of after) expect(each).toEqual(NEW_COUNTS)
  expect(await it.generations()).toBe(1)
  expect(await contradictions()).toEqual([])
})

describe('T28: an upload that is interrupted', () => {
  const reset = Object.assign(new Error('x'), { code: 'ECONNRESET' })
  const puts = Math.ceil(NEW.length / 25)

  test.each(Array.from({ length: puts - 1 }, (_, index) => index + 1))(
    'at batch %i of its rows leaves the old list in force',
    async (which) => {
      const it = await begin()
      const client = clientWith(async (command, make, number) => {
        if (isBatch(command) && number === which) throw reset
        return make()
      })
      await expect(it.put(2n, NEW, client)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
      expect(await it.seen()).toEqual(OLD_COUNTS)
      expect(await it.put(2n, NEW)).toEqual({ ok: true, changed: true })
      expect(await it.seen()).toEqual(NEW_COUNTS)
      expect(await contradictions({ interrupted: true })).toEqual([])
    },
  )

  test('before the switch leaves the old list in force, and can be made again', async () => {
    const it = await begin()
    const client = clientWith(async (command, make) => {
      if (isSwitch(command)) throw reset
      return make()
    })
    await expect(it.put(2n, NEW, client)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
    expect(await it.seen()).toEqual(OLD_COUNTS)
    expect(await it.generations()).toBe(2)
    expect(await it.put(2n, NEW)).toEqual({ ok: true, changed: true })
    expect(await it.seen()).toEqual(NEW_COUNTS)
  })

  test('behind the switch keeps the rows that count', async () => {
    const it = await begin()
    const client = clientWith(async (command, make) => {
      const answer = await make()
      if (isSwitch(command)) throw reset
      return answer
    })
    await expect(it.put(2n, NEW, client)).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' })
    expect(await it.seen()).toEqual(NEW_COUNTS)
    expect(await it.put(2n, NEW)).toEqual({ ok: true, changed: false })
    expect(await it.seen()).toEqual(NEW_COUNTS)
    expect(await contradictions({ interrupted: true })).toEqual([])
  })

  test('behind the switch, as the service tells it of a second attempt, is done', async () => {
    const it = await begin()
    const client = clientWith(async (command, make) => {
      const answer = await make()
      if (!isSwitch(command)) return answer
      const CancellationReasons = [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }]
      throw new TransactionCanceledException({ message: 'x', $metadata: {}, CancellationReasons })
    })
    expect(await it.put(2n, NEW, client)).toEqual({ ok: true, changed: true })
    expect(await it.seen()).toEqual(NEW_COUNTS)
    expect(await contradictions({ interrupted: true })).toEqual([])
  })

  test('while old rows are deleted is done, and what is left does not count', async () => {
    const it = await begin()
    const client = clientWith(async (command, make) => {
      if (isBatch(command) && !isPut(command)) throw reset
      return make()
    })
    expect(await it.put(2n, NEW, client)).toEqual({ ok: true, changed: true })
    expect(await it.generations()).toBe(2)
    expect(await it.seen()).toEqual(NEW_COUNTS)
  })
})

test('T28: rows that the service did not take are sent until it has, and only then the list counts', async () => {
  const it = await begin()
  let refused = 0
  const client = clientWith(async (command, make) => {
    if (!(isBatch(command) && isPut(command)) || refused >= 47) return make()
    refused += 1
    const { RequestItems: all = {} } = (command as BatchWriteItemCommand).input
    const requests = all[table.tableName] ?? []
    const taken = { RequestItems: { [table.tableName]: requests.slice(0, 1) } }
    await table.client.send(new BatchWriteItemCommand(taken))
    return { UnprocessedItems: { [table.tableName]: requests.slice(1) } }
  })
  expect(await it.put(2n, NEW, client)).toEqual({ ok: true, changed: true })
  expect(refused).toBe(47)
  for (const serial of NEW) expect(await it.isRevoked(serial)).toBe(true)
  expect(await contradictions({ interrupted: true })).toEqual([])
})

test('T28: a throttled batch is sent again, and one that never gets through leaves the old list', async () => {
  const it = await begin()
  const throttled = Object.assign(new Error('x'), {
    name: 'ProvisionedThroughputExceededException',
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
  })
  const throttling = (times: number) => {
    let left = times
    return clientWith(async (command, make) => {
      if (!isBatch(command) || left === 0) return make()
      left -= 1
      throw throttled
    })
  }
  const never = it.put(2n, NEW, throttling(Number.POSITIVE_INFINITY))
  await expect(never).rejects.toMatchObject({
    code: 'REGISTRY_THROTTLED',
    message: 'BatchWriteItem left rows unwritten 40 times',
  })
  expect(await it.seen()).toEqual(OLD_COUNTS)
  expect(await it.put(2n, NEW, throttling(39))).toEqual({ ok: true, changed: true })
  expect(await it.seen()).toEqual(NEW_COUNTS)
})

test('T28: a row expires only when its list has, even with the longest grace', async () => {
  const it = await begin()
  const THIRTY_DAYS = 2_592_000
  const DAY = 86_400
  const expiries = new Set((await it.rows()).map((row) => Number(row.expiresAt?.N)))
  expect(expiries).toEqual(new Set([NEXT_UPDATE.getTime() / 1000 + THIRTY_DAYS + DAY]))
})

test('a certificate says at its registration which key its CA has, so that a list is read beside the CA', async () => {
  const { look } = await begin()
  expect((await look(OLD[0]!)).cost).toMatchObject({ rounds: 2, calls: 3 })
})

test('a list that never ends has rows that never do', async () => {
  const it = await begin()
  const { ca, writes } = it
  const nextUpdate = new Date('9999-12-31T23:59:59Z')
  const list = {
    ...{ number: 2n, thisUpdate: NOON, nextUpdate, graceSeconds: 0, entryCount: 1 },
    ...{ sha256: newDigest(), issuerSha256: ca.subjectSha256, serialNumbers: () => ['a'] },
  }
  await writes.putRevocationList({ ...ca.record, list })
  const [row] = await it.rows()
  expect(row?.expiresAt?.N).toBe('253402300799')
  expect(await it.isRevoked('a')).toBe(true)
})
