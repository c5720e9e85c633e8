import type { RevocationFacts } from '@thingpass/core/revocation'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  describeWorld,
  inList,
  keyOf,
  plainDevice,
  putItems,
  removeItem,
  SERIAL_NUMBER,
  type WorldItems,
  type WorldRecords,
  worldItems,
} from '../../testing/facts-world.ts'
import { startTestTable, type TestTable } from '../../testing/start-test-table.ts'
import type { Item } from './attributes.ts'
import { createIssuerHints } from './issuer-hint.ts'
import { SHARD_SET_BYTES, shardOf, shardSetOf } from './items/revocation-shard.ts'
import { createPolicyCache } from './policy-cache.ts'
import { createReadFacts } from './read-facts.ts'

const NOON = new Date('2026-06-01T12:00:00Z')

let table: TestTable
let worlds = 0
let records: WorldRecords
let items: WorldItems

beforeAll(async () => {
  table = await startTestTable()
})
afterAll(() => table.stop())
beforeEach(async () => {
  records = describeWorld(`tenant-${++worlds}`)
  items = worldItems(records)
  await put(...plainDevice(items), ...inList(items))
})

const put = (...rows: readonly Item[]) => putItems(table, ...rows)
const remove = (row: Item) => removeItem(table, keyOf(row))

/** Reads as a process does that remembers an issuer with such a list, or nothing. */
async function read(remembered?: { readonly revocationListKey?: string }, serial = SERIAL_NUMBER) {
  const { readFacts, rememberIssuer } = createReadFacts({
    client: table.client,
    tableName: table.tableName,
    issuerHints: createIssuerHints(),
    policyCache: createPolicyCache(),
    clock: () => NOON,
  })
  const { certificateId, issuerHint } = records
  if (remembered) rememberIssuer(issuerHint, { ...records, ...remembered })
  const deadline = new Date(NOON.getTime() + 30_000)
  const { facts } = await readFacts({ certificateId, issuerHint, serialNumber: serial, deadline })
  return facts
}

const revocationOf = async (...asked: Parameters<typeof read>) => (await read(...asked)).revocation
const named = { revoked: true }
const other = 'ff'.repeat(32)

/** What a process may remember of the issuer: none of it may change what is found. */
const memories: readonly (readonly [
  string,
  { readonly revocationListKey?: string } | undefined,
])[] = [
  ['nothing', undefined],
  ['a CA without a list', {}],
  ['the key of another CA', { revocationListKey: other }],
]
const allMemories = () => [
  ...memories,
  ['the key', { revocationListKey: records.issuerKeySha256 }] as const,
]
const each = async (check: (memory: Parameters<typeof read>[0]) => Promise<void>) => {
  for (const [, memory] of allMemories()) await check(memory)
}

test('T27: what the list names is found, whatever is remembered of the issuer', async () => {
  const expected: RevocationFacts = {
    issuerKeySha256: records.issuerKeySha256,
    serialNumber: SERIAL_NUMBER,
    nextUpdate: new Date('2026-01-01T00:00:00Z'),
    graceSeconds: 0,
    revoked: true,
  }
  await each(async (memory) => expect(await revocationOf(memory)).toEqual(expected))
})

test('what the list does not name is not', async () => {
  await put(items.revocationShard({ serialNumbers: ['1', '5a0', '5a030'] }))
  await each(async (memory) => expect(await revocationOf(memory)).toMatchObject({ revoked: false }))
})

test('a shard that the list does not have is not looked for', async () => {
  await put(items.revocationList({ shards: new Uint8Array(SHARD_SET_BYTES) }))
  await remove(items.revocationShard())
  await each(async (memory) => expect(await revocationOf(memory)).toMatchObject({ revoked: false }))
})

describe('T28: rows of a list that is not in force', () => {
  test('revoke nobody', async () => {
    await put(items.revocationShard({ serialNumbers: ['1'] }))
    await put(items.revocationShard({ generationId: 'list-1' }))
    await put(items.revocationShard({ generationId: 'list-3' }))
    await each(async (memory) =>
      expect(await revocationOf(memory)).toMatchObject({ revoked: false }),
    )
  })

  test('clear nobody', async () => {
    await put(items.revocationShard({ generationId: 'list-1', serialNumbers: ['1'] }))
    await put(items.revocationShard({ generationId: 'list-3', serialNumbers: ['1'] }))
    await each(async (memory) => expect(await revocationOf(memory)).toMatchObject(named))
  })

  test('are not read at all, be they ever so broken', async () => {
    await put({ ...items.revocationShard({ generationId: 'list-1' }), kind: { S: 'x' } })
    expect(await revocationOf()).toMatchObject(named)
  })
})

