import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { exchange, type OutgoingRequest } from './exchange.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function portOf(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}
const serve = (listener: RequestListener) => portOf(createServer(listener))

const ask = (port: number, more: Partial<OutgoingRequest> = {}) =>
  exchange({
    origin: { protocol: 'http:', hostname: '127.0.0.1', port },
    ...{ method: 'GET', target: '/a%2Fb/../c?d', headers: { 'x-own': 'yes' } },
    limits: { connectMilliseconds: 5000, totalMilliseconds: 5000, bodyBytes: 10 },
    ...more,
  })

test('a request goes out as it is and its answer comes back whole', async () => {
  const port = await serve(({ url, headers, method }, response) => {
    response.setHeader('x-echo', `${method} ${url} ${headers['x-own']} ${headers.connection}`)
    response.writeHead(418).end('body')
  })
  expect(await ask(port)).toMatchObject({
    ...{ ok: true, status: 418, body: Buffer.from('body') },
    headers: { 'x-echo': 'GET /a%2Fb/../c?d yes close' },
  })
})

test('an answer of ten bytes is read, one of eleven is not', async () => {
  const port = await serve(
    ({ url }, response) => void response.end('x'.repeat(Number(url?.slice(1)))),
  )
  expect(await ask(port, { target: '/10' })).toMatchObject({ ok: true })
  expect(await ask(port, { target: '/11' })).toEqual({ ok: false, code: 'ANSWER_TOO_LARGE' })
})

test('an answer that drips is given up when its time is over', async () => {
  const port = await serve((_, response) => void response.write('x'))
  const limits = { connectMilliseconds: 5000, totalMilliseconds: 60, bodyBytes: 10 }
  expect(await ask(port, { limits })).toEqual({ ok: false, code: 'ANSWER_TIMEOUT' })
})

test('a handshake that hangs is given up before the whole time is over', async () => {
  const port = await portOf(createTcpServer((socket) => closing.push(() => socket.destroy())))
  const limits = { connectMilliseconds: 60, totalMilliseconds: 60_000, bodyBytes: 10 }
  const origin = { protocol: 'https:', hostname: '127.0.0.1', port } as const
  expect(await ask(port, { origin, limits })).toEqual({ ok: false, code: 'CONNECT_TIMEOUT' })
})

test('a connection that stands may take longer than connecting may', async () => {
  const port = await serve((_, response) => {
    setTimeout(() => response.end('late'), 500)
  })
  const limits = { connectMilliseconds: 400, totalMilliseconds: 5000, bodyBytes: 10 }
  expect(await ask(port, { limits })).toMatchObject({ ok: true })
})

test.each<[string, RequestListener, string]>([
  ['that is cut off', (_, response) => void response.socket?.destroy(), 'ECONNRESET'],
  [
    'whose body is cut off',
    (_, response) => {
      response.writeHead(200, { 'content-length': 9 })
      response.write('x', () => response.socket?.destroy())
    },
    'ECONNRESET',
  ],
])('an answer %s is told by its code', async (_, listener, code) => {
  expect(await ask(await serve(listener))).toEqual({ ok: false, code })
})

test('a key that is none is told by its code, before anything is sent', async () => {
  const origin = { protocol: 'https:', hostname: '127.0.0.1', port: 1 } as const
  const answer = await ask(1, { origin, tls: { cert: 'none', key: 'none' } })
  expect(answer).toMatchObject({ ok: false, code: expect.stringContaining('ERR_OSSL_PEM') })
})
