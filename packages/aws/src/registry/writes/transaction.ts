import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'
import type { TenantId } from '@thingpass/core/names'
import type { Clock } from '@thingpass/core/ports'
import { dynamoFault } from '../../dynamo-faults.ts'
import { type Item, text } from '../attributes.ts'
import { encodeAudit, type Summary, summarize } from '../items/audit.ts'
import type { ItemKey } from '../keys.ts'
import { queryPage, type ShelfPage, type ShelfQuery } from '../lists/query-page.ts'
import { type BatchWrites, batchWrites } from './batch.ts'
import { type TableWrites, tableWrites } from './expression.ts'
import { type ListPage, type ListRange, type ListSource, readListPage } from './list-page.ts'
import { ANSWER_OF_WRITE, requireWritten } from './write-answer.ts'
import type { Timer } from './write-pace.ts'

/** What the registry's writes are made with. */
export type WriteDependencies = {
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly clock: Clock
  /** Makes an id that nobody has: 1–128 of `[a-zA-Z0-9-]`. */
  readonly newId: () => string
  /** ARN of who asks for the changes. */
  readonly actor: string
  /** Waits before the n-th attempt (from 1) after losing to another writer. */
  readonly pause: (attempt: number) => Promise<void>
  /** What writes of many rows are paced by. */
  readonly timer: Timer
}

/** One change for the audit: which, of what, from what to what. */
export type AuditEntry = {
  readonly tenantId: TenantId
  readonly action: string
  readonly subject: string
  readonly before?: Summary
  readonly after?: Summary
}

/** The outcome of looking at the registry: with `writes`, it is so once they are made; without, it is so already. */
export type Plan =
  | { readonly outcome: object; readonly writes?: undefined }
  | {
      readonly outcome: object
      readonly writes: readonly TransactWriteItem[]
      readonly audit: AuditEntry
    }

/** Strongly consistent reads, and changes that hold under other writers. */
export type Registry = TableWrites & {
  readonly newId: () => string
  /** Now, to the second, as it is stored. */
  readonly now: () => Date
  readonly get: (key: ItemKey) => Promise<Item | undefined>
  /** All items of one partition whose sort keys lie within the bounds, both included. */
  readonly query: (
    pk: string,
    bounds: { readonly from: string; readonly to: string },
  ) => Promise<readonly Item[]>
  /** A page of a list, behind the key of an item. */
  readonly list: (source: ListSource, range: ListRange) => Promise<ListPage>
  /** One page of items in the order of their range keys. */
  readonly page: (query: ShelfQuery) => Promise<ShelfPage>
  readonly putMany: BatchWrites['putMany']
  readonly dropMany: BatchWrites['dropMany']
  /** Puts or removes one row that changes nothing that counts, so it has no audit record. False where its condition does not hold. */
  readonly attempt: (write: TransactWriteItem) => Promise<boolean>
  /**
   * Reads, plans, and writes the plan with its audit record in one transaction. When another writer came between, all of
   * it is done anew, so every outcome is true of what was there when the writes were made.
   */
  readonly change: <Planned extends Plan>(
    plan: () => Promise<Planned>,
  ) => Promise<Planned['outcome']>
}

/** How often a change is planned before it gives up: enough for twenty writers of one record to take turns. */
export const MAX_ATTEMPTS = 24

/** Makes the registry's reads and changes. */
export function createRegistry(dependencies: WriteDependencies): Registry {
  const { client, tableName, clock, newId } = dependencies
  return {
    ...tableWrites(tableName),
    ...batchWrites(dependencies),
    newId,
    now: () => new Date(Math.floor(clock().getTime() / 1000) * 1000),
    get: async ({ pk, sk }) => {
      const Key = { pk: text(pk), sk: text(sk) }
      const command = new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true })
      const { Item: item } = await client.send(command).catch(failAs('GetItem'))
      return item
    },
    query: (pk, bounds) => queryAll(dependencies, pk, bounds),
    list: (source, range) => readListPage(dependencies, source, range),
    page: (query) => queryPage(dependencies, query),
    attempt: (write) => attemptWith(client, write),
    change: (plan) => changeWith(dependencies, plan),
  }
}

