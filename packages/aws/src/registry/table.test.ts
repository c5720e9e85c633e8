import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestTable, type TestTable } from '../../testing/start-test-table.ts'
import { createRegistryTable } from './table.ts'

let table: TestTable
beforeAll(async () => {
  table = await startTestTable()
})
afterAll(() => table.stop())

test('the table has its keys, its sparse indexes, no provisioned capacity and expiry', async () => {
  const { client, tableName } = table
  const { Table: made } = await client.send(new DescribeTableCommand({ TableName: tableName }))
  expect(made).toMatchObject({
    TableStatus: 'ACTIVE',
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'listing',
        KeySchema: [
          { AttributeName: 'listing', KeyType: 'HASH' },
          { AttributeName: 'pk', KeyType: 'RANGE' },
        ],
      },
      {
        IndexName: 'branches',
        KeySchema: [
          { AttributeName: 'branch', KeyType: 'HASH' },
          { AttributeName: 'place', KeyType: 'RANGE' },
        ],
      },
    ],
  })
  const expiry = await client.send(new DescribeTimeToLiveCommand({ TableName: tableName }))
  expect(expiry.TimeToLiveDescription).toMatchObject({ AttributeName: 'expiresAt' })
})

test('a table that is there is left as it is', async () => {
  await expect(createRegistryTable(table.client, table.tableName)).resolves.toBeUndefined()
})

test('any other failure is not taken for a table that is there', async () => {
  const client = new DynamoDBClient({
    endpoint: table.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  await expect(createRegistryTable(client, 'x')).rejects.toThrow()
  client.destroy()
})