describe('T28: a list that changes while it is read', () => {
  type Make = () => Promise<unknown>
  /** Reads; each call goes through `meddle` by its name and number. */
  async function readWith(meddle: (call: string, make: Make) => Promise<unknown>) {
    const seen = new Map<string, number>()
    const send = (command: { constructor: { name: string } }, options: object) => {
      const { name } = command.constructor
      const number = (seen.get(name) ?? 0) + 1
      seen.set(name, number)
      const make = () => table.client.send(command as never, options)
      return meddle(`${name.replace('Command', '')} ${number}`, make)
    }
    const client = { send } as unknown as typeof table.client
    const { readFacts } = createReadFacts({
      ...{ client, tableName: table.tableName, clock: () => NOON },
      ...{ issuerHints: createIssuerHints(), policyCache: createPolicyCache() },
    })
    const { certificateId, issuerHint } = records
    const query = { certificateId, issuerHint, serialNumber: SERIAL_NUMBER }
    return readFacts({ ...query, deadline: new Date(NOON.getTime() + 30_000) })
  }
  /** Another list comes into force, and the rows of the one before go. */
  const replace = async () => {
    await put(items.revocationShard({ generationId: 'list-3' }))
    await put(items.revocationList({ generationId: 'list-3', graceSeconds: 3 }))
    await remove(items.revocationShard())
  }

  /** Of a cold request's second round: the shard, and the list among the others. */
  const [SHARD, LIST] = ['Query 2', 'BatchGetItem 1']

  test.each([
    ['its row went', LIST, SHARD],
    ['it came into force', SHARD, LIST],
  ])('is read again where %s between the two answers', async (_, first, second) => {
    await put(items.revocationShard({ serialNumbers: ['1'] }))
    const answered = Promise.withResolvers<void>()
    const { facts, cost } = await readWith(async (call, make) => {
      if (call === second) await answered.promise.then(replace)
      const answer = await make()
      if (call === first) answered.resolve()
      return answer
    })
    expect(facts.revocation).toMatchObject({ revoked: true, graceSeconds: 3 })
    expect(cost.rounds).toBe(3)
  })
})

describe('T28: a list that is not whole is a fault', () => {
  test('where the CA has one and there is none', async () => {
    await remove(items.revocationList())
    const message = `the revocation list of CA key ${records.issuerKeySha256} is not there`
    const fault = { code: 'REGISTRY_INCONSISTENT', message }
    await each((memory) => expect(read(memory)).rejects.toMatchObject(fault))
  })

  test('where it has a shard that is not there', async () => {
    await remove(items.revocationShard())
    await put(items.revocationShard({ generationId: 'list-1' }))
    const what = `lacks shard ${shardOf(SERIAL_NUMBER)}`
    const message = `the revocation list of CA key ${records.issuerKeySha256} ${what}`
    const fault = { code: 'REGISTRY_INCONSISTENT', message }
    await each((memory) => expect(read(memory)).rejects.toMatchObject(fault))
  })

  test.each<readonly [string, () => Item]>([
    ['its kind', () => ({ ...items.revocationList(), kind: { S: 'x' } })],
    ['its key', () => ({ ...items.revocationList(), keySha256: { S: other } })],
    ['too few shards', () => items.revocationList({ shards: new Uint8Array(511) })],
    ['too many shards', () => items.revocationList({ shards: new Uint8Array(513) })],
    ['its number', () => ({ ...items.revocationList(), number: { S: '2' } })],
    ['a negative grace', () => items.revocationList({ graceSeconds: -1 })],
    ['a grace above 30 days', () => items.revocationList({ graceSeconds: 2_592_001 })],
    ['the kind of a row', () => ({ ...items.revocationShard(), kind: { S: 'x' } })],
    ['the shard of a row', () => ({ ...items.revocationShard(), shard: { S: '000' } })],
    ['a shard of four digits', () => ({ ...items.revocationShard(), shard: { S: '0000' } })],
    ['a row without entries', () => items.revocationShard({ serialNumbers: [] })],
    ['capitals', () => items.revocationShard({ serialNumbers: ['5A03'] })],
    ['leading zeros', () => items.revocationShard({ serialNumbers: ['05a03'] })],
    ['41 digits', () => items.revocationShard({ serialNumbers: ['1'.repeat(41)] })],
    ['two spaces', () => items.revocationShard({ serialNumbers: ['1', '', '5a03'] })],
  ])('where it is not as written: %s', async (_, row) => {
    await put(row())
    await expect(read()).rejects.toMatchObject({ code: 'REGISTRY_UNREADABLE' })
  })

  test('where a CA says that it has no list instead of nothing', async () => {
    await put({ ...items.listedCa(), hasRevocationList: { BOOL: false } })
    await expect(read()).rejects.toMatchObject({ code: 'REGISTRY_UNREADABLE' })
  })
})

test('the key that the CA has counts, not the one that the certificate was registered with', async () => {
  await put({ ...items.certificate(), issuerKeySha256: { S: other } })
  await each(async (memory) => expect(await revocationOf(memory)).toMatchObject(named))
})

test('a CA without a list says nothing, though its key was asked about', async () => {
  await put(items.ca())
  await each(async (memory) => expect(await read(memory)).not.toHaveProperty('revocation'))
})

test('without its CA nothing is said of a certificate', async () => {
  await remove(items.ca())
  await each(async (memory) => {
    const facts = await read(memory)
    expect(facts).not.toHaveProperty('ca')
    expect(facts).not.toHaveProperty('revocation')
  })
})

test('serial numbers of zero and of 20 octets are found', async () => {
  for (const serial of ['0', 'f'.repeat(40)]) {
    const shard = shardOf(serial)
    await put(items.revocationList({ shards: shardSetOf([shard]) }))
    await put(items.revocationShard({ shard, serialNumbers: ['1', serial] }))
    expect(await revocationOf(undefined, serial)).toMatchObject(named)
  }
})
