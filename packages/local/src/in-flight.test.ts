import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { createInFlightCount } from './in-flight.ts'

function connection() {
  const socket = { paused: false, pause: () => undefined as unknown }
  socket.pause = () => {
    socket.paused = true
  }
  const request = { socket } as unknown as IncomingMessage
  const respond = () => new EventEmitter() as unknown as ServerResponse
  return { socket, request, respond }
}

test('a connection has so many requests at once, and is read no further when it sends one more', () => {
  const count = createInFlightCount(2)
  const { socket, request, respond } = connection()
  expect([count(request, respond()), count(request, respond())]).toEqual(['answer', 'answer'])
  expect(socket.paused).toBe(false)
  expect(count(request, respond())).toBe('refuse')
  expect(socket.paused).toBe(true)
  expect(count(request, respond())).toBe('ignore')
})

test('an answered request counts no more, but one too many is the last', () => {
  const count = createInFlightCount(1)
  const { request, respond } = connection()
  const first = respond()
  expect(count(request, first)).toBe('answer')
  first.emit('close')
  const second = respond()
  expect(count(request, second)).toBe('answer')
  expect(count(request, respond())).toBe('refuse')
  second.emit('close')
  expect(count(request, respond())).toBe('ignore')
})

test('connections do not count for one another', () => {
  const count = createInFlightCount(1)
  const [one, other] = [connection(), connection()]
  expect(count(one.request, one.respond())).toBe('answer')
  expect(count(other.request, other.respond())).toBe('answer')
})
