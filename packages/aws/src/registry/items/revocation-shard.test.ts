import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hasShard, SHARD_SET_BYTES, shardOf, shardSetOf, shardsOf } from './revocation-shard.ts'

const shard = fc.integer({ min: 0, max: 4095 }).map((bit) => bit.toString(16).padStart(3, '0'))

test('a set has the shards that it was made of, and no other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(shard, { maxLength: 60 }), shard, (members, any) => {
      const set = shardSetOf(members)
      expect(set).toHaveLength(SHARD_SET_BYTES)
      expect(shardsOf(set)).toEqual(members.toSorted())
      expect(hasShard(set, any)).toBe(members.includes(any))
    }),
  )
})

test('the first and the last shard have places of their own', () => {
  expect(shardsOf(shardSetOf(['000', 'fff']))).toEqual(['000', 'fff'])
  expect(shardsOf(new Uint8Array(SHARD_SET_BYTES).fill(255))).toHaveLength(4096)
  expect(shardsOf(new Uint8Array(SHARD_SET_BYTES))).toEqual([])
})

// Stored lists depend on it: `printf 5a03 | sha256sum`.
test('a shard is the beginning of the SHA-256 of the serial number', () => {
  expect(shardOf('5a03')).toBe('3ce')
})

test('a hundred thousand serial numbers in a row make shards of some 25', () => {
  const sizes = new Map<string, number>()
  for (let serial = 0; serial < 100_000; serial += 1) {
    const key = shardOf(serial.toString(16))
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  expect(sizes.size).toBe(4096)
  expect(Math.max(...sizes.values())).toBeLessThan(60)
})
