import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'
import { dynamoFault } from '../../dynamo-faults.ts'
import { type Item, text } from '../attributes.ts'
import type { ItemKey } from '../keys.ts'
import { ANSWER_OF_WRITE, requireWritten } from './write-answer.ts'
import { createWritePace, type Timer, unitsOf, type WritePace } from './write-pace.ts'

/** Writes of many rows that nobody looks at yet, or any more: each is made by itself, without condition and without audit. */
export type BatchWrites = {
  /**
   * When it returns, all rows are there; when it throws, any of them may be.
   * @throws {Fault} REGISTRY_THROTTLED, REGISTRY_TIMEOUT, REGISTRY_UNAVAILABLE, REGISTRY_REFUSED
   */
  readonly putMany: (items: readonly Item[]) => Promise<void>
  /**
   * Removes those of the rows that are there, and begins no batch once `mostUnits` write units are spent. Returns the keys that it did not
   * come to. As `putMany`.
   */
  readonly dropMany: (keys: readonly ItemKey[], mostUnits?: number) => Promise<readonly ItemKey[]>
}

/** Source: DynamoDB API reference, BatchWriteItem. */
const BATCH_SIZE = 25
/** 4096 rows are 164 calls: four at a time fit into the control plane's 28 s at 600 ms a call. */
const CALLS_AT_A_TIME = 4
/** How often a batch is sent without a row of it being taken: some 5 s of pauses. */
const MOST_ATTEMPTS = 40

type Source = {
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly pause: (attempt: number) => Promise<void>
  readonly timer: Timer
}

/** Makes the writes of many rows. */
export function batchWrites(source: Source): BatchWrites {
  return {
    putMany: async (items) => {
      const requests = items.map((item) => ({ PutRequest: { Item: item } }))
      await sendAll(source, requests, Number.POSITIVE_INFINITY)
    },
    dropMany: async (keys, mostUnits = Number.POSITIVE_INFINITY) => {
      const requests = keys.map(({ pk, sk }) => ({
        DeleteRequest: { Key: { pk: text(pk), sk: text(sk) } },
      }))
      const left = await sendAll(source, requests, mostUnits)
      return keys.slice(keys.length - left)
    },
  }
}

/** Sends the requests in their order until so many units are spent, and returns how many it did not come to. */
async function sendAll(
  source: Source,
  requests: readonly WriteRequest[],
  mostUnits: number,
): Promise<number> {
  const pace = createWritePace(source.timer)
  let next = 0
  const sendWaiting = async (): Promise<void> => {
    while (next < requests.length && pace.spent() < mostUnits) {
      const batch = requests.slice(next, next + BATCH_SIZE)
      next += batch.length
      await sendBatch({ ...source, pace }, batch)
    }
  }
  try {
    await Promise.all(Array.from({ length: CALLS_AT_A_TIME }, sendWaiting))
    return requests.length - next
  } finally {
    next = requests.length // where one call has failed, the others begin no further batch
  }
}

type Paced = Source & { readonly pace: WritePace }

async function sendBatch(source: Paced, batch: readonly WriteRequest[]): Promise<void> {
  let left = batch
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const before = left.length
    left = await sendOnce(source, left)
    if (left.length === 0) return
    if (left.length < before) attempt = 1
    await source.pause(attempt)
  }
  throw new Fault('REGISTRY_THROTTLED', `BatchWriteItem left rows unwritten ${MOST_ATTEMPTS} times`)
}

/** Sends the requests, and returns those that were not taken. */
async function sendOnce(
  { client, tableName, pace }: Paced,
  requests: readonly WriteRequest[],
): Promise<readonly WriteRequest[]> {
  const units = unitsOf(requests)
  await pace.spend(units)
  const command = new BatchWriteItemCommand({
    RequestItems: { [tableName]: [...requests] },
    ...ANSWER_OF_WRITE,
  })
  try {
    const answer = await client.send(command)
    const { UnprocessedItems = {}, ConsumedCapacity = [] } = answer
    const left = UnprocessedItems[tableName] ?? []
    if (left.length < requests.length) requireWritten('BatchWriteItem', answer)
    const consumed = ConsumedCapacity.reduce((sum, each) => sum + (each.CapacityUnits ?? 0), 0)
    pace.owe(Math.max(0, consumed - units))
    return left
  } catch (thrown) {
    const fault = dynamoFault(thrown, 'BatchWriteItem')
    if (fault.code === 'REGISTRY_THROTTLED') return requests
    throw fault
  }
}
