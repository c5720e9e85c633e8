import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb'

/**
 * Sparse index that lists by owner: `listing` → `pk`. Only rows that a list operation shows carry `listing`, and its value
 * begins with the tenant; an index over `sk` would put the META of every tenant's every record under one index key.
 */
export const LISTING_INDEX = 'listing'

/**
 * Sparse index that lists by what lies between a tenant and its records: `branch` → `place`. Things with a type carry
 * their type and name; groups and their members, the root of their hierarchy and the way down from it.
 */
export const BRANCH_INDEX = 'branches'

/** Attribute that DynamoDB deletes expired items by: epoch seconds. */
export const EXPIRY_ATTRIBUTE = 'expiresAt'

/** The registry's one table: on-demand, string keys `pk` and `sk`, two sparse indexes. */
export const registryTable = (tableName: string) =>
  ({
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'listing', AttributeType: 'S' },
      { AttributeName: 'branch', AttributeType: 'S' },
      { AttributeName: 'place', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: LISTING_INDEX,
        KeySchema: [
          { AttributeName: 'listing', KeyType: 'HASH' },
          { AttributeName: 'pk', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: BRANCH_INDEX,
        KeySchema: [
          { AttributeName: 'branch', KeyType: 'HASH' },
          { AttributeName: 'place', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  }) as const satisfies CreateTableCommandInput

/** Creates the table unless it is there, waits until it can be used (at most 30 s), and turns expiry on. */
export async function createRegistryTable(
  client: DynamoDBClient,
  tableName: string,
): Promise<void> {
  try {
    await client.send(new CreateTableCommand(registryTable(tableName)))
  } catch (error) {
    if (error instanceof ResourceInUseException) return
    throw error
  }
  await waitUntilTableExists(
    { client, maxWaitTime: 30, minDelay: 1, maxDelay: 2 },
    { TableName: tableName },
  )
  await client.send(
    new UpdateTimeToLiveCommand({
      TableName: tableName,
      TimeToLiveSpecification: { AttributeName: EXPIRY_ATTRIBUTE, Enabled: true },
    }),
  )
}
