import { expect, test } from 'vitest'
import { createLeastRecentlyUsed } from './least-recently-used.ts'

const keptOf = (memory: ReturnType<typeof createLeastRecentlyUsed<string>>, keys: string) =>
  [...keys].filter((key) => memory.get(key) !== undefined).join('')

test('keeps what was set, and the last of what was set twice', () => {
  const memory = createLeastRecentlyUsed<string>(2)
  memory.set('a', 'first')
  memory.set('a', 'second')
  expect(memory.get('a')).toBe('second')
  expect(memory.get('b')).toBeUndefined()
})

test('forgets the oldest beyond its capacity', () => {
  const memory = createLeastRecentlyUsed<string>(2)
  for (const key of 'abc') memory.set(key, key)
  expect(keptOf(memory, 'abc')).toBe('bc')
})

test('counts being asked for as use', () => {
  const memory = createLeastRecentlyUsed<string>(2)
  memory.set('a', 'a')
  memory.set('b', 'b')
  memory.get('a')
  memory.set('c', 'c')
  expect(keptOf(memory, 'abc')).toBe('ac')
})

test('counts being set again as use, and not as one more', () => {
  const memory = createLeastRecentlyUsed<string>(2)
  for (const key of 'abab') memory.set(key, key)
  memory.set('a', 'a')
  memory.set('c', 'c')
  expect(keptOf(memory, 'abc')).toBe('ac')
})

const weighing = () => createLeastRecentlyUsed<string>(10, (value) => value.length)

test('keeps the sum of the weights within its capacity, forgetting as many as it takes', () => {
  const memory = weighing()
  for (const key of 'abc') memory.set(key, '123')
  memory.set('d', '1')
  expect(keptOf(memory, 'abcd')).toBe('abcd')
  memory.set('e', '12345')
  expect(keptOf(memory, 'abcde')).toBe('cde')
})

test('does not keep what weighs more than its capacity, nor what was there before it', () => {
  const memory = weighing()
  memory.set('a', '1')
  memory.set('b', '1')
  memory.set('b', '12345678901')
  expect(keptOf(memory, 'ab')).toBe('a')
  memory.set('c', '1234567890')
  expect(keptOf(memory, 'abc')).toBe('c')
})

test('does not keep what has no weight that can be compared', () => {
  const memory = createLeastRecentlyUsed<string>(10, () => Number.NaN)
  memory.set('a', 'a')
  expect(memory.get('a')).toBeUndefined()
})
