import { describe, expect, test } from 'vitest'
import {
  type ExtensionOptions,
  extensionDer,
  type TestExtension,
  extensionsOf as written,
} from '../testing/certificate-extensions.ts'
import {
  bitString,
  boolean,
  constructed,
  der,
  integer,
  nothing,
  octetString,
  oid,
  primitive,
  sequence,
  set,
} from '../testing/der-writer.ts'
import { rsaPublicKey } from '../testing/keys.ts'
import { readOnly } from './der-reader.ts'
import { extensionsOf } from './extensions.ts'

const SUBJECT_KEY_ID = '2.5.29.14'
const KEY_USAGE = '2.5.29.15'
const BASIC_CONSTRAINTS = '2.5.29.19'
const NAME_CONSTRAINTS = '2.5.29.30'
const AUTHORITY_KEY_ID = '2.5.29.35'
const EXTENDED_KEY_USAGE = '2.5.29.37'
const UNKNOWN = '1.3.6.1.4.1.99999.1'

const readAll = (...extensions: readonly Uint8Array[]) =>
  extensionsOf(readOnly(sequence(...extensions)))
const read = (...extensions: readonly TestExtension[]) => readAll(...extensions.map(extensionDer))
const readOptions = (options: ExtensionOptions) =>
  read(...written({}, rsaPublicKey(2048), { subjectKeyId: false, ...options }))

test('reads every extension that facts come from', () => {
  const extensions = readOptions({
    basicConstraints: { ca: true, pathLength: 3 },
    keyUsage: ['keyCertSign'],
    extendedKeyUsage: ['clientAuth'],
    subjectAlternativeNames: [{ dns: 'subject' }],
    issuerAlternativeNames: [{ dns: 'issuer' }],
    subjectKeyId: Buffer.from('0aff', 'hex'),
    authorityKeyId: Buffer.from('0b', 'hex'),
  })
  expect(extensions).toEqual({
    basicConstraints: { ca: true, pathLength: 3 },
    keyUsage: ['keyCertSign'],
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
    subjectAlternativeNames: { count: 1, names: [{ kind: 'dNSName', value: 'subject' }] },
    issuerAlternativeNames: { count: 1, names: [{ kind: 'dNSName', value: 'issuer' }] },
    subjectKeyId: '0aff',
    authorityKeyId: '0b',
  })
})

describe('the list', () => {
  test('passes over an unknown extension that is not critical', () => {
    expect(read({ oid: UNKNOWN, value: Buffer.from('anything') })).toEqual({})
  })

  test('takes a criticality that is written out as false', () => {
    const value = octetString(sequence())
    expect(readAll(sequence(oid(BASIC_CONSTRAINTS), boolean(false), value))).toEqual({
      basicConstraints: { ca: false },
    })
  })

  test.each<[string, readonly Uint8Array[]]>([
    ['nothing in it', []],
    [
      'an unknown critical extension',
      [extensionDer({ oid: UNKNOWN, critical: true, value: nothing() })],
    ],
    [
      'critical name constraints',
      [extensionDer({ oid: NAME_CONSTRAINTS, critical: true, value: sequence() })],
    ],
    [
      'an extension twice',
      [
        extensionDer({ oid: EXTENDED_KEY_USAGE, value: sequence() }),
        extensionDer({ oid: EXTENDED_KEY_USAGE, value: sequence(oid('1.2.3')) }),
      ],
    ],
    [
      'an unknown extension twice',
      [
        extensionDer({ oid: UNKNOWN, value: nothing() }),
        extensionDer({ oid: UNKNOWN, value: nothing() }),
      ],
    ],
    [
      'a criticality of 1',
      [sequence(oid(UNKNOWN), der(1, Buffer.from([1])), octetString(nothing()))],
    ],
    ['a value that is no OCTET STRING', [sequence(oid(UNKNOWN), bitString(nothing()))]],
    ['an extension without value', [sequence(oid(UNKNOWN))]],
    ['an extension with two values', [sequence(oid(UNKNOWN), octetString(nothing()), nothing())]],
    ['an extension that is a SET', [set(oid(UNKNOWN), octetString(nothing()))]],
    ['an extension without OID', [sequence(octetString(nothing()))]],
    [
      'a value with octets after it',
      [extensionDer({ oid: EXTENDED_KEY_USAGE, value: Buffer.concat([sequence(), nothing()]) })],
    ],
    ['a value of no octets', [extensionDer({ oid: EXTENDED_KEY_USAGE, value: Buffer.alloc(0) })]],
  ])('is malformed with %s', (_, extensions) => {
    expect(() => readAll(...extensions)).toThrow(SyntaxError)
  })

  test('is malformed as a SET', () => {
    const [extension] = [extensionDer({ oid: UNKNOWN, value: nothing() })]
    expect(() => extensionsOf(readOnly(set(extension!)))).toThrow(SyntaxError)
  })
})

