import { describe, expect, test } from 'vitest'
import { isInRange, parseIpAddress, parseIpRange } from './ip.ts'

describe('parseIpAddress', () => {
  test.each([
    ['0.0.0.0', 32, 0n],
    ['1.2.3.4', 32, 0x01020304n],
    ['255.255.255.255', 32, 0xffffffffn],
    ['::', 128, 0n],
    ['::1', 128, 1n],
    ['1::', 128, 1n << 112n],
    ['1:2:3:4:5:6:7:8', 128, 0x00010002000300040005000600070008n],
    ['2001:DB8::a', 128, 0x20010db800000000000000000000000an],
    ['1:2:3:4:5:6:7::', 128, 0x00010002000300040005000600070000n],
    ['::2:3:4:5:6:7:8', 128, 0x00000002000300040005000600070008n],
    ['::ffff:192.0.2.1', 128, 0xffffc0000201n],
    ['1:2:3:4:5:6:1.2.3.4', 128, 0x00010002000300040005000601020304n],
    ['fe80:0000:0000:0000:0000:0000:255.255.255.255', 128, (0xfe80n << 112n) + 0xffffffffn],
  ])('%s', (text, bits, value) => {
    expect(parseIpAddress(text)).toEqual({ bits, value })
  })

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.1000',
    '01.2.3.4',
    '1.2.3.4 ',
    '1.2.3.',
    '1.2.3.x',
    '203.0.113.1.evil',
    '0x1.2.3.4',
    '1.2.3.-4',
    ':',
    ':::',
    ':1',
    '1:',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '1::2::3',
    '::1::',
    '12345::',
    'g::1',
    '::x1',
    'fe80::1%eth0',
    '::1.2.3',
    '::1.2.3.256',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::ffff:01.2.3.4',
    '1:2:3:4:5:6:7:1.2.3.4',
    '10.0.0.0/8',
    '::1/128',
  ])('%j is no address', (text) => {
    expect(parseIpAddress(text)).toBe(undefined)
  })

  test.each(['1:', '::', '1.', '1'])('answers within time on a long row of %s', (piece) => {
    const start = performance.now()
    expect(parseIpAddress(piece.repeat(200_000))).toBe(undefined)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe('isInRange', () => {
  test.each([
    ['203.0.113.255', '203.0.113.0/24'],
    ['203.0.113.7', '203.0.113.99/24'],
    ['203.0.113.7', '203.0.113.7'],
    ['198.51.100.1', '0.0.0.0/0'],
    ['10.127.255.255', '10.0.0.0/9'],
    ['1.2.3.4', '1.2.3.4/32'],
    ['2001:db8:ffff::1', '2001:db8::/32'],
    ['::1', '::1'],
    ['2001:db8::1', '::/0'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['2001:db8::1', '2001:0DB8:0::0:1'],
  ])('%s is in %s', (address, range) => {
    expect(isInRange(parseIpAddress(address)!, parseIpRange(range)!)).toBe(true)
  })

  test.each([
    ['203.0.114.0', '203.0.113.0/24'],
    ['203.0.113.8', '203.0.113.7'],
    ['10.128.0.0', '10.0.0.0/9'],
    ['1.2.3.5', '1.2.3.4/32'],
    ['2001:db9::1', '2001:db8::/32'],
    ['::2', '::1'],
    ['2001:db8::1', '0.0.0.0/0'],
    ['0.0.0.0', '::/0'],
    ['0.0.0.1', '::1'],
  ])('%s is not in %s', (address, range) => {
    expect(isInRange(parseIpAddress(address)!, parseIpRange(range)!)).toBe(false)
  })

  test.each(['10.0.0.0/33', '::/129', '::/1000', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/8/8'])(
    '%s is no range',
    (range) => {
      expect(parseIpRange(range)).toBe(undefined)
    },
  )

  test.each(['10.0.0.0/-1', '10.0.0.0/8x', '10.0.0/8', '/8', '/'])('%s is no range', (range) => {
    expect(parseIpRange(range)).toBe(undefined)
  })
})
