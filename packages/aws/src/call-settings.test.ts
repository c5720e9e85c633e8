import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallLimits, callSettings } from './call-settings.ts'
import { serviceFailure } from './service-failure.ts'

const LIMITS: CallLimits = {
  connectionMs: 500,
  requestMs: 1000,
  socketMs: 1000,
  maxAttempts: 2,
  maxSockets: 2,
}
let body: string
let asked = 0
const server = createServer((_, response) => {
  asked++
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length }
  response.writeHead(200, headers).end(body)
})

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function get(limits: CallLimits): Promise<unknown> {
  const { port } = server.address() as AddressInfo
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    ...callSettings(limits),
  })
  try {
    const answer = await client.send(
      new GetItemCommand({ TableName: 't', Key: { pk: { S: 'x' } } }),
    )
    return answer.Item
  } finally {
    client.destroy()
  }
}

test('an item that is absent is absent', async () => {
  body = '{}'
  expect(await get(LIMITS)).toBeUndefined()
})

test('an answer without a body is none that says so, and is not asked for again', async () => {
  body = ''
  asked = 0
  const thrown = await get(LIMITS).catch((error: unknown) => error)
  expect(serviceFailure(thrown)).toMatchObject({ kind: 'unreadable', status: 200 })
  expect(asked).toBe(1)
})

test('where successes have no body, it is taken', async () => {
  body = ''
  expect(await get({ ...LIMITS, emptyAnswers: 'taken' })).toBeUndefined()
})
