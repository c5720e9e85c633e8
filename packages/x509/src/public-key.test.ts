import { createPublicKey, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitString, integer, nothing, octetString, oid, sequence } from '../testing/der-writer.ts'
import {
  createKey,
  type KeyKind,
  type PointForm,
  rsaPublicKey,
  rsaPublicKeyOf,
  type TestKey,
  withPointForm,
} from '../testing/keys.ts'
import { readOnly } from './der-reader.ts'
import { publicKeyOf } from './public-key.ts'

const read = (publicKey: Uint8Array) => publicKeyOf(readOnly(Buffer.from(publicKey)))

function isRead(publicKey: Uint8Array): boolean {
  try {
    return read(publicKey) !== undefined
  } catch {
    return false
  }
}

function importSpki(key: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key, format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

const EC = oid('1.2.840.10045.2.1')
const P256 = oid('1.2.840.10045.3.1.7')
const RSA = oid('1.2.840.113549.1.1.1')
const point = (length: number, first: number): Buffer =>
  Buffer.concat([Buffer.from([first]), Buffer.alloc(length - 1, 7)])
const ecKey = (curve: Uint8Array, bytes: Uint8Array): Buffer =>
  sequence(sequence(EC, curve), bitString(bytes))

describe('accepts', () => {
  test.each<[KeyKind, unknown]>([
    ['P-256', { type: 'ec', curve: 'P-256', bits: 256 }],
    ['P-384', { type: 'ec', curve: 'P-384', bits: 384 }],
    ['P-521', { type: 'ec', curve: 'P-521', bits: 521 }],
    ['RSA-2048', { type: 'rsa', bits: 2048 }],
  ])('%s', (kind, facts) => {
    expect(read(createKey(kind).publicKey)).toEqual(facts)
  })

  test.each([2048, 2064, 3072, 4096, 8192])('RSA of %i bits', (bits) => {
    expect(read(rsaPublicKey(bits).publicKey)).toEqual({ type: 'rsa', bits })
  })

  test.each([3n, 17n, 65_537n, 255n, (1n << 64n) - 1n])('RSA exponent %s', (exponent) => {
    expect(read(rsaPublicKey(2048, exponent).publicKey)).toEqual({ type: 'rsa', bits: 2048 })
  })
})

describe('does not accept', () => {
  test.each<KeyKind>(['Ed25519', 'DSA-1024', 'P-224', 'secp256k1', 'RSA-PSS-2048', 'RSA-1024'])(
    '%s',
    (kind) => expect(read(createKey(kind).publicKey)).toBeUndefined(),
  )

  test.each<[string, TestKey]>([
    ['RSA of 1024 bits', rsaPublicKey(1024)],
    ['RSA of 2047 bits', rsaPublicKeyOf((1n << 2047n) - 1n, 65_537)],
    ['RSA of 8193 bits', rsaPublicKeyOf((1n << 8193n) - 1n, 65_537)],
    ['RSA of 16384 bits', rsaPublicKey(16_384)],
    ['RSA with modulus 0', rsaPublicKeyOf(0n, 65_537)],
    ['RSA with an even modulus', rsaPublicKeyOf(1n << 2047n, 65_537)],
    ['RSA with exponent 0', rsaPublicKey(2048, 0)],
    ['RSA with exponent 1', rsaPublicKey(2048, 1)],
    ['RSA with exponent 2', rsaPublicKey(2048, 2)],
    ['RSA with exponent 65536', rsaPublicKey(2048, 65_536)],
    ['RSA with an exponent of 65 bits', rsaPublicKey(2048, (1n << 64n) + 1n)],
  ])('%s', (_, { publicKey }) => {
    expect(read(publicKey)).toBeUndefined()
  })

  test.each([
    ['an unknown algorithm', sequence(sequence(oid('1.2.3'), nothing()), bitString(nothing()))],
    ['an unknown curve', ecKey(oid('1.2.3'), point(65, 4))],
    ['explicit curve parameters', ecKey(sequence(integer(1)), point(65, 4))],
    ['implicit curve parameters', ecKey(nothing(), point(65, 4))],
    ['a point of another form', ecKey(P256, point(65, 6))],
    ['T06: a compressed point with an even Y', ecKey(P256, point(33, 2))],
    ['T06: a compressed point with an odd Y', ecKey(P256, point(33, 3))],
    ['T06: a compressed point of P-384', ecKey(oid('1.3.132.0.34'), point(49, 2))],
    ['T06: a compressed point of P-521', ecKey(oid('1.3.132.0.35'), point(67, 3))],
    ['a compressed point as long as a whole one', ecKey(P256, point(65, 2))],
    ['another compressed point as long as a whole one', ecKey(P256, point(65, 3))],
    ['a whole point as short as a compressed one', ecKey(P256, point(33, 4))],
    ['a point of another curve', ecKey(P256, point(97, 4))],
    ['the point at infinity', ecKey(P256, Buffer.from([0]))],
    ['no point', ecKey(P256, Buffer.alloc(0))],
  ])('%s', (_, publicKey) => {
    expect(read(publicKey)).toBeUndefined()
  })
})

describe('T06: one key has one encoding that is read', () => {
  const key = createKey('P-256')
  test.each<[PointForm, boolean]>([
    ['uncompressed', true],
    ['compressed', false],
    ['hybrid', false],
  ])('%s: %j', (form, isRead) => {
    const { publicKey } = withPointForm(key, form)
    const original = createPublicKey(key.privateKey!)
    expect(importSpki(Buffer.from(publicKey))?.equals(original)).toBe(true) // to OpenSSL they are one key
    expect(read(publicKey) !== undefined).toBe(isRead)
    expect(Buffer.from(publicKey).equals(key.publicKey)).toBe(isRead)
  })

  test('rsaEncryption alone stands for an RSA key: a modulus under another algorithm is not read', () => {
    const { publicKey } = rsaPublicKey(2048)
    const rsa = RSA.toString('hex')
    const under = (other: Buffer) =>
      Buffer.from(Buffer.from(publicKey).toString('hex').replace(rsa, other.toString('hex')), 'hex')
    expect(read(under(RSA))).toEqual({ type: 'rsa', bits: 2048 })
    expect(read(under(oid('1.2.840.113549.1.1.10')))).toBeUndefined() // RSASSA-PSS
    expect(read(under(oid('1.2.840.113549.1.1.7')))).toBeUndefined() // RSAES-OAEP
  })

  test.each<[string, TestKey]>([
    ['EC', key],
    ['RSA', rsaPublicKey(2048)],
  ])('with any one octet changed or added it is no %s key, or another one', (_, { publicKey }) => {
    const original = importSpki(Buffer.from(publicKey))
    const changes = { at: fc.nat(publicKey.length), octet: fc.nat(255), removed: fc.nat(1) }
    fc.assert(
      fc.property(fc.record(changes), ({ at, octet, removed }) => {
        const rest = publicKey.subarray(at + removed)
        const changed = Buffer.concat([publicKey.subarray(0, at), Buffer.of(octet), rest])
        fc.pre(!changed.equals(publicKey))
        expect(isRead(changed) && importSpki(changed)?.equals(original!)).not.toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

const numbers = sequence(integer((1n << 2048n) - 1n), integer(65_537))
test.each([
  ['no algorithm', sequence(bitString(numbers))],
  ['no key', sequence(sequence(RSA, nothing()))],
  ['a field too many', sequence(sequence(RSA, nothing()), bitString(numbers), nothing())],
  ['an OCTET STRING as key', sequence(sequence(RSA, nothing()), octetString(numbers))],
  ['unused bits', sequence(sequence(RSA, nothing()), bitString(Buffer.from([0x80]), 1))],
  ['RSA without parameters', sequence(sequence(RSA), bitString(numbers))],
  ['RSA with other parameters', sequence(sequence(RSA, sequence()), bitString(numbers))],
  [
    'RSA with NULL that has content',
    sequence(sequence(RSA, Buffer.from('050100', 'hex')), bitString(numbers)),
  ],
  ['RSA with parameters twice', sequence(sequence(RSA, nothing(), nothing()), bitString(numbers))],
  [
    'RSA with octets after the key',
    sequence(sequence(RSA, nothing()), bitString(Buffer.concat([numbers, nothing()]))),
  ],
  [
    'RSA with a third number',
    sequence(sequence(RSA, nothing()), bitString(sequence(integer(9), integer(3), integer(1)))),
  ],
  [
    'RSA with a negative modulus',
    sequence(sequence(RSA, nothing()), bitString(sequence(integer(-9), integer(3)))),
  ],
  ['EC without parameters', sequence(sequence(EC), bitString(point(65, 4)))],
  ['EC with parameters twice', sequence(sequence(EC, P256, P256), bitString(point(65, 4)))],
])('is malformed with %s', (_, publicKey) => {
  expect(() => read(publicKey)).toThrow(SyntaxError)
})
