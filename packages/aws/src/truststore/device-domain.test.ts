import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2'
import { parseRegion } from '@thingpass/core/names'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createDeviceDomain } from './device-domain.ts'
import { createApiGatewayClient } from './truststore-clients.ts'

let asked: { method: string | undefined; path: string | undefined; body: unknown }[]
let reply: { readonly status: number; readonly body: unknown }
const server = createServer(async (request, response) => {
  const body = await text(request)
  asked.push({
    method: request.method,
    path: request.url,
    body: body === '' ? undefined : JSON.parse(body),
  })
  const headers = {
    'content-type': 'application/json',
    ...(reply.status >= 400 && { 'x-amzn-errortype': 'TooManyRequestsException' }),
  }
  response.writeHead(reply.status, headers).end(JSON.stringify(reply.body))
})
let client: ApiGatewayV2Client

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  client = createApiGatewayClient({
    region: parseRegion('eu-central-1')!,
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
})
afterAll(() => {
  client.destroy()
  server.close()
})
beforeEach(() => {
  asked = []
})

const domain = () => createDeviceDomain({ client, domainName: 'devices.example.com' })
const PATH = '/v2/domainnames/devices.example.com'

test('a domain says which version it uses, and what is wrong with it', async () => {
  reply = {
    status: 200,
    body: {
      mutualTlsAuthentication: {
        truststoreUri: 's3://bucket/truststore.pem',
        truststoreVersion: 'v1',
        truststoreWarnings: ['a CA has ended'],
      },
    },
  }
  expect(await domain().read()).toEqual({ versionId: 'v1', warnings: ['a CA has ended'] })
  expect(asked).toEqual([{ method: 'GET', path: PATH, body: undefined }])
})

test('a domain without warnings has none', async () => {
  const tls = { truststoreUri: 's3://bucket/truststore.pem' }
  reply = { status: 200, body: { mutualTlsAuthentication: tls } }
  expect(await domain().read()).toEqual({ versionId: undefined, warnings: [] })
})

test('a domain that asks for no client certificate is a fault', async () => {
  reply = { status: 200, body: {} }
  await expect(domain().read()).rejects.toMatchObject({
    code: 'UNEXPECTED',
    message: 'the domain devices.example.com has no mutual TLS',
  })
})

test('an update changes the version and nothing else', async () => {
  reply = { status: 200, body: {} }
  await domain().use('v2')
  expect(asked).toEqual([
    {
      method: 'PATCH',
      path: PATH,
      body: { mutualTlsAuthentication: { truststoreVersion: 'v2' } },
    },
  ])
})

test.each([
  ['GetDomainName', () => domain().read()],
  ['UpdateDomainName', () => domain().use('v2')],
])(
  "a refusal of %s is a fault without API Gateway's message, after one attempt",
  async (operation, call) => {
    reply = { status: 429, body: { message: 'not to be seen' } }
    const error: Error = await call().then(
      () => new Error('no refusal'),
      (thrown: Error) => thrown,
    )
    expect(error).toMatchObject({ code: 'UNEXPECTED' })
    expect(error.message).toMatch(`${operation} failed: TooManyRequestsException, status 429`)
    expect(error.message).not.toContain('not to be seen')
    expect(asked).toHaveLength(1)
  },
)
