import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  AttachThingPrincipalCommand,
  CreateThingCommand,
  DescribeThingCommand,
  IoTClient,
  ListThingsCommand,
} from '@aws-sdk/client-iot'
import { splitTarget } from '@thingpass/local/sigv4/raw-request'
import { type SigningSettings, signRequest } from '@thingpass/local/sigv4/sign'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type AnswerUpstream,
  startSignedUpstream,
  UPSTREAM_KEYS,
} from '../../testing/signed-upstream.ts'
import { parseTarget } from '../control-client/target.ts'
import { type ProxySettings, type RunningProxy, startProxy } from './start-proxy.ts'

const CALLER = { profile: 'default', accessKeyId: 'AKIALOCALCALLER', secretAccessKey: 'of-caller' }

let upstream: Awaited<ReturnType<typeof startSignedUpstream>>
let proxy: RunningProxy
let answer: AnswerUpstream
const logged: string[] = []
const closing: (() => unknown)[] = []

beforeEach(async () => {
  logged.length = 0
  answer = (_, response) => response.end('{"things":[]}')
  upstream = await startSignedUpstream((request, response) => answer(request, response))
  proxy = await start({})
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await upstream.close()
})

async function start(changed: Partial<ProxySettings>, endpoint = `${upstream.url}/live`) {
  const target = parseTarget({ endpoint, tenant: 'acme', region: 'eu-central-1' }, {})
  if ('problem' in target) throw new Error(target.problem)
  const started = await startProxy({
    ...{ listen: { host: '127.0.0.1', port: 0 }, target, callerKeys: [CALLER] },
    findAccessKeys: async () => UPSTREAM_KEYS,
    clock: () => new Date(),
    log: (line) => logged.push(line),
    ...changed,
  })
  closing.push(started.close)
  return started
}

function toolOf(more: object = {}): IoTClient {
  const { accessKeyId, secretAccessKey } = CALLER
  const client = new IoTClient({
    ...{ endpoint: proxy.url, region: 'eu-central-1', maxAttempts: 1 },
    credentials: { accessKeyId, secretAccessKey },
    ...more,
  })
  closing.push(() => client.destroy())
  return client
}

const KEY: SigningSettings = {
  ...{ accessKeyId: CALLER.accessKeyId, secretAccessKey: CALLER.secretAccessKey },
  ...{ region: 'eu-central-1', service: 'iot', pathRule: 'segments-encoded-again' },
  now: new Date(),
}

type Sent = {
  readonly method?: string
  readonly target?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly unsignedHeaders?: Readonly<Record<string, string>>
  readonly body?: string
  readonly key?: Partial<SigningSettings>
}

