import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { parseRegion } from '@thingpass/core/names'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDynamoClient, createStsClient, REGISTRY_LIMITS, STS_LIMITS } from './clients.ts'

let answer: (response: ServerResponse) => void
let calls: number
let sockets: Set<Socket>
const server = createServer((request, response) => {
  calls++
  sockets.add(request.socket)
  request.resume().on('end', () => answer(response))
})
const options = () => ({
  region: parseRegion('eu-central-1')!,
  endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
})

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
beforeEach(() => {
  calls = 0
  sockets = new Set()
})
afterAll(() => {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(resolve))
})

const call = {
  DynamoDB: (limits = REGISTRY_LIMITS) => {
    const client = createDynamoClient(options(), limits)
    return { client, send: () => client.send(new ListTablesCommand({})) as Promise<unknown> }
  },
  STS: (limits = STS_LIMITS) => {
    const client = createStsClient(options(), limits)
    return { client, send: () => client.send(new GetCallerIdentityCommand({})) as Promise<unknown> }
  },
}
const limitsOf = { DynamoDB: REGISTRY_LIMITS, STS: STS_LIMITS }

describe.each(['DynamoDB', 'STS'] as const)('the %s client', (service) => {
  const limits = limitsOf[service]

  test('makes two attempts when the service fails, and no third', async () => {
    answer = (response) => response.writeHead(500).end()
    const { client, send } = call[service]()
    await expect(send()).rejects.toThrow()
    expect(calls).toBe(2)
    client.destroy()
  })

  test('makes one attempt when the request is refused', async () => {
    answer = (response) => response.writeHead(400).end()
    const { client, send } = call[service]()
    await expect(send()).rejects.toThrow()
    expect(calls).toBe(1)
    client.destroy()
  })

  test('gives up a request that is not answered', async () => {
    answer = () => undefined
    const { client, send } = call[service]({ ...limits, requestMs: 30, maxAttempts: 1 })
    await expect(send()).rejects.toMatchObject({ name: 'TimeoutError' })
    client.destroy()
  })

  test('gives up an answer that stops in the middle', async () => {
    answer = (response) => response.writeHead(200, { 'content-length': '90' }).write('{')
    const { client, send } = call[service]({ ...limits, socketMs: 50, maxAttempts: 1 })
    await expect(send()).rejects.toThrow()
    client.destroy()
  })

  test('keeps its connection for the next call', async () => {
    answer = (response) =>
      response.end(service === 'STS' ? '<a><GetCallerIdentityResult/></a>' : '{"TableNames":[]}')
    const { client, send } = call[service]()
    await send()
    await send()
    expect(calls).toBe(2)
    expect(sockets.size).toBe(1)
    client.destroy()
  })

  test('leaves room for both attempts within three seconds', () => {
    const pauseMs = 50
    expect(limits.maxAttempts * limits.requestMs + pauseMs).toBeLessThan(3000)
    expect(limits.connectionMs).toBeLessThan(limits.requestMs)
    expect(limits.socketMs).toBeLessThanOrEqual(limits.requestMs)
  })

  test('sends to the region that it was given', async () => {
    const { client } = call[service]()
    await expect(client.config.region()).resolves.toBe('eu-central-1')
    client.destroy()
  })
})
