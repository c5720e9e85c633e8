import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { REGISTRY_LIMITS } from '../call-limits.ts'
import { createWire, type Wire } from './wire.ts'

const answerOf = (body: string, head = '') =>
  `HTTP/1.1 200 OK\r\n${head}content-length: ${body.length}\r\n\r\n${body}`
const chunkedOf = (body: string, head = '') =>
  `HTTP/1.1 200 OK\r\n${head}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`

let server: Server
let sockets: Socket[]
let onRequest: (socket: Socket, body: string) => void
let wire: Wire

beforeEach(async () => {
  sockets = []
  server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.setNoDelay(true)
    socket.on('data', (data) => onRequest(socket, String(data).split('\r\n\r\n')[1] ?? ''))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  wire = openWire()
})
afterEach(() => {
  wire.close()
  for (const socket of sockets) socket.destroy()
  server.close()
})

function openWire(): Wire {
  const { port } = server.address() as AddressInfo
  const host = `127.0.0.1:${port}`
  return createWire({
    endpoint: { secure: false, hostname: '127.0.0.1', port, host },
    limits: { ...REGISTRY_LIMITS, maxSockets: 1, requestMs: 5000, socketMs: 5000 },
    largestAnswerBytes: 1_000_000,
  })
}

const ask = (body = 'q') => {
  const headers = { 'content-length': String(body.length) }
  return wire.post({ headers, body }, new AbortController().signal)
}
const bodyOf = async (body?: string) => (await ask(body)).body.toString()

describe('an answer that is alone', () => {
  test.each([
    ['with a length', (body: string) => answerOf(body)],
    ['in chunks', (body: string) => chunkedOf(body)],
    ['of no bytes', () => answerOf('')],
    ['of many bytes', () => answerOf('x'.repeat(500_000))],
    ['of many bytes in chunks', () => chunkedOf('x'.repeat(500_000))],
  ])('%s leaves its connection to the next', async (_, answer) => {
    onRequest = (socket) => socket.write(answer('one'))
    const first = await bodyOf()
    await expect(bodyOf()).resolves.toBe(first)
    await bodyOf()
    expect(sockets).toHaveLength(1)
  })

  test.each([
    ['with a length', answerOf],
    ['in chunks', chunkedOf],
  ])('%s is taken byte by byte', async (_, answer) => {
    onRequest = async (socket) => {
      for (const byte of answer('one')) {
        socket.write(byte)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await expect(bodyOf()).resolves.toBe('one')
    await expect(bodyOf()).resolves.toBe('one')
    expect(sockets).toHaveLength(1)
  })

  test.each([
    ['with a length', answerOf],
    ['in chunks', chunkedOf],
  ])('%s is taken when the service closes after it', async (_, answer) => {
    onRequest = (socket) => socket.end(answer('one', 'connection: close\r\n'))
    await expect(bodyOf()).resolves.toBe('one')
    await expect(bodyOf()).resolves.toBe('one')
    expect(sockets).toHaveLength(2)
  })
})

describe('an answer with more behind it', () => {
  const ANSWERS = { 'with a length': answerOf, 'in chunks': chunkedOf }
  const MORE = {
    'a whole answer': answerOf('surplus'),
    'a whole answer in chunks': chunkedOf('surplus'),
    'the beginning of one': 'HTTP/1.1 200 OK\r\nx-x: ',
    'one byte': 'H',
    'an empty line': '\r\n',
  }
  const rows = Object.entries(ANSWERS).flatMap(([form, answer]) =>
    Object.entries(MORE).map(([what, more]) => [form, what, answer('one') + more] as const),
  )
  test.each(rows)('%s, %s, is not taken, and its connection closed', async (_, __, text) => {
    onRequest = (socket) => socket.write(sockets.length === 1 ? text : answerOf('two'))
    await expect(ask()).rejects.toMatchObject({ code: 'SurplusAnswer' })
    await expect(bodyOf()).resolves.toBe('two')
    expect(sockets).toHaveLength(2)
  })
})

test.each([
  ['an answer to nothing', answerOf('surplus')],
  ['an empty line', '\r\n'],
])('%s closes an idle connection', async (_, more) => {
  onRequest = (socket) => socket.write(answerOf('one'))
  await ask()
  const [first] = sockets as [Socket]
  const closed = once(first, 'close')
  first.write(more)
  await closed
  await expect(bodyOf()).resolves.toBe('one')
  expect(sockets).toHaveLength(2)
})

test('an answer that was there before its request is taken for no answer to it', async () => {
  onRequest = (socket, body) => socket.write(answerOf(`to ${body}`))
  await ask('a')
  const [first] = sockets as [Socket]
  const unasked: string[] = []
  onRequest = (socket, body) => {
    if (socket === first) unasked.push(body)
    socket.write(answerOf(`to ${body}`))
  }
  first.write(answerOf('to a'))
  const second = await bodyOf('b').catch((thrown: { code: string }) => thrown.code)
  expect(second).not.toBe('to a')
  await expect(bodyOf('c')).resolves.toBe('to c')
  expect(unasked).toEqual([])
})

test('a connection that brought an answer to something else is closed when it is told so', async () => {
  onRequest = (socket) => socket.write(answerOf('one'))
  const answer = await ask()
  answer.closeConnection()
  await ask()
  expect(sockets).toHaveLength(2)
})