async function send({ method = 'GET', target = '/things', body = '', ...more }: Sent) {
  const { host, hostname, port } = new URL(proxy.url)
  const headers = { host, ...more.headers }
  const signed = signRequest(
    {
      ...{ method, ...splitTarget(target), body: Buffer.from(body) },
      headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    },
    { ...KEY, now: new Date(), ...more.key },
  )!
  const fields = Object.fromEntries([...signed.headers].map(([name, each]) => [name, each.join()]))
  const sent = request({
    ...{ host: hostname, port, method, path: target },
    headers: { ...fields, ...more.unsignedHeaders },
  })
  sent.on('error', () => undefined)
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}
describe('a stock tool', () => {
  test('that signs for iot reaches what takes execute-api alone', async () => {
    answer = (_, response) => response.end('{"thingName":"a:b"}')
    const described = await toolOf().send(new DescribeThingCommand({ thingName: 'a:b' }))
    expect(described.thingName).toBe('a:b')
    expect(upstream.requests).toMatchObject([
      {
        ...{ method: 'GET', path: '/live/t/acme/things/a%3Ab', query: '' },
        verification: { verified: true, service: 'execute-api', accessKeyId: 'AKIAUPSTREAM' },
      },
    ])
  })

  test('keeps query, body, and the principal that it names in a header', async () => {
    const tool = toolOf()
    await tool.send(new ListThingsCommand({ attributeName: 'a b', attributeValue: 'c+/&' }))
    await tool.send(new CreateThingCommand({ thingName: 'a', thingTypeName: 'ü' }))
    const principal = 'arn:aws:iot:eu-central-1:123456789012:cert/00'
    await tool.send(new AttachThingPrincipalCommand({ thingName: 'a', principal }))
    const [list, create, attach] = upstream.requests
    expect(new URLSearchParams(list?.query).get('attributeValue')).toBe('c+/&')
    expect(create?.body.toString()).toBe('{"thingTypeName":"ü"}')
    expect(create?.headers.get('content-type')).toEqual(['application/json'])
    expect(attach?.headers.get('x-amzn-principal')).toEqual([principal])
    expect(attach?.headers.get('content-length')).toEqual(['0'])
    expect(upstream.requests.every(({ verification }) => verification.verified)).toBe(true)
  })

  test('sees errors as they are', async () => {
    answer = (_, response) => {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' })
      response.end('{"message":"none"}')
    }
    const call = toolOf().send(new DescribeThingCommand({ thingName: 'a' }))
    await expect(call).rejects.toMatchObject({
      ...{ name: 'ResourceNotFoundException', message: 'none' },
      $metadata: { httpStatusCode: 404 },
    })
  })

  test('with keys of its own choice is refused, and nothing is sent on', async () => {
    const credentials = { accessKeyId: 'AKIAOTHER', secretAccessKey: 's' }
    const call = toolOf({ credentials }).send(new ListThingsCommand({}))
    await expect(call).rejects.toMatchObject({ name: 'UnrecognizedClientException' })
    expect(upstream.requests).toEqual([])
    expect(logged).toEqual(['GET /things: 403 UnrecognizedClientException'])
  })
})

