import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { type LoopbackServer, listenOnLoopback } from './loopback-server.ts'

/** Connects, and sends what makes the server work on something. */
async function busyClient({ port }: LoopbackServer) {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  return socket
}

test('it listens on a free port of loopback, and says where', async () => {
  const server = await listenOnLoopback(createServer(), {})
  expect(server.authority).toBe(`127.0.0.1:${server.port}`)
  await server.close()
})

test('an IPv6 address stands in brackets', async () => {
  const server = await listenOnLoopback(createServer(), { host: '::1' })
  expect(server.authority).toBe(`[::1]:${server.port}`)
  await server.close()
})

test.each(['0.0.0.0', '::', '192.0.2.1', 'localhost', ''])('it listens on no %j', async (host) => {
  const http = createServer()
  await expect(listenOnLoopback(http, { host })).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
  })
  expect(http.listening).toBe(false)
})

test('a port in use is Node’s error', async () => {
  const first = await listenOnLoopback(createServer(), {})
  await expect(listenOnLoopback(createServer(), { port: first.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
  await first.close()
})

test('a failed accept is told, and harms nobody', async () => {
  const http = createServer()
  const told: unknown[] = []
  const server = await listenOnLoopback(http, {}, { notAccepted: (error) => told.push(error) })
  const failure = Object.assign(new Error('too many open files'), { code: 'EMFILE' })
  http.emit('error', failure)
  expect(told).toEqual([failure])
  await server.close()
})

test('closing ends connections that are being answered, once, however often it is asked', async () => {
  const http = createServer(() => undefined)
  const server = await listenOnLoopback(http, {})
  const busy = await busyClient(server)
  await once(http, 'request')
  const ended = once(busy, 'close')
  await Promise.all([server.close(), server.close()])
  await ended
  await server.close()
})

test('closing waits for an answer as long as its grace is', async () => {
  const http = createServer()
  const server = await listenOnLoopback(http, {}, { graceMs: 10_000 })
  const busy = await busyClient(server)
  const [, response] = await once(http, 'request')
  const closing = server.close()
  const answer = once(busy, 'data')
  response.end('done')
  expect(String(await answer)).toContain('done')
  await closing
})
