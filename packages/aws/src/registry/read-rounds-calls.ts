import type { AttributeValue, ConsumedCapacity } from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'
import { dynamoFault } from '../dynamo-faults.ts'
import type { Item } from './attributes.ts'
import { type ItemKey, META_AND_POLICIES } from './keys.ts'
import type { RegistryReads } from './registry-calls.ts'

/** What a round reader reads from. */
export type RoundSource = {
  readonly calls: RegistryReads
  readonly tableName: string
  readonly signal: AbortSignal
}

/** Source: DynamoDB API reference, BatchGetItem. */
const BATCH_SIZE = 100

/** A key as one text: no partition key holds a space. */
export const keyText = ({ pk, sk }: ItemKey): string => `${pk} ${sk}`

/** Splits keys into lists that one BatchGetItem takes. */
export function batchesOf(keys: readonly ItemKey[]): readonly (readonly ItemKey[])[] {
  const count = Math.ceil(keys.length / BATCH_SIZE)
  return Array.from({ length: count }, (_, index) =>
    keys.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
  )
}

/** The calls that a round is made of. */
export type Calls = {
  /** META and POLICY# rows of a partition. */
  readonly query: (pk: string) => Promise<readonly Item[]>
  /** Each key with its item, if there is one. */
  readonly batchGet: (
    keys: readonly ItemKey[],
  ) => Promise<readonly (readonly [string, Item | undefined])[]>
}

/** Makes the calls; what they cost is added to `cost`. */
export function createCalls(
  { calls, tableName, signal }: RoundSource,
  cost: { calls: number; capacityUnits: number },
): Calls {
  const counted = async <Answer>(name: string, send: () => Promise<Answer>): Promise<Answer> => {
    cost.calls++
    try {
      return await send()
    } catch (thrown) {
      throw dynamoFault(thrown, name)
    }
  }
  const charge = (consumed: ConsumedCapacity | undefined): void => {
    cost.capacityUnits += consumed?.CapacityUnits ?? 0
  }
  return {
    query: async (pk) => {
      const answer = await counted('Query', () => calls.query(queryInput(tableName, pk), signal))
      charge(answer.ConsumedCapacity)
      if (answer.LastEvaluatedKey !== undefined) throw unreadable('Query', 'more than one page')
      return rowsOf('Query', answer.Items, (item) => item.pk?.S === pk)
    },
    batchGet: async (keys) => {
      const answer = await counted('BatchGetItem', () =>
        calls.batchGet(batchInput(tableName, keys), signal),
      )
      answer.ConsumedCapacity?.forEach(charge)
      if (Object.keys(answer.UnprocessedKeys ?? {}).length > 0) {
        throw new Fault('REGISTRY_THROTTLED', 'BatchGetItem left keys unprocessed')
      }
      return pairOff(keys, answer.Responses?.[tableName])
    },
  }
}

function queryInput(tableName: string, pk: string) {
  return {
    TableName: tableName,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': { S: pk },
      ':from': { S: META_AND_POLICIES.from },
      ':to': { S: META_AND_POLICIES.to },
    },
    ConsistentRead: true,
    ReturnConsumedCapacity: 'TOTAL',
  } as const
}

function batchInput(tableName: string, keys: readonly ItemKey[]) {
  const Keys = keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }))
  return {
    RequestItems: { [tableName]: { Keys, ConsistentRead: true } },
    ReturnConsumedCapacity: 'TOTAL',
  } as const
}

/** Each key with its item. An answer with an item that nobody asked for is not an answer to this request. */
function pairOff(
  keys: readonly ItemKey[],
  answered: Record<string, AttributeValue>[] | undefined,
): readonly (readonly [string, Item | undefined])[] {
  const found = new Map<string, Item | undefined>(keys.map((key) => [keyText(key), undefined]))
  const keyOf = (item: Item) => keyText({ pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' })
  const rows = rowsOf('BatchGetItem', answered, (item) => found.has(keyOf(item)))
  for (const item of rows) found.set(keyOf(item), item)
  return [...found]
}

/** The rows of an answer; half an answer is none. */
function rowsOf(
  operation: string,
  answered: Record<string, AttributeValue>[] | undefined,
  belongs: (item: Item) => boolean,
): readonly Item[] {
  if (!Array.isArray(answered)) throw unreadable(operation, 'no items')
  if (!answered.every(belongs)) throw unreadable(operation, 'items that were not asked for')
  return answered
}

const unreadable = (operation: string, what: string): Fault =>
  new Fault('REGISTRY_UNREADABLE', `${operation} answered with ${what}`)
