import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'
import { dynamoFault } from '../../dynamo-faults.ts'
import { type Item, text } from '../attributes.ts'
import type { ItemKey } from '../keys.ts'

/** Writes of many rows that nobody looks at yet, or any more: each is made by itself, without condition and without audit. */
export type BatchWrites = {
  /**
   * When it returns, all rows are there; when it throws, any of them may be.
   * @throws {Fault} REGISTRY_THROTTLED, REGISTRY_TIMEOUT, REGISTRY_UNAVAILABLE, REGISTRY_REFUSED
   */
  readonly putMany: (items: readonly Item[]) => Promise<void>
  /** Removes those of the rows that are there. As `putMany`. */
  readonly dropMany: (keys: readonly ItemKey[]) => Promise<void>
}

/** Source: DynamoDB API reference, BatchWriteItem. */
const BATCH_SIZE = 25
/** 4096 rows are 164 calls: with so many at a time they fit into the control plane's 28 s even at 1 s a call. */
const CALLS_AT_A_TIME = 16
/**
 * How often a batch is sent without a row of it being taken: some 5 s of pauses. 4096 rows of 1 KB want 8192 write units, of which a new on-demand
 * table has 4000 a second. Source: DynamoDB developer guide, on-demand capacity.
 */
const MOST_ATTEMPTS = 40

type Source = {
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly pause: (attempt: number) => Promise<void>
}

/** Makes the writes of many rows. */
export function batchWrites(source: Source): BatchWrites {
  return {
    putMany: (items) =>
      sendAll(
        source,
        items.map((item) => ({ PutRequest: { Item: item } })),
      ),
    dropMany: (keys) =>
      sendAll(
        source,
        keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk: text(pk), sk: text(sk) } } })),
      ),
  }
}

async function sendAll(source: Source, requests: readonly WriteRequest[]): Promise<void> {
  const waiting = Array.from({ length: Math.ceil(requests.length / BATCH_SIZE) }, (_, index) =>
    requests.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  )
  const sendWaiting = async (): Promise<void> => {
    for (let batch = waiting.pop(); batch !== undefined; batch = waiting.pop()) {
      await sendBatch(source, batch)
    }
  }
  try {
    await Promise.all(Array.from({ length: CALLS_AT_A_TIME }, sendWaiting))
  } finally {
    waiting.length = 0 // where one call has failed, the others begin no further batch
  }
}

async function sendBatch(source: Source, batch: readonly WriteRequest[]): Promise<void> {
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
  { client, tableName }: Source,
  requests: readonly WriteRequest[],
): Promise<readonly WriteRequest[]> {
  const command = new BatchWriteItemCommand({ RequestItems: { [tableName]: [...requests] } })
  try {
    const { UnprocessedItems = {} } = await client.send(command)
    return UnprocessedItems[tableName] ?? []
  } catch (thrown) {
    const fault = dynamoFault(thrown, 'BatchWriteItem')
    if (fault.code === 'REGISTRY_THROTTLED') return requests
    throw fault
  }
}