async function attemptWith(
  client: DynamoDBClient,
  { Put: put, Delete: remove }: TransactWriteItem,
): Promise<boolean> {
  try {
    if (put !== undefined) {
      const command = new PutItemCommand({ ...put, ...ANSWER_OF_WRITE })
      requireWritten('PutItem', await client.send(command))
    }
    if (remove !== undefined) {
      const command = new DeleteItemCommand({ ...remove, ...ANSWER_OF_WRITE })
      requireWritten('DeleteItem', await client.send(command))
    }
    return true
  } catch (thrown) {
    if (thrown instanceof ConditionalCheckFailedException) return false
    throw dynamoFault(thrown, put === undefined ? 'DeleteItem' : 'PutItem')
  }
}

async function queryAll(
  { client, tableName }: WriteDependencies,
  pk: string,
  bounds: { readonly from: string; readonly to: string },
): Promise<readonly Item[]> {
  const items: Item[] = []
  let after: Item | undefined
  do {
    const command = new QueryCommand({
      TableName: tableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: {
        ':pk': text(pk),
        ':from': text(bounds.from),
        ':to': text(bounds.to),
      },
      ExclusiveStartKey: after,
    })
    const page = await client.send(command).catch(failAs('Query'))
    items.push(...(page.Items ?? []))
    after = page.LastEvaluatedKey
  } while (after !== undefined)
  return items
}

async function changeWith<Planned extends Plan>(
  dependencies: WriteDependencies,
  plan: () => Promise<Planned>,
): Promise<Planned['outcome']> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const planned = await plan()
    if (planned.writes === undefined) return planned.outcome
    if (await write(dependencies, planned.writes, planned.audit)) return planned.outcome
    await dependencies.pause(attempt)
  }
  throw new Fault(
    'REGISTRY_THROTTLED',
    `TransactWriteItems lost to other writers ${MAX_ATTEMPTS} times`,
  )
}

/** Whether the transaction went through; false when the items were not as they had been read, or other writers held them. */
async function write(
  dependencies: WriteDependencies,
  writes: readonly TransactWriteItem[],
  audit: AuditEntry,
): Promise<boolean> {
  const record = auditRecord(dependencies, audit)
  try {
    const TransactItems = [...writes, record]
    const command = new TransactWriteItemsCommand({ TransactItems, ...ANSWER_OF_WRITE })
    requireWritten('TransactWriteItems', await dependencies.client.send(command))
    return true
  } catch (error) {
    if (error instanceof TransactionCanceledException && cameSecond(error)) return false
    throw dynamoFault(error, 'TransactWriteItems')
  }
}

function auditRecord(dependencies: WriteDependencies, entry: AuditEntry): TransactWriteItem {
  const { clock, newId, actor, tableName } = dependencies
  const { before, after, ...rest } = entry
  const item = encodeAudit({
    ...rest,
    time: clock(),
    changeId: newId(),
    actor,
    ...(before && { before: summarize(before) }),
    ...(after && { after: summarize(after) }),
  })
  return tableWrites(tableName).put(item, { missing: true })
}

/** Reasons for which a look at what is there now, and another attempt, can help. Source: DynamoDB API, TransactWriteItems. */
const SECOND = new Set(['ConditionalCheckFailed', 'TransactionConflict', 'None'])

function cameSecond({ CancellationReasons: reasons = [] }: TransactionCanceledException): boolean {
  return reasons.length > 0 && reasons.every(({ Code }) => Code !== undefined && SECOND.has(Code))
}

const failAs =
  (operation: string) =>
  (error: unknown): never => {
    throw dynamoFault(error, operation)
  }
