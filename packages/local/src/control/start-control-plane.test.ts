import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RawRequest } from '../sigv4/raw-request.ts'
import { splitTarget } from '../sigv4/raw-request.ts'
import { type SigningSettings, signRequest } from '../sigv4/sign.ts'
import { type RunningControlPlane, startControlPlane } from './start-control-plane.ts'

const NOW = new Date('2026-06-01T12:00:00Z')
const events: APIGatewayProxyEvent[] = []
const logged: string[] = []
let result: () => Promise<APIGatewayProxyResult>
let server: RunningControlPlane

const SETTINGS = {
  accountId: '123456789012',
  region: 'us-east-1',
  accessKeys: [
    { profile: 'default', accessKeyId: 'AKIADEFAULT', secretAccessKey: 'secret-of-default' },
    { profile: 'acme', accessKeyId: 'AKIAACME', secretAccessKey: 'secret-of-acme' },
  ],
  handler: async (event: APIGatewayProxyEvent) => {
    events.push(event)
    return result()
  },
  clock: () => NOW,
  log: (line: string) => logged.push(line),
}

beforeAll(async () => {
  server = await startControlPlane(SETTINGS)
})
afterAll(() => server.close())
beforeEach(() => {
  events.length = 0
  logged.length = 0
  result = async () => ({ statusCode: 200, headers: { 'x-own': 'yes' }, body: '{"ok":true}' })
})

type Sent = {
  readonly method?: string
  readonly target?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: Partial<SigningSettings>
  /** Changes the request after it was signed. */
  readonly tamper?: (signed: RawRequest) => RawRequest
}

const KEY: SigningSettings = {
  accessKeyId: 'AKIADEFAULT',
  secretAccessKey: 'secret-of-default',
  region: 'us-east-1',
  service: 'iot',
  pathRule: 'segments-encoded-again',
  now: NOW,
}

async function send({ method = 'GET', target = '/endpoint', body = '', ...more }: Sent = {}) {
  const headers = { host: `127.0.0.1:${server.port}`, ...more.headers }
  const unsigned: RawRequest = {
    ...{ method, ...splitTarget(target), body: Buffer.from(body) },
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
  }
  const signed = signRequest(unsigned, { ...KEY, ...more.key })!
  return deliver((more.tamper ?? ((each) => each))(signed))
}

async function deliver({ method, path, query, headers, body }: RawRequest) {
  const sent = request({
    ...{ host: '127.0.0.1', port: server.port, method },
    path: query === '' ? path : `${path}?${query}`,
    headers: Object.fromEntries([...headers].map(([name, values]) => [name, values.join()])),
  })
  sent.on('error', () => undefined)
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const answer = await text(response)
  return {
    status: response.statusCode,
    errorType: response.headers['x-amzn-errortype'],
    headers: response.headers,
    body: answer,
  }
}

const without = (name: string) => (signed: RawRequest) => {
  const headers = new Map(signed.headers)
  headers.delete(name)
  return { ...signed, headers }
}

test.each(['iot', 'execute-api'])(
  'a request that is signed for %s reaches the handler',
  async (service) => {
    const answer = await send({ key: { service } })
    expect(answer).toMatchObject({
      status: 200,
      body: '{"ok":true}',
      headers: {
        ...{ 'x-own': 'yes', 'content-type': 'application/json' },
        'x-amzn-requestid': events[0]?.requestContext.requestId,
        date: NOW.toUTCString(),
      },
    })
  },
)

test('the handler gets the event that a REST API with IAM authorization would send', async () => {
  await send({
    method: 'POST',
    target: '/attached-policies/arn%3Aaws%2Fx?pageSize=1&pageSize=2&marker=a%2Bb',
    headers: { 'x-amzn-principal': 'arn', 'user-agent': 'agent' },
    body: '{"ü":1}',
  })
  expect(events).toMatchObject([
    {
      httpMethod: 'POST',
      path: '/attached-policies/arn%3Aaws%2Fx',
      headers: { 'x-amzn-principal': 'arn' },
      multiValueHeaders: { 'x-amzn-principal': ['arn'] },
      queryStringParameters: { pageSize: '2', marker: 'a+b' },
      multiValueQueryStringParameters: { pageSize: ['1', '2'], marker: ['a+b'] },
      body: '{"ü":1}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '123456789012',
        requestTimeEpoch: NOW.getTime(),
        identity: {
          accessKey: 'AKIADEFAULT',
          userArn: 'arn:aws:iam::123456789012:user/default',
          sourceIp: '127.0.0.1',
          userAgent: 'agent',
        },
      },
    },
  ])
})

