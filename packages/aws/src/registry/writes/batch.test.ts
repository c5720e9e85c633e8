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
) {
  const batches: (readonly WriteRequest[])[] = []
  const pauses: number[] = []
  const send = async ({ input }: BatchWriteItemCommand) => {
    const requests = input.RequestItems?.[TABLE] ?? []
    batches.push(requests)
    const left = await answer(requests, batches.length)
    return left.length === 0 ? {} : { UnprocessedItems: { [TABLE]: left } }
  }
  const client = { send } as unknown as DynamoDBClient
  const pause = async (attempt: number) => {
    pauses.push(attempt)
  }
  return { batches, pauses, writes: batchWrites({ client, tableName: TABLE, pause }) }
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

test('sixteen calls are under way at a time', async () => {
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
  expect([most, batches.length]).toEqual([16, 40])
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
  expect(batches).toHaveLength(16)
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
