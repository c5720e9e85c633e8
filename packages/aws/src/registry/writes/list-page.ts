import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb'
import { dynamoFault } from '../../dynamo-faults.ts'
import { type Item, text } from '../attributes.ts'
import type { ItemKey } from '../keys.ts'
import { LISTING_INDEX } from '../table.ts'

/** Which items are listed: those of one listing, in order of their partition keys, or the rows of one partition within bounds. */
export type ListSource =
  | { readonly listing: string }
  | { readonly pk: string; readonly from: string; readonly to: string }

/** Which part of a list is read. */
export type ListRange = {
  readonly limit: number
  /** The item that the part begins behind; it need not be there any more. */
  readonly after?: ItemKey
  readonly ascending?: boolean
}

/** A part of a list, and whether it goes on. */
export type ListPage = { readonly items: readonly Item[]; readonly more: boolean }

/**
 * Reads a page of a list. A partition is read strongly consistent; a listing is an index, where a change shows a moment
 * later. One item more than asked for is read, so that a list never ends with a token that leads to nothing.
 */
export async function readListPage(
  { client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string },
  source: ListSource,
  { limit, after, ascending = true }: ListRange,
): Promise<ListPage> {
  const items: Item[] = []
  let start = after && startOf(source, after)
  do {
    const command = new QueryCommand({
      TableName: tableName,
      ...conditionOf(source),
      ScanIndexForward: ascending,
      Limit: limit + 1 - items.length,
      ExclusiveStartKey: start,
    })
    const page = await client.send(command).catch((error: unknown) => {
      throw dynamoFault(error, 'Query')
    })
    items.push(...(page.Items ?? []))
    start = page.LastEvaluatedKey
  } while (start !== undefined && items.length <= limit)
  return { items: items.slice(0, limit), more: items.length > limit }
}

function conditionOf(source: ListSource): Partial<QueryCommandInput> {
  return 'listing' in source
    ? {
        IndexName: LISTING_INDEX,
        KeyConditionExpression: 'listing = :listing',
        ExpressionAttributeValues: { ':listing': text(source.listing) },
      }
    : {
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':pk': text(source.pk),
          ':from': text(source.from),
          ':to': text(source.to),
        },
      }
}

function startOf(source: ListSource, { pk, sk }: ItemKey): Item {
  const key = { pk: text(pk), sk: text(sk) }
  return 'listing' in source ? { ...key, listing: text(source.listing) } : key
}
