import { spawn, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDevice, send } from '../../testing/device-client.ts'
import { exchangeText, openTls } from '../../testing/tls-wire.ts'
import { MOST_IN_FLIGHT } from '../in-flight.ts'
import {
  type Identity,
  issueCa,
  issueDeviceCertificate,
  issueServerCertificate,
} from '../pki/issue-certificate.ts'
import { type Gateway, startGateway } from './start-gateway.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 })

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

let serverCa: Identity
let server: Identity
let device: Identity
let gateway: Gateway
let events: APIGatewayProxyEventV2[]
let lines: string[]
let audited: { readonly requestId: string; readonly status: number }[]
let answer: (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>

beforeAll(async () => {
  const now = new Date()
  serverCa = await issueCa({ commonName: 'server CA', now, validDays: 2 })
  server = await issueServerCertificate(serverCa, {
    ...{ commonName: 'localhost', now, validDays: 1 },
    ...{ dnsNames: ['localhost'], addresses: ['127.0.0.1'] },
  })
  const stranger = await issueCa({ commonName: 'a CA the server never saw', now, validDays: 2 })
  device = await issueDeviceCertificate(stranger, { commonName: 'thing', now, validDays: 1 })
})

beforeEach(async () => {
  events = []
  lines = []
  audited = []
  answer = async () => ({ statusCode: 200, body: '{}' })
  gateway = await startGateway({
    port: 0,
    serverKey: server.privateKeyPem,
    serverCertificate: server.certificatePem,
    accountId: '123456789012',
    handler: (event) => {
      events.push(event)
      return answer(event)
    },
    refused: async (refused) => {
      audited.push(refused)
    },
    log: (line) => lines.push(line),
    handlerTimeoutMs: 200,
    headersTimeoutMs: 500,
  })
})
afterEach(() => gateway.close())

const client = () => ({
  ca: serverCa.certificatePem,
  cert: device.certificatePem,
  key: device.privateKeyPem,
})
const shownCertificate = (event: APIGatewayProxyEventV2 | undefined) =>
  event?.requestContext.authentication?.clientCert.clientCertPem

describe('the certificate', () => {
  test('of a CA that the server does not know reaches the handler', async () => {
    await send(gateway.url, { ...client(), agent: false })
    const pem = shownCertificate(events[0])
    expect(new X509Certificate(pem ?? '').raw).toEqual(
      new X509Certificate(device.certificatePem).raw,
    )
  })

  test('is absent from the event of a device that presents none', async () => {
    const { status } = await send(gateway.url, { ca: serverCa.certificatePem, agent: false })
    expect(status).toBe(200)
    expect(events[0]?.requestContext).not.toHaveProperty('authentication')
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is still the peer’s on a resumed session of %s, though it is not presented again',
    async (version) => {
      const limits = { minVersion: version, maxVersion: version }
      const sessions: Buffer[] = []
      const keep = (session: Buffer) => sessions.push(session)
      const first = await openTls(gateway.port, { ...client(), ...limits }, keep)
      const request = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
      await exchangeText(first, request)
      const resumed = await openTls(gateway.port, {
        ...{ ca: serverCa.certificatePem, ...limits },
        session: sessions[0]!,
      })
      expect(resumed.isSessionReused()).toBe(true)
      await exchangeText(resumed, request)
      expect(events).toHaveLength(2)
      expect(shownCertificate(events[1])).toBe(shownCertificate(events[0]))
      expect(shownCertificate(events[1])).toContain('BEGIN CERTIFICATE')
    },
  )

  test('cannot be changed by a renegotiation', async () => {
    const socket = await openTls(gateway.port, { ...client(), maxVersion: 'TLSv1.2' })
    socket.on('error', () => undefined)
    const closed = once(socket, 'close')
    socket.renegotiate({ rejectUnauthorized: true }, () => undefined)
    await closed
    expect(events).toEqual([])
  })
})

describe('the handshake', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('is made in %s', async (version) => {
    const socket = await openTls(gateway.port, {
      ...{ ...client(), minVersion: version, maxVersion: version },
    })
    expect(socket.getProtocol()).toBe(version)
    socket.destroy()
  })

  test('is refused in TLS 1.1', async () => {
    const old = openTls(gateway.port, {
      ...{ ...client(), minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' },
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    await expect(old).rejects.toThrow()
  })

  const offers: [offered: string[], chosen: string | false][] = [
    [['h2', 'http/1.1'], 'http/1.1'],
    [['x-amzn-http-ca'], 'x-amzn-http-ca'],
  ]
  test.each(offers)('answers the protocols %j with %s', async (ALPNProtocols, chosen) => {
    const socket = await openTls(gateway.port, { ...client(), ALPNProtocols })
    expect(socket.alpnProtocol).toBe(chosen)
    expect(
      await exchangeText(socket, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1\.1 200 /)
  })

  const openssl = 'openssl'
  const hasOpenssl = spawnSync(openssl, ['version']).status === 0
  test.runIf(hasOpenssl)('asks for a certificate and names no CA', async () => {
    const args = ['s_client', '-connect', `127.0.0.1:${gateway.port}`, '-tls1_2']
    const child = spawn(openssl, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    child.stdin.end()
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    await once(child, 'close')
    expect(output).toContain('No client certificate CA names sent')
    expect(output).toContain('Client Certificate Types: ')
  })

  test('that fails is logged in one line, without the peer’s data', async () => {
    const socket = connectTcp(gateway.port, '127.0.0.1')
    socket.end('hello, no TLS here\r\n\r\n')
    socket.on('error', () => undefined)
    socket.resume()
    await once(socket, 'close')
    await expect.poll(() => lines).toEqual([expect.stringMatching(/^connection failed: ERR_SSL_/)])
  })
})

describe('the answer', () => {
  test('is the handler’s, with what every answer carries', async () => {
    answer = async () => ({
      statusCode: 403,
      headers: { 'x-amzn-ErrorType': 'AccessDeniedException', 'cache-control': 'no-store' },
      body: '{"message":"Access Denied"}',
    })
    const got = await send(gateway.url, { ...client(), agent: false })
    expect(got.status).toBe(403)
    expect(got.body).toBe('{"message":"Access Denied"}')
    expect(got.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '27',
      'cache-control': 'no-store',
      'x-amzn-errortype': 'AccessDeniedException',
      'x-amzn-requestid': events[0]?.requestContext.requestId,
      date: expect.stringMatching(/^\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/),
    })
    expect(got.headers['x-amzn-requestid']).toMatch(UUID)
  })

  test('keeps the handler’s own headers, letter case and all, over the gateway’s', async () => {
    answer = async () => ({
      statusCode: 200,
      headers: { 'X-Amzn-RequestId': 'mine', 'content-type': 'text/plain', 'Content-Length': 99 },
      cookies: ['a=1', 'b=2'],
      body: Buffer.from('é').toString('base64'),
      isBase64Encoded: true,
    })
    const socket = await openTls(gateway.port, client())
    const text = await exchangeText(
      socket,
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    )
    expect(text).toContain('\r\nX-Amzn-RequestId: mine\r\n')
    expect(text).toContain('\r\ncontent-type: text/plain\r\n')
    expect(text).toContain('\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n')
    expect(text).toContain('\r\nContent-Length: 2\r\n')
    expect(text.match(/requestid|content-type|content-length/gi)).toHaveLength(3)
    expect(text).toMatch(/\r\n\r\né$/)
  })

  // What a handler may do wrong: each is a plain 500, and the connection goes on.
  const failures: Record<string, typeof answer> = {
    rejects: () => Promise.reject(new Error('key material -----BEGIN PRIVATE KEY-----')),
    throws: () => {
      throw new Error('synchronously')
    },
    'gives no status': async () => ({ body: '{}' }),
    'gives a status that is none': async () => ({ statusCode: 99, body: '{}' }),
    'gives a status beyond HTTP': async () => ({ statusCode: 1000, body: '{}' }),
    'gives a header with a line break': async () => ({
      statusCode: 200,
      headers: { 'x-good': 'kept back', 'x-bad': 'a\r\nb' },
      body: 'secret',
    }),
  }
  test.each(Object.entries(failures))('is 500 when the handler %s', async (_, failure) => {
    const calling = createDevice(serverCa.certificatePem, device)
    answer = failure
    const failed = await calling.get(gateway.url)
    expect(failed.status).toBe(500)
    expect(failed.body).toBe('{"message":"Internal Server Error"}')
    expect(failed.headers['x-good']).toBeUndefined()
    expect(failed.headers['x-amzn-requestid']).toMatch(UUID)
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain('PRIVATE')
    answer = async () => ({ statusCode: 200, body: '{}' })
    expect(await calling.get(gateway.url)).toMatchObject({ status: 200, reused: true })
    calling.close()
  })

  test('is 503 when the handler takes too long', async () => {
    answer = () => new Promise(() => undefined)
    const got = await send(gateway.url, { ...client(), agent: false })
    expect(got).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' })
  })

  test('to HEAD has no body', async () => {
    const got = await send(gateway.url, { ...client(), agent: false, method: 'HEAD' })
    expect(got).toMatchObject({ status: 200, body: '' })
    expect(got.headers['content-length']).toBe('2')
  })
})

describe('the request', () => {
  const raw = async (text: string) => exchangeText(await openTls(gateway.port, client()), text)

  test('has its body handed on', async () => {
    const options = { ...client(), agent: false, method: 'POST' }
    expect(await send(gateway.url, options, 'x'.repeat(100_000))).toMatchObject({ status: 200 })
    expect(events[0]?.isBase64Encoded).toBe(true)
    expect(Buffer.from(events[0]?.body ?? '', 'base64').byteLength).toBe(100_000)
    expect(events[0]?.requestContext.http.method).toBe('POST')
  })

  test('is refused when its body is over 10 MiB', async () => {
    const socket = await openTls(gateway.port, client())
    const bytes = 10 * 1024 * 1024 + 1
    const reply = exchangeText(
      socket,
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`,
    )
    expect(await reply).toMatch(/^HTTP\/1\.1 413 .*\{"message":"Request Entity Too Large"\}$/s)
    expect(events).toEqual([])
  })

  const line = 'GET / HTTP/1.1'
  const fixed = line.length + 'Host: a'.length + 'Connection: close'.length + 'x: '.length
  const sized = (bytes: number) =>
    `${line}\r\nHost: a\r\nConnection: close\r\nx: ${'y'.repeat(bytes - fixed)}\r\n\r\n`

  test('may have a head of 10,240 bytes', async () => {
    expect(await raw(sized(10_240))).toMatch(/^HTTP\/1\.1 200 /)
  })

  test.each([10_241, 10_400, 100_000])('is refused with a head of %i bytes', async (bytes) => {
    const reply = await raw(sized(bytes))
    expect(reply).toMatch(/^HTTP\/1\.1 431 .*\{"message":"Request Header Fields Too Large"\}$/s)
    expect(reply).toMatch(/\r\nx-amzn-requestid: [0-9a-f-]{36}\r\n/i)
    expect(reply).toMatch(/\r\ndate: /i)
    expect(events).toEqual([])
  })

  test('keeps every one of many headers', async () => {
    const many = 'a:\r\n'.repeat(2_500)
    await raw(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${many}x-last: here\r\n\r\n`)
    expect(events[0]?.headers['x-last']).toBe('here')
  })

  // Everything that is no request of HTTP/1.1 gets JSON, and no event.
  const malformed: Record<string, string> = {
    'no HTTP': 'hello\r\n\r\n',
    'HTTP/2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'a header without a colon': 'GET / HTTP/1.1\r\nHost: a\r\nbroken\r\n\r\n',
    'two lengths': 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    'length and chunks':
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'no Host': 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
    'two Hosts': 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
    'an undecodable path': 'GET /%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    'an absolute target': 'GET https://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  }
  test.each(Object.entries(malformed))('with %s is answered 400 in JSON', async (_, text) => {
    const reply = await raw(text)
    expect(reply).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*\{"message":"Bad Request"\}$/s)
    expect(reply).toMatch(/\r\ncontent-type: application\/json\r\n/i)
    expect(events).toEqual([])
    expect(lines).toHaveLength(1)
    const requestId = /\r\nx-amzn-requestid: (\S+)\r\n/i.exec(reply)?.[1]
    expect(audited).toEqual([{ requestId, status: 400 }])
  })

  test('that does not come to an end is answered 408 in JSON', async () => {
    const reply = await raw('GET / HTTP/1.1\r\nHost: a\r\nx-slow: ')
    expect(reply).toMatch(/^HTTP\/1\.1 408 .*\{"message":"Request Timeout"\}$/s)
    expect(events).toEqual([])
  })

  test('T36: that is given up leaves no connection, though its client neither reads nor closes', async () => {
    const halfOpen = { ...client(), allowHalfOpen: true }
    const socket = await openTls(gateway.port, halfOpen)
    const failed = once(socket, 'error')
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nx-slow: ')
    const drip = setInterval(() => socket.write('a'), 100)
    const [failure] = await failed
    clearInterval(drip)
    socket.destroy()
    expect(failure).toMatchObject({ code: expect.stringMatching(/^(?:EPIPE|ECONNRESET)$/) })
  })

  test('that is noise, in whatever place, is answered or cut off, and the next one is served', async () => {
    const good = 'GET /role-aliases/a/credentials HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    // A multiplicative generator: the same noise in every run.
    let state = 7
    const next = (below: number) => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
    for (let round = 0; round < 150; round += 1) {
      const bytes = Buffer.from(good)
      for (let change = 0; change <= next(6); change += 1) bytes[next(bytes.length)] = next(256)
      const socket = await openTls(gateway.port, client())
      socket.on('error', () => undefined)
      socket.end(bytes)
      socket.resume()
      await once(socket, 'close')
    }
    answer = async () => ({ statusCode: 200, body: '{}' })
    expect(await send(gateway.url, { ...client(), agent: false })).toMatchObject({ status: 200 })
  })

  test('that breaks off in its body harms nobody else', async () => {
    const socket = await openTls(gateway.port, client())
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc')
    socket.destroy()
    expect(await send(gateway.url, { ...client(), agent: false })).toMatchObject({ status: 200 })
    expect(events).toHaveLength(1)
  })
})

describe('the connection', () => {
  const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const statuses = (text: string) =>
    [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))

  test('may pipeline a few requests', async () => {
    const socket = await openTls(gateway.port, client())
    const last = request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
    const text = await exchangeText(socket, request.repeat(MOST_IN_FLIGHT - 1) + last)
    expect(statuses(text)).toEqual(Array(MOST_IN_FLIGHT).fill(200))
    expect(audited).toEqual([])
  })

  test('T38: has no more than so many in flight: one more is refused, and the rest not looked at', async () => {
    const { promise, resolve } = Promise.withResolvers<{ statusCode: number; body: string }>()
    answer = () => promise
    const socket = await openTls(gateway.port, client())
    const text = exchangeText(socket, request.repeat(500))
    await expect.poll(() => audited).toHaveLength(1)
    resolve({ statusCode: 200, body: '{}' })
    expect(statuses(await text)).toEqual([...Array(MOST_IN_FLIGHT).fill(200), 429])
    expect(await text).toMatch(/connection: close\r\n.*\{"message":"Too Many Requests"\}$/is)
    expect(events).toHaveLength(MOST_IN_FLIGHT)
    expect(audited).toEqual([{ requestId: expect.stringMatching(UUID), status: 429 }])
    expect(lines).toEqual([expect.stringMatching(/^refused request .*: 429 Too Many Requests$/)])
  })

  test('has its count to itself, and counts no request that was answered', async () => {
    const devices = [0, 1].map(() => createDevice(serverCa.certificatePem, device))
    for (const each of devices) {
      for (let sent = 0; sent <= MOST_IN_FLIGHT; sent += 1) {
        expect((await each.get(gateway.url)).status).toBe(200)
      }
      each.close()
    }
  })
})

describe('the gateway', () => {
  test('names its address', () => {
    expect(gateway.url).toBe(`https://localhost:${gateway.port}`)
  })

  test('fails to start on a port in use', async () => {
    const second = startGateway({
      port: gateway.port,
      serverKey: server.privateKeyPem,
      serverCertificate: server.certificatePem,
      accountId: '123456789012',
      handler: answer,
      refused: async () => undefined,
      log: () => undefined,
    })
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('ends open connections when it closes, idle ones and those that never shook hands', async () => {
    const calling = createDevice(serverCa.certificatePem, device)
    await calling.get(gateway.url)
    const silent = connectTcp(gateway.port, '127.0.0.1')
    await once(silent, 'connect')
    const ended = once(silent, 'close')
    silent.on('error', () => undefined)
    silent.resume()
    const asked = performance.now()
    await gateway.close()
    await ended
    expect(performance.now() - asked).toBeLessThan(5_000) // a handshake would have had 10 s
    await expect(calling.get(gateway.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    calling.close()
  })

  test('lets a running request finish when it closes', async () => {
    let finish: () => void = () => undefined
    answer = () =>
      new Promise((resolve) => {
        finish = () => resolve({ statusCode: 200, body: '{"late":true}' })
      })
    const got = send(gateway.url, { ...client(), agent: false })
    await expect.poll(() => events.length).toBe(1)
    const closed = gateway.close()
    finish()
    expect(await got).toMatchObject({ status: 200, body: '{"late":true}' })
    await closed
  })
})
