import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CallLimits, callSettings } from './call-settings.ts'
import { serviceFailure } from './service-failure.ts'

const LIMITS: CallLimits = {
  connectionMs: 500,
  requestMs: 1000,
  socketMs: 1000,
  maxAttempts: 2,
  maxSockets: 2,
}
const TYPE = { 'content-type': 'application/x-amz-json-1.0' }

/** Both ways in which an answer says where it ends. */
const FORMS = {
  'with a length': (response: ServerResponse, body: string) =>
    response.writeHead(200, { ...TYPE, 'content-length': body.length }).end(body),
  'in chunks': (response: ServerResponse, body: string) => {
    response.writeHead(200, TYPE).flushHeaders()
    setImmediate(() => response.end(body)) // the head alone, and what follows, if anything
  },
}
let answer: (response: ServerResponse) => unknown
let asked = 0
const server = createServer((_, response) => {
  asked++
  answer(response)
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

describe.each(Object.entries(FORMS))('%s', (_, write) => {
  test('an item that is absent is absent', async () => {
    answer = (response) => write(response, '{}')
    expect(await get(LIMITS)).toBeUndefined()
  })

  test.each([1, 200_000])('an item of %d bytes is whole', async (bytes) => {
    const Item = { pk: { S: 'x'.repeat(bytes) } }
    answer = (response) => write(response, JSON.stringify({ Item }))
    expect(await get(LIMITS)).toEqual(Item)
  })

  test('an answer without a body is none that says so, and is not asked for again', async () => {
    answer = (response) => write(response, '')
    asked = 0
    const thrown = await get(LIMITS).catch((error: unknown) => error)
    expect(serviceFailure(thrown)).toMatchObject({ kind: 'unreadable', status: 200 })
    expect(asked).toBe(1)
  })

  test('where successes have no body, it is taken', async () => {
    answer = (response) => write(response, '')
    expect(await get({ ...LIMITS, emptyAnswers: 'taken' })).toBeUndefined()
  })
})

test('an answer that comes in pieces is whole', async () => {
  const Item = { pk: { S: 'x'.repeat(50) } }
  answer = async (response) => {
    response.writeHead(200, TYPE)
    for (const piece of JSON.stringify({ Item }).match(/.{1,10}/g) ?? []) {
      response.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    response.end()
  }
  expect(await get(LIMITS)).toEqual(Item)
})

test.each([
  ['breaks', (response: ServerResponse) => setImmediate(() => response.destroy())],
  ['falls silent', () => undefined],
])('an answer that %s before its first byte is a failure in passing', async (_, end) => {
  answer = (response) => {
    response.writeHead(200, TYPE).flushHeaders()
    end(response)
  }
  const thrown = await get({ ...LIMITS, socketMs: 100 }).catch((error: unknown) => error)
  expect(['unreachable', 'timeout']).toContain(serviceFailure(thrown).kind)
})
