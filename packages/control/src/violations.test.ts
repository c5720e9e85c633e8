import { expect, test } from 'vitest'
import { mapOf } from './compound-shape.ts'
import { body, readInput } from './members.ts'
import { text } from './shape.ts'
import { TAGS } from './tag-shape.ts'

const reading = (json: object) =>
  readInput(
    { tags: body(TAGS) },
    { request: { query: [], headers: new Map(), body: JSON.stringify(json) }, labels: new Map() },
    { strict: true },
  )
const messageOf = (json: object) => {
  const read = reading(json)
  return read.ok ? '' : read.message
}

test('T37: no item of a list that is too long is looked at', () => {
  expect(messageOf({ tags: Array.from({ length: 51 }, () => 0) })).toMatch(
    /^1 validation error detected: Value at 'tags' failed/,
  )
})

test('T37: of many errors twenty are spelt out, and all are counted', () => {
  const tags = Array.from({ length: 50 }, () => 0)
  const message = messageOf({ tags })
  expect(message).toMatch(/^50 validation errors detected: .*; and 30 more$/)
  expect(message.match(/failed to satisfy/g)).toHaveLength(20)
  expect(messageOf({ tags: tags.slice(30) })).not.toContain('more')
})

test('T37: thousands of unknown members are counted', () => {
  const names = Array.from({ length: 9000 }, (_, index) => [`x${index}`, 0])
  const message = messageOf(Object.fromEntries(names))
  expect(message).toMatch(/^9000 validation errors detected: /)
  expect(message.length).toBeLessThan(3000)
})

test('T37: no entry of a map that is too large is looked at', () => {
  const request = { query: [], headers: new Map(), body: '{"map":{"a":0,"b":0,"c":0}}' }
  const members = { map: body(mapOf(text(), text(), 2)) }
  expect(readInput(members, { request, labels: new Map() })).toEqual({
    ok: false,
    message:
      "1 validation error detected: Value at 'map' failed to satisfy constraint: Member must have at most 2 entries",
  })
})