test('a request without body or parameters has none', async () => {
  await send()
  expect(events).toMatchObject([
    { body: null, queryStringParameters: null, multiValueQueryStringParameters: null },
  ])
})

const readings: [target: string, lists: Readonly<Record<string, readonly string[]>>][] = [
  ['/things??maxResults=1', { '?maxResults': ['1'] }],
  ['/things???a=1', { '??a': ['1'] }],
  ['/things?a=1?b=2', { a: ['1?b=2'] }],
  ['/things?a=2&a=1', { a: ['1', '2'] }],
  ['/things?a=%61&a=A&a', { a: ['', 'A', 'a'] }],
  ['/things?a=1&&b=2', { '': [''], a: ['1'], b: ['2'] }],
  ['/things?a=b=c', { a: ['b=c'] }],
  ['/things?__proto__=1', { ['__proto__']: ['1'] }],
]
test.each(readings)('the parameters of %s are read as they were signed', async (target, lists) => {
  await send({ target })
  expect(events[0]?.multiValueQueryStringParameters).toEqual(lists)
})

test('a change of order makes no other last value: the signature would not know of it', async () => {
  await send({ target: '/things?a=1&a=2', tamper: (signed) => ({ ...signed, query: 'a=2&a=1' }) })
  expect(events).toMatchObject([{ queryStringParameters: { a: '2' } }])
})

test.each(['a=1', '?a=1&', '%3Fa=1&b=2'])('the query ?a=1 is not %j', async (query) => {
  const answer = await send({ target: '/things??a=1', tamper: (signed) => ({ ...signed, query }) })
  expect([answer.status, answer.errorType]).toEqual(SIGNATURE)
  expect(events).toEqual([])
})

test.each(['a=%ff', 'a=%', '%zz=1'])(
  'the query %s, which has no one reading, is refused',
  async (query) => {
    const answer = await send({ target: '/things?a=1', tamper: (signed) => ({ ...signed, query }) })
    expect([answer.status, answer.errorType]).toEqual(SIGNATURE)
  },
)

const SIGNATURE = [403, 'InvalidSignatureException'] as const

const refusals: Readonly<Record<string, readonly [Sent, number, string]>> = {
  'without signature': [
    { tamper: without('authorization') },
    ...([403, 'MissingAuthenticationTokenException'] as const),
  ],
  'with another scheme': [
    {
      tamper: (signed) => ({
        ...signed,
        headers: new Map(signed.headers).set('authorization', ['Basic x']),
      }),
    },
    ...([403, 'IncompleteSignatureException'] as const),
  ],
  'of a key that nobody gave out': [
    { key: { accessKeyId: 'AKIANOBODY' } },
    ...([403, 'UnrecognizedClientException'] as const),
  ],
  'with a session token': [
    { key: { sessionToken: 'token' } },
    ...([403, 'UnrecognizedClientException'] as const),
  ],
  'signed with another secret': [{ key: { secretAccessKey: 'secret-of-acme' } }, ...SIGNATURE],
  'signed for another service': [{ key: { service: 'sts' } }, ...SIGNATURE],
  'signed for another region': [{ key: { region: 'eu-west-1' } }, ...SIGNATURE],
  'signed 16 minutes ago': [{ key: { now: new Date(NOW.getTime() - 960_000) } }, ...SIGNATURE],
  'signed in 16 minutes': [{ key: { now: new Date(NOW.getTime() + 960_000) } }, ...SIGNATURE],
  'with another body than the signed one': [
    { method: 'POST', body: '{}', tamper: (signed) => ({ ...signed, body: Buffer.from('[]') }) },
    ...SIGNATURE,
  ],
  'with another path than the signed one': [
    { tamper: (signed) => ({ ...signed, path: '/things' }) },
    ...SIGNATURE,
  ],
  'with a principal that was not signed': [
    {
      tamper: (signed) => ({
        ...signed,
        headers: new Map(signed.headers).set('x-amzn-principal', ['arn']),
      }),
    },
    ...SIGNATURE,
  ],
  'for a host that is not loopback': [
    { headers: { host: 'control.example.com' } },
    ...([403, 'AccessDeniedException'] as const),
  ],
  'for a host that begins like loopback': [
    { headers: { host: 'localhost.example.com' } },
    ...([403, 'AccessDeniedException'] as const),
  ],
  'of a browser': [
    { headers: { origin: 'http://127.0.0.1:8080' } },
    ...([403, 'AccessDeniedException'] as const),
  ],
  'of a browser that hides its origin': [
    { headers: { origin: 'null' } },
    ...([403, 'AccessDeniedException'] as const),
  ],
  'of a tenant for the default one': [
    { key: { accessKeyId: 'AKIAACME', secretAccessKey: 'secret-of-acme' } },
    ...([403, 'AccessDeniedException'] as const),
  ],
  'with a body over its bound': [
    { method: 'POST', body: 'x'.repeat(6 * 1024 * 1024 + 1) },
    ...([413, 'RequestEntityTooLargeException'] as const),
  ],
}