describe('a request', () => {
  test('is sent on byte for byte, encoded as it is', async () => {
    const target = '/policies/a%2Bb%2f..%2F=,@?x=%2f&empty=&y'
    expect((await send({ target })).status).toBe(200)
    expect(upstream.requests).toMatchObject([
      { path: '/live/t/acme/policies/a%2Bb%2f..%2F=,@', query: 'x=%2f&empty=&y' },
    ])
  })

  test('signed for execute-api is as good', async () => {
    expect((await send({ key: { service: 'execute-api' } })).status).toBe(200)
  })

  test('leaves the first signature, and what no operation reads, behind', async () => {
    const headers = {
      'x-amz-content-sha256': 'UNSIGNED',
      cookie: 'c',
      'x-forwarded-for': '1.2.3.4',
    }
    await send({ headers, unsignedHeaders: { 'user-agent': 'tool/1' } })
    const [received] = upstream.requests
    expect(new Set(received?.headers.keys())).toEqual(
      new Set([
        ...['authorization', 'connection', 'host', 'user-agent', 'x-amz-date'],
        'x-amz-security-token',
      ]),
    )
    expect(received?.headers.get('user-agent')).toEqual(['tool/1'])
    expect(received?.headers.get('x-amz-security-token')).toEqual([UPSTREAM_KEYS.sessionToken])
  })

  test.each<[string, Sent, number, string]>([
    ['of a browser', { unsignedHeaders: { origin: 'https://a' } }, 403, 'AccessDeniedException'],
    ['to a rebound name', { headers: { host: 'evil.example' } }, 403, 'AccessDeniedException'],
    ['for another region', { key: { region: 'us-east-1' } }, 403, 'InvalidSignatureException'],
    ['for another service', { key: { service: 's3' } }, 403, 'InvalidSignatureException'],
    ['of long ago', { key: { now: new Date(0) } }, 403, 'InvalidSignatureException'],
    [
      'whose principal was added later',
      { unsignedHeaders: { 'x-amzn-principal': 'arn' } },
      ...([403, 'InvalidSignatureException'] as const),
    ],
    [
      'that is too large',
      { method: 'POST', body: 'x'.repeat(1_048_577) },
      ...([413, 'RequestEntityTooLargeException'] as const),
    ],
  ])('%s is refused', async (_, sent, status, code) => {
    const refused = await send(sent)
    expect(refused).toMatchObject({ status, headers: { 'x-amzn-errortype': code } })
    expect(JSON.parse(refused.body)).toEqual({ message: expect.any(String), __type: code })
    expect(upstream.requests).toEqual([])
  })

  test('to another place than a path is refused', async () => {
    const { port } = new URL(proxy.url)
    const socket = connect(Number(port), '127.0.0.1')
    closing.push(() => socket.destroy())
    socket.write(
      `GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
    )
    expect(await text(socket)).toMatch(/^HTTP\/1.1 403 /)
    expect(upstream.requests).toEqual([])
  })
})

test('a caller that goes away is not waited for', async () => {
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  answer = (_, response) => {
    response.once('close', resolve)
    arrive()
  }
  const list = new AbortController()
  const call = toolOf().send(new ListThingsCommand({}), { abortSignal: list.signal })
  await arrived
  list.abort()
  await expect(call).rejects.toThrow()
  await ended
})

describe('an answer', () => {
  test('comes back as it is, under the clock that judges signatures', async () => {
    const now = new Date()
    await proxy.close()
    proxy = await start({ clock: () => now })
    answer = (_, response) => {
      response.setHeader('x-own', ['a', 'b'])
      response.setHeader('date', 'Thu, 01 Jan 1970 00:00:00 GMT')
      response.setHeader('keep-alive', 'timeout=77')
      response.writeHead(201).end('body')
    }
    const { status, headers, body } = await send({})
    expect({ status, body }).toEqual({ status: 201, body: 'body' })
    expect(headers).toMatchObject({ 'x-own': 'a, b', date: now.toUTCString() })
    expect(headers['keep-alive']).not.toBe('timeout=77')
  })

  test('is streamed: its beginning comes before its end exists', async () => {
    let end: () => void = () => undefined
    answer = (_, response) => {
      response.write('begin')
      end = () => response.end(' end')
    }
    const { port } = new URL(proxy.url)
    const signed = signRequest(
      {
        ...{ method: 'GET', path: '/things', query: '', body: Buffer.alloc(0) },
        headers: new Map([['host', [`127.0.0.1:${port}`]]]),
      },
      { ...KEY, now: new Date() },
    )!
    const headers = Object.fromEntries(
      [...signed.headers].map(([name, each]) => [name, each.join()]),
    )
    const sent = request({ host: '127.0.0.1', port, path: '/things', headers }).end()
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    const [first] = (await once(response, 'data')) as [Buffer]
    expect(first.toString()).toBe('begin')
    end()
    expect(await text(response)).toBe(' end')
  })

  test('that breaks off breaks off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 9 })
      response.write('x', () => response.socket?.destroy())
    }
    await expect(send({})).rejects.toThrow()
  })

  test('where nobody answers says so, and what is wrong', async () => {
    const gone = createServer()
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', () => resolve()))
    const { port } = gone.address() as AddressInfo
    await new Promise((resolve) => gone.close(resolve))
    proxy = await start({}, `http://127.0.0.1:${port}`)
    const { status, body } = await send({})
    expect(status).toBe(502)
    expect(JSON.parse(body).message).toContain('nothing listens there')
  })

  test("without keys of the operator's is a refusal that says so", async () => {
    proxy = await start({ findAccessKeys: async () => ({ problem: 'no keys' }) })
    const call = toolOf().send(new ListThingsCommand({}))
    await expect(call).rejects.toMatchObject({
      ...{ name: 'AccessDeniedException', message: 'thingpass proxy: no keys' },
    })
  })
})

test('a port that is taken is an error of the start', async () => {
  const port = Number(new URL(proxy.url).port)
  await expect(start({ listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})
