import { describe, expect, test } from 'vitest'
import { constructed, integer, nothing, oid, sequence } from '../testing/der-writer.ts'
import { createKey, createSigner, pssParameters, type SignatureKind } from '../testing/keys.ts'
import { readOnly } from './der-reader.ts'
import { isAcceptableSignature } from './signature-algorithm.ts'

const rsa = createKey('RSA-2048')
const ec = createKey('P-256')
const accepts = (algorithm: Buffer): boolean => isAcceptableSignature(readOnly(algorithm))
const PSS = oid('1.2.840.113549.1.1.10')
const pss = (...parameters: readonly Buffer[]): Buffer => sequence(PSS, sequence(...parameters))
const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'), nothing())
const mask = (hash: Buffer): Buffer => constructed(1, sequence(oid('1.2.840.113549.1.1.8'), hash))

describe('with an RSA key', () => {
  test.each<[SignatureKind, boolean]>([
    ['md5', false],
    ['sha1', false],
    ['sha224', false],
    ['sha256', true],
    ['sha384', true],
    ['sha512', true],
    ['pss-sha1', false],
    ['pss-sha256', true],
    ['pss-sha384', true],
    ['pss-sha512', true],
  ])('%s: %s', (kind, acceptable) => {
    expect(accepts(createSigner(rsa.privateKey!, kind).algorithm)).toBe(acceptable)
  })

  test('parameters may be absent', () => {
    expect(accepts(sequence(oid('1.2.840.113549.1.1.11')))).toBe(true)
  })
})

describe('with an EC key', () => {
  test.each<[SignatureKind, boolean]>([
    ['sha1', false],
    ['sha224', false],
    ['sha256', true],
    ['sha384', true],
    ['sha512', true],
  ])('%s: %s', (kind, acceptable) => {
    expect(accepts(createSigner(ec.privateKey!, kind).algorithm)).toBe(acceptable)
  })
})

test.each(['Ed25519', 'DSA-1024'] as const)('%s is not accepted', (kind) => {
  const { privateKey } = createKey(kind)
  expect(accepts(createSigner(privateKey!, 'sha256').algorithm)).toBe(false)
})

describe('RSASSA-PSS', () => {
  test.each([
    ['no hash, which means SHA-1', pss(mask(SHA256))],
    ['no mask hash, which means SHA-1', pss(constructed(0, SHA256))],
    ['nothing', pss()],
    [
      'two different hashes',
      sequence(PSS, pssParameters({ hash: 'sha256', maskHash: 'sha512', saltLength: 32 })),
    ],
    [
      'SHA-1 twice, written out',
      pss(constructed(0, sequence(oid('1.3.14.3.2.26'))), mask(sequence(oid('1.3.14.3.2.26')))),
    ],
    [
      'another mask function',
      pss(constructed(0, SHA256), constructed(1, sequence(oid('1.2.3'), SHA256))),
    ],
  ])('is not accepted with %s', (_, algorithm) => {
    expect(accepts(algorithm)).toBe(false)
  })

  test('is accepted with a salt, a trailer, and hashes without NULL', () => {
    const bare = sequence(oid('2.16.840.1.101.3.4.2.1'))
    expect(
      accepts(
        pss(
          constructed(0, bare),
          mask(bare),
          constructed(2, integer(20)),
          constructed(3, integer(1)),
        ),
      ),
    ).toBe(true)
  })
})

test.each([
  ['no OID', sequence()],
  ['RSA with other parameters', sequence(oid('1.2.840.113549.1.1.11'), sequence())],
  [
    'RSA with NULL that has content',
    sequence(oid('1.2.840.113549.1.1.11'), Buffer.from('050100', 'hex')),
  ],
  ['RSA with parameters twice', sequence(oid('1.2.840.113549.1.1.11'), nothing(), nothing())],
  ['ECDSA with parameters', sequence(oid('1.2.840.10045.4.3.2'), nothing())],
  ['PSS without parameters', sequence(PSS)],
  ['PSS with parameters twice', sequence(PSS, sequence(), sequence())],
  ['PSS with an unknown parameter', pss(constructed(4, integer(1)))],
  [
    'PSS with a hash that has parameters',
    pss(constructed(0, sequence(oid('2.16.840.1.101.3.4.2.1'), sequence())), mask(SHA256)),
  ],
  ['PSS with two hashes', pss(constructed(0, SHA256, SHA256), mask(SHA256))],
  [
    'PSS with a mask function that has no hash',
    pss(constructed(0, SHA256), constructed(1, sequence(oid('1.2.840.113549.1.1.8')))),
  ],
  [
    'PSS with a mask function that has two',
    pss(
      constructed(0, SHA256),
      constructed(1, sequence(oid('1.2.840.113549.1.1.8'), SHA256, SHA256)),
    ),
  ],
  [
    'PSS with two mask functions',
    pss(
      constructed(0, SHA256),
      constructed(1, sequence(oid('1.2.840.113549.1.1.8'), SHA256), SHA256),
    ),
  ],
])('is malformed with %s', (_, algorithm) => {
  expect(() => accepts(algorithm)).toThrow(SyntaxError)
})
