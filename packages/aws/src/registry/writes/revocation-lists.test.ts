import { randomUUID } from 'node:crypto'
import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
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
import type { Item } from '../attributes.ts'
import { createIssuerHints } from '../issuer-hint.ts'
import { shardOf } from '../items/revocation-shard.ts'
import { encodeRevocationUpload } from '../items/revocation-upload.ts'
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

const writesOf = (client: DynamoDBClient = table.client, laterSeconds = 0) =>
  createRegistryWrites({
    ...{ client, tableName: table.tableName, newId: randomUUID },
    clock: () => new Date(NOON.getTime() + laterSeconds * 1000),
    actor: 'arn:aws:iam::123456789012:user/operator',
    pause: async () => undefined,
    timer: { milliseconds: () => 0, sleep: async () => undefined },
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
  const put = (
    number: bigint,
    serials: readonly string[],
    client?: DynamoDBClient,
    laterSeconds = 0,
  ) =>
    writesOf(client, laterSeconds).putRevocationList({
      ...ca.record,
      list: listOf(number, serials),
    })
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
    const items: Item[] = []
    const input = { TableName: table.tableName, ConsistentRead: true }
    for await (const page of paginateScan({ client: table.client }, input))
      items.push(...(page.Items ?? []))
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
      expect(await it.generations()).toBe(1)
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
    expect(await it.generations()).toBe(1)
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
    const cost = { ReturnConsumedCapacity: 'TOTAL' } as const
    const answer = await table.client.send(new BatchWriteItemCommand({ ...taken, ...cost }))
    return { ...answer, UnprocessedItems: { [table.tableName]: requests.slice(1) } }
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

describe('T28: one upload of a key at a time', () => {
  const reset = Object.assign(new Error('x'), { code: 'ECONNRESET' })
  const refused = { ok: false, conflict: 'list-being-put' }
  const changed = { ok: true, changed: true }

  /** A client whose process ends at a call: neither that nor any later one is made. */
  function dyingAt(isLast: (command: Command, number: number) => boolean): DynamoDBClient {
    let isDead = false
    let batches = 0
    const send = async (command: Command, options: object) => {
      if (isBatch(command)) batches += 1
      isDead ||= isLast(command, batches)
      if (isDead) throw reset
      return table.client.send(command as BatchWriteItemCommand, options)
    }
    return { send } as unknown as DynamoDBClient
  }
  const atSwitch = () => dyingAt(isSwitch)

  test('keeps others out for a minute where it has ended in between, and then is cleared away', async () => {
    const it = await begin()
    await expect(it.put(2n, NEW, atSwitch())).rejects.toMatchObject({ name: 'Fault' })
    expect(await it.generations()).toBe(2)
    expect(await it.put(3n, NEW)).toEqual(refused)
    expect(await it.put(3n, NEW, table.client, 59)).toEqual(refused)
    expect(await it.seen()).toEqual(OLD_COUNTS)
    expect(await it.put(3n, NEW, table.client, 60)).toEqual(changed)
    expect(await it.generations()).toBe(1)
    expect(await it.seen()).toEqual(NEW_COUNTS)
  })

  test('however often it ends, leaves rows of one upload beside those in force', async () => {
    const it = await begin()
    for (let which = 1; which < 7; which += 1) {
      const client = dyingAt((command, batches) => isBatch(command) && batches === which)
      await it.put(2n, NEW, client, which * 60).catch(() => undefined)
      expect(await it.generations()).toBeLessThanOrEqual(2)
    }
    expect(await it.put(2n, NEW, table.client, 600)).toEqual(changed)
    expect(await it.generations()).toBe(1)
    expect(await it.seen()).toEqual(NEW_COUNTS)
  })

  test('does not put its list in force once another has taken its place', async () => {
    const it = await begin()
    const client = clientWith(async (command, make) => {
      if (isSwitch(command)) expect(await it.put(3n, NEW, table.client, 60)).toEqual(changed)
      return make()
    })
    const other = NEW.map((serial) => `f${serial}`)
    expect(await it.put(5n, other, client)).toEqual(refused)
    expect(await it.seen()).toEqual(NEW_COUNTS)
    expect(await it.generations()).toBe(1)
  })

  test('is begun where the answer to its first row was lost, and the row sent again', async () => {
    const it = await begin()
    const client = {
      send: async (command: Command, options: object) => {
        const answer = await table.client.send(command as BatchWriteItemCommand, options)
        if (!(command instanceof PutItemCommand)) return answer
        throw new ConditionalCheckFailedException({ message: 'x', $metadata: {} })
      },
    } as unknown as DynamoDBClient
    expect(await it.put(2n, NEW, client)).toEqual(changed)
    expect(await it.seen()).toEqual(NEW_COUNTS)
  })

  test('never deletes rows of the list in force, whatever is on record', async () => {
    const it = await begin()
    const [row] = await it.rows()
    const wrong = encodeRevocationUpload({
      ...{ keySha256: it.ca.publicKeySha256, holderId: 'gone', heldUntil: NOON },
      ...{ generationId: row!.generationId!.S!, shards: new Uint8Array(512).fill(255) },
    })
    await table.client.send(new PutItemCommand({ TableName: table.tableName, Item: wrong }))
    await expect(it.put(2n, NEW, atSwitch())).rejects.toMatchObject({ name: 'Fault' })
    expect(await it.seen()).toEqual(OLD_COUNTS)
  })

  test('keeps others out while it writes', async () => {
    const it = await begin()
    const outcomes: unknown[] = []
    const client = clientWith(async (command, make) => {
      if (isBatch(command) && isPut(command)) outcomes.push(await it.put(3n, NEW, table.client, 59))
      return make()
    })
    expect(await it.put(2n, NEW, client)).toEqual(changed)
    expect(outcomes.length).toBeGreaterThan(3)
    for (const outcome of outcomes) expect(outcome).toEqual(refused)
  })

  test('that is refused at its end lets others upload at once, and leaves no rows', async () => {
    const it = await begin()
    const client = clientWith(async (command, make) => {
      if (isSwitch(command)) await it.writes.updateCa({ ...it.ca.record, status: 'INACTIVE' })
      if (isSwitch(command)) await it.writes.deleteCa(it.ca.record)
      return make()
    })
    expect(await it.put(2n, NEW, client)).toEqual({ ok: false, conflict: 'ca-unknown' })
    expect(await it.generations()).toBe(1)
    await it.writes.registerCa(it.ca)
    expect(await it.put(2n, NEW)).toEqual(changed)
  })
})

test('T38: an upload deletes two thousand units of the list before, and the next one the rest', async () => {
  const it = await begin()
  const many = Array.from({ length: 7000 }, (_, index) => `b${index.toString(16)}`)
  expect(await it.put(2n, many)).toEqual({ ok: true, changed: true })
  expect(await it.put(3n, NEW)).toEqual({ ok: true, changed: true })
  const inForce = new Set(NEW.map(shardOf)).size
  const left = (await it.rows()).length - inForce
  expect(left).toBeGreaterThan(new Set(many.map(shardOf)).size - 2200)
  expect(await it.generations()).toBe(2)
  expect(await it.seen()).toEqual(NEW_COUNTS)
  expect(await it.put(4n, NEW)).toEqual({ ok: true, changed: true })
  expect(await it.generations()).toBe(1)
  expect(await it.seen()).toEqual(NEW_COUNTS)
})

describe('T38: serial numbers that were sought for one shard', () => {
  // One serial number many times stands for many that share a shard.
  const ground = (count: number) => Array.from({ length: count }, () => 'f'.repeat(40))

  test('are refused before anything is written', async () => {
    const it = await begin()
    const writes: string[] = []
    const client = {
      send: async (command: Command, options: object) => {
        if (!/Get|Query/.test(command.constructor.name)) writes.push(command.constructor.name)
        return table.client.send(command as BatchWriteItemCommand, options)
      },
    } as unknown as DynamoDBClient
    const outcome = await it.put(2n, ground(2498), client)
    expect(outcome).toEqual({ ok: false, conflict: 'list-of-one-shard' })
    expect(writes).toEqual([])
    expect(await it.seen()).toEqual(OLD_COUNTS)
  })

  test('are taken up to 100 KB', async () => {
    const it = await begin()
    expect(await it.put(2n, ground(2497))).toEqual({ ok: true, changed: true })
    expect(await it.isRevoked('f'.repeat(40))).toBe(true)
  })
})
