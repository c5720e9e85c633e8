import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipAddressText } from './ip-address.ts'

const text = (hex: string): string => ipAddressText(Buffer.from(hex, 'hex'))

test.each([
  ['c0000207', '192.0.2.7'],
  ['00000000', '0.0.0.0'],
  ['ffffffff', '255.255.255.255'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000000000001', '::1'],
  ['00010000000000000000000000000000', '1::'],
  ['20010db8000000000000000000000007', '2001:db8::7'],
  ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
  ['20010db8000100010001000100010001', '2001:db8:1:1:1:1:1:1'],
  ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
  ['00010000000000010000000000010001', '1::1:0:0:1:1'],
  ['0001000000000001000000000000000a', '1:0:0:1::a'],
])('%s is %s', (octets, expected) => expect(text(octets)).toBe(expected))

test.each([0, 1, 3, 5, 8, 15, 17, 32])('%i octets are no address', (length) => {
  expect(() => ipAddressText(new Uint8Array(length))).toThrow(SyntaxError)
})

// The URL parser is an independent writer of the same form; IPv4-mapped addresses included.
test('IPv6 is written as the URL standard writes it', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }))
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const octets = groups.flatMap((value) => [value >> 8, value & 0xff])
      const { hostname } = new URL(
        `http://[${groups.map((value) => value.toString(16)).join(':')}]`,
      )
      expect(`[${ipAddressText(Uint8Array.from(octets))}]`).toBe(hostname)
    }),
  )
})
