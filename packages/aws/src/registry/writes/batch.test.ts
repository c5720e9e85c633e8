import type { BatchWriteItemCommand, DynamoDBClient, WriteRequest } from '@aws-sdk/client-dynamodb'
import { describe, expect, test } from 'vitest'
import { text } from '../attributes.ts'
import { batchWrites } from './batch.ts'

const TABLE = 'registry'
const itemsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ pk: text(`p-${index}`), sk: text('META') }))

/** A service that answers each batch as it is told; from 1. */
function service(
  answer: (requests: readonly WriteRequest[], number: number) => Promise<readonly WriteRequest[]>,
  consumed = 1,
) {
  const batches: (readonly WriteRequest[])[] = []
  const pauses: number[] = []
  const send = async ({ input }: BatchWriteItemCommand) => {
    const requests = input.RequestItems?.[TABLE] ?? []
    batches.push(requests)
    const left = await answer(requests, batches.length)
    const ConsumedCapacity = [{ TableName: TABLE, CapacityUnits: consumed }]
    return { ConsumedCapacity, ...(left.length > 0 && { UnprocessedItems: { [TABLE]: left } }) }
  }
  const client = { send } as unknown as DynamoDBClient
  const pause = async (attempt: number) => {
    pauses.push(attempt)
  }
  const time = { now: 0 }
  const timer = {
    milliseconds: () => time.now,
    sleep: async (milliseconds: number) => {
      const until = time.now + milliseconds
      await new Promise((resolve) => setImmediate(resolve))
      time.now = Math.max(time.now, until)
    },
  }
  return { batches, pauses, time, writes: batchWrites({ client, tableName: TABLE, pause, timer }) }
}

const all = async () => []
const reset = Object.assign(new Error('secret'), { code: 'ECONNRESET' })

test('rows are put 25 a call, each once', async () => {
  const { batches, writes } = service(all)
  const items = itemsOf(60)
  await writes.putMany(items)
  expect(batches.map(({ length }) => length).toSorted()).toEqual([10, 25, 25])
  const put = batches.flat().map(({ PutRequest }) => PutRequest?.Item)
  expect(new Set(put)).toEqual(new Set(items))
  expect(put).toHaveLength(60)
})

test('rows are deleted by their keys', async () => {
  const { batches, writes } = service(all)
  await writes.dropMany([{ pk: 'a', sk: 'b' }])
  expect(batches).toEqual([[{ DeleteRequest: { Key: { pk: text('a'), sk: text('b') } } }]])
})

test('nothing to write is no call', async () => {
  const { batches, writes } = service(all)
  await writes.putMany([])
  expect(batches).toEqual([])
})

test('four calls are under way at a time', async () => {
  let open = 0
  let most = 0
  const { batches, writes } = service(async () => {
    open += 1
    most = Math.max(most, open)
    await new Promise((resolve) => setImmediate(resolve))
    open -= 1
    return []
  })
  await writes.putMany(itemsOf(40 * 25))
  expect([most, batches.length]).toEqual([4, 40])
})

test('where a call has failed the others begin no further batch', async () => {
  const others = Promise.withResolvers<void>()
  const { batches, writes } = service(async (_, number) => {
    if (number === 1) throw reset
    await others.promise
    return []
  })
  const failed = expect(writes.putMany(itemsOf(40 * 25))).rejects
  await failed.toMatchObject({ name: 'Fault', code: 'REGISTRY_UNAVAILABLE' })
  others.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  expect(batches.length).toBeLessThanOrEqual(4)
})

describe('what was not taken', () => {
  test('is sent again after a pause, and alone', async () => {
    const { batches, pauses, writes } = service(async (requests, number) =>
      number < 3 ? requests.slice(2) : [],
    )
    await writes.putMany(itemsOf(5))
    expect(batches.map(({ length }) => length)).toEqual([5, 3, 1])
    expect(batches[2]).toEqual(batches[0]?.slice(4))
    expect(pauses).toEqual([1, 1])
  })

  test('is given up when forty calls in a row took nothing', async () => {
    const { batches, pauses, writes } = service(async (requests) => requests)
    await expect(writes.putMany(itemsOf(1))).rejects.toMatchObject({
      code: 'REGISTRY_THROTTLED',
      message: 'BatchWriteItem left rows unwritten 40 times',
    })
    expect(batches).toHaveLength(40)
    expect(pauses.slice(0, 3)).toEqual([1, 2, 3])
  })
})

describe('T38: the pace', () => {
  const rowOf = (octets: number) => ({ pk: text('p'), sk: text('x'.repeat(octets - 5)) })

  test('is 1500 write units a second, each row with its size', async () => {
    const { time, writes } = service(all)
    await writes.putMany(Array.from({ length: 4096 }, () => rowOf(1500)))
    expect(time.now).toBeGreaterThan(5400)
    expect(time.now).toBeLessThan(5500)
  })

  test.each([
    [1024, 1],
    [1025, 2],
  ])('counts a row of %i octets as %i units', async (octets, units) => {
    const { time, writes } = service(all)
    await writes.putMany(Array.from({ length: 1500 }, () => rowOf(octets)))
    expect(time.now / 1000).toBeCloseTo(units * (1475 / 1500), 2)
  })

  test('counts what the service says that it consumed', async () => {
    const { time, writes } = service(all, 100)
    await writes.dropMany(itemsOf(1500).map((_, index) => ({ pk: `p-${index}`, sk: 'META' })))
    expect(time.now).toBeGreaterThan(3500)
    expect(time.now).toBeLessThan(4100)
  })

  test('counts what was not taken once more', async () => {
    const { time, writes } = service(async (requests, number) => (number < 31 ? requests : []))
    await writes.putMany(itemsOf(25))
    expect(time.now).toBeCloseTo(500, 5) // thirty times 25 units before the last
  })
})

describe('T38: deletions that may cost so much', () => {
  const keys = itemsOf(200).map((_, index) => ({ pk: `p-${index}`, sk: 'META' }))

  test('end there, and say what is left', async () => {
    const { batches, writes } = service(all)
    const left = await writes.dropMany(keys, 60)
    const sent = batches.flat().map(({ DeleteRequest }) => DeleteRequest?.Key?.pk?.S)
    expect(sent.toSorted()).toEqual(
      keys
        .slice(0, 200 - left.length)
        .map(({ pk }) => pk)
        .toSorted(),
    )
    expect(left).toEqual(keys.slice(200 - left.length))
    expect(batches.length).toBeLessThanOrEqual(5)
    expect(left.length).toBeGreaterThan(0)
  })

  test('leave nothing where they cost less', async () => {
    const { writes } = service(all)
    expect(await writes.dropMany(keys, 2000)).toEqual([])
    expect(await writes.dropMany(keys)).toEqual([])
  })
})

test('a batch whose answer says of no cost may have been written or not', async () => {
  const { writes } = service(all, Number.NaN) // costs nothing by its answer
  await expect(writes.putMany(itemsOf(1))).rejects.toMatchObject({ code: 'REGISTRY_UNREADABLE' })
})
