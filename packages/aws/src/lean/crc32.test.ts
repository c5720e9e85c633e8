import { crc32 as reference } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from './crc32.ts'

test('agrees with the check value of its kind', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
})

test("agrees with Node's", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(crc32(bytes)).toBe(reference(bytes))
    }),
  )
})
