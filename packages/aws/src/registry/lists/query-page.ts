import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { dynamoFault } from '../../dynamo-faults.ts'
import { type Item, text } from '../attributes.ts'
import { BRANCH_INDEX, LISTING_INDEX } from '../table.ts'

/** Where items lie in order: the rows of one partition, or one key of an index. A partition is read strongly consistent. */
export type Shelf = { readonly of: 'partition' | 'listing' | 'branch'; readonly key: string }

/** Items of a shelf whose range keys lie within bounds, both included. */
export type ShelfQuery = {
  readonly shelf: Shelf
  readonly from: string
  readonly to: string
  readonly ascending: boolean
  /** Without it, as much as DynamoDB reads at once: 1 MB. */
  readonly limit?: number
  /** What an earlier page of the same query gave as `more`. */
  readonly start?: Item
}

/** What one query read; `more` is there when there may be more. */
export type ShelfPage = { readonly items: readonly Item[]; readonly more: Item | undefined }

/** Index, hash key and range key of each kind of shelf. */
const KEYS = {
  partition: { hash: 'pk', range: 'sk' },
  listing: { index: LISTING_INDEX, hash: 'listing', range: 'pk' },
  branch: { index: BRANCH_INDEX, hash: 'branch', range: 'place' },
} as const satisfies Record<
  Shelf['of'],
  { readonly index?: string; readonly hash: string; readonly range: string }
>

/** Where an item stands on a shelf. */
export const rangeKey = ({ of }: Shelf, item: Item): string => item[KEYS[of].range]?.S ?? ''

/** Reads one page of a shelf. */
export async function queryPage(
  { client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string },
  { shelf, from, to, ascending, limit, start }: ShelfQuery,
): Promise<ShelfPage> {
  const { hash, range, ...of } = KEYS[shelf.of]
  const command = new QueryCommand({
    TableName: tableName,
    ...('index' in of ? { IndexName: of.index } : { ConsistentRead: true }),
    KeyConditionExpression: '#hash = :hash AND #range BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#hash': hash, '#range': range },
    ExpressionAttributeValues: { ':hash': text(shelf.key), ':from': text(from), ':to': text(to) },
    ScanIndexForward: ascending,
    Limit: limit,
    ExclusiveStartKey: start,
  })
  const page = await client.send(command).catch((error: unknown) => {
    throw dynamoFault(error, 'Query')
  })
  return { items: page.Items ?? [], more: page.LastEvaluatedKey }
}