test.each(Object.entries(refusals))(
  'a request %s goes no further',
  async (_, [sent, status, errorType]) => {
    const answer = await send(sent)
    expect(answer).toMatchObject({ status, errorType })
    expect(JSON.parse(answer.body)).toMatchObject({
      __type: errorType,
      message: expect.any(String),
    })
    expect(events).toEqual([])
    expect(logged).toEqual([expect.stringContaining(`${status} ${errorType}`)])
    expect(JSON.stringify([answer, logged])).not.toContain('secret')
  },
)

test('a tenant reaches what is under its prefix', async () => {
  const key = { accessKeyId: 'AKIAACME', secretAccessKey: 'secret-of-acme' }
  expect((await send({ target: '/t/acme/endpoint', key })).status).toBe(200)
  expect(events[0]?.requestContext.identity.userArn).toBe('arn:aws:iam::123456789012:user/acme')
})

test.each(['localhost', '127.0.0.1', '[::1]:8080', 'LOCALHOST:1'])(
  'the host may be written %s',
  async (host) => {
    expect((await send({ headers: { host } })).status).toBe(200)
  },
)

test('a body at its bound is taken', async () => {
  expect((await send({ method: 'POST', body: 'x'.repeat(6 * 1024 * 1024) })).status).toBe(200)
})

test.each([
  ['throws', async () => Promise.reject(new Error('secret'))],
  ['answers with no status', async () => ({ statusCode: 0, body: '' })],
  [
    'answers with a header that HTTP does not know',
    async () => ({ statusCode: 200, headers: { 'a b': 'c' }, body: '' }),
  ],
])('a handler that %s costs its request alone', async (_, failing) => {
  result = failing
  expect(await send()).toMatchObject({ status: 500, body: '{"message":"Internal Failure"}' })
  expect(JSON.stringify(logged)).not.toContain('secret')
  result = async () => ({ statusCode: 200, body: '{}' })
  expect((await send()).status).toBe(200)
})

test('what is no HTTP is ended, and the next request answered', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.end('no HTTP\r\n\r\n')
  expect(await text(socket)).toContain('400 Bad Request')
  expect((await send()).status).toBe(200)
})

test('a client that goes away in the middle harms nobody', async () => {
  const socket = connect(server.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('POST /endpoint HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nab')
  socket.destroy()
  await once(socket, 'close')
  expect((await send()).status).toBe(200)
})

test.each(['0.0.0.0', '192.0.2.7', '::', 'localhost'])('it does not listen on %s', async (host) => {
  await expect(startControlPlane({ ...SETTINGS, host })).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
  })
})

test('a port that is taken is an error of the start', async () => {
  const again = startControlPlane({ ...SETTINGS, port: server.port })
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('its URL is one to point tools at', () => {
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`)
})

test('T38: a connection that pipelines more requests than it may have in flight is ended', async () => {
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  // In one piece, so that all of them are there before the first is answered.
  socket.write('GET /things HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(500))
  await closed
  expect(logged.filter((line) => line.startsWith('connection ended'))).toHaveLength(1)
  expect(logged.filter((line) => line.startsWith('refused request')).length).toBeLessThan(17)
})