describe('basic constraints', () => {
  test.each([
    [sequence(), { ca: false }],
    [sequence(boolean(false)), { ca: false }],
    [sequence(boolean(true)), { ca: true }],
    [sequence(boolean(true), integer(0)), { ca: true, pathLength: 0 }],
  ])('%# are read', (value, basicConstraints) => {
    expect(read({ oid: BASIC_CONSTRAINTS, value })).toEqual({ basicConstraints })
  })

  test.each([
    ['a negative path length', sequence(boolean(true), integer(-1))],
    ['a huge path length', sequence(boolean(true), integer(1n << 40n))],
    ['the path length first', sequence(integer(0), boolean(true))],
    ['more fields', sequence(boolean(true), integer(0), integer(0))],
    ['true as 1', sequence(der(1, Buffer.from([1])))],
    ['another type', boolean(true)],
  ])('are malformed with %s', (_, value) => {
    expect(() => read({ oid: BASIC_CONSTRAINTS, value })).toThrow(SyntaxError)
  })
})

describe('key usage', () => {
  test.each([
    'digitalSignature',
    'nonRepudiation',
    'keyEncipherment',
    'dataEncipherment',
    'keyAgreement',
    'keyCertSign',
    'cRLSign',
    'encipherOnly',
    'decipherOnly',
  ])('%s alone is read', (usage) => {
    expect(readOptions({ keyUsage: [usage] })).toEqual({ keyUsage: [usage] })
  })

  test('several are read in order of their bits', () => {
    const keyUsage = ['decipherOnly', 'cRLSign', 'digitalSignature']
    expect(readOptions({ keyUsage }).keyUsage).toEqual([
      'digitalSignature',
      'cRLSign',
      'decipherOnly',
    ])
  })

  test('without bits there is none, and bits without a name are passed over', () => {
    expect(read({ oid: KEY_USAGE, value: bitString(Buffer.alloc(0)) }).keyUsage).toEqual([])
    expect(
      read({ oid: KEY_USAGE, value: bitString(Buffer.from([0, 0x7f, 0xff])) }).keyUsage,
    ).toEqual([])
  })

  test('is malformed as another type', () => {
    expect(() => read({ oid: KEY_USAGE, value: integer(1) })).toThrow(SyntaxError)
  })
})

describe('extended key usage', () => {
  test('is read in order, unknown ones too, and an empty one as empty', () => {
    expect(
      readOptions({ extendedKeyUsage: ['serverAuth', '1.2.3', 'any'] }).extendedKeyUsage,
    ).toEqual(['1.3.6.1.5.5.7.3.1', '1.2.3', '2.5.29.37.0'])
    expect(readOptions({ extendedKeyUsage: [] }).extendedKeyUsage).toEqual([])
    expect(readOptions({ keyUsage: [] })).not.toHaveProperty('extendedKeyUsage')
  })

  test.each([
    ['something else than an OID', sequence(integer(1))],
    ['another type', oid('1.2.3')],
  ])('is malformed with %s', (_, value) => {
    expect(() => read({ oid: EXTENDED_KEY_USAGE, value })).toThrow(SyntaxError)
  })
})

describe('key ids', () => {
  const keyId = primitive(0, Buffer.from('0102', 'hex'))
  const issuer = constructed(1, constructed(4, sequence()))
  const serial = primitive(2, Buffer.from('07', 'hex'))

  test.each([
    ['the key id', sequence(keyId), { authorityKeyId: '0102' }],
    ['key id, issuer and serial', sequence(keyId, issuer, serial), { authorityKeyId: '0102' }],
    ['issuer and serial only', sequence(issuer, serial), {}],
    ['nothing', sequence(), {}],
  ])('of the authority are read from %s', (_, value, facts) => {
    expect(read({ oid: AUTHORITY_KEY_ID, value })).toEqual(facts)
  })

  test.each([
    ['an empty key id', AUTHORITY_KEY_ID, sequence(primitive(0, Buffer.alloc(0)))],
    ['fields out of order', AUTHORITY_KEY_ID, sequence(serial, keyId)],
    ['a field too many', AUTHORITY_KEY_ID, sequence(keyId, issuer, serial, serial)],
    ['an OCTET STRING', AUTHORITY_KEY_ID, octetString(Buffer.from([1]))],
    ['an empty subject key id', SUBJECT_KEY_ID, octetString(Buffer.alloc(0))],
    ['a subject key id of another type', SUBJECT_KEY_ID, sequence(keyId)],
  ])('are malformed as %s', (_, type, value) => {
    expect(() => read({ oid: type, value })).toThrow(SyntaxError)
  })
})
