import { expect, test } from 'vitest'
import {
  type CertificateOptions,
  createCa,
  issueCertificate,
  type TestCertificate,
} from '../testing/certificates.ts'
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
import { readOnly } from './der-reader.ts'
import { certificateFieldsOf } from './tbs-certificate.ts'

const ca = createCa()
const issue = (options: CertificateOptions): TestCertificate =>
  issueCertificate(ca, { key: ca.key, ...options })
const read = (options: CertificateOptions) => certificateFieldsOf(readOnly(issue(options).der))

test('keeps the encodings that hashes are made of', () => {
  const fields = read({ subject: 'device' })
  expect(fields.publicKeyDer).toEqual(Buffer.from(ca.publicKey))
  expect(fields.subjectDer.toString('latin1')).toContain('device')
  expect(fields.issuerDer.toString('latin1')).toContain('Test CA')
})

test('reads version 1, which has no extensions', () => {
  expect(read({ version: 1 })).toMatchObject({ serialNumber: '1001', extensions: {} })
})

test('reads version 3 without extensions', () => {
  expect(read({ editTbs: (fields) => fields.slice(0, -1) }).extensions).toEqual({})
})

test.each([
  [0n, '0'],
  [1n, '1'],
  [0x80n, '80'],
  [0x0a_bcn, 'abc'],
  [0x10n, '10'],
  [(1n << 160n) - 1n, 'f'.repeat(40)],
])('serial number %i is %s', (serialNumber, hex) => {
  expect(read({ serialNumber }).serialNumber).toBe(hex)
})

const EXTENSION = sequence(oid('1.2.3'), octetString(nothing()))
const TIME = der(0x17, Buffer.from('250101000000Z'))

/** Replaces one field of TBSCertificate: 0 version … 7 extensions. */
function field(index: number, ...replacement: readonly Uint8Array[]): CertificateOptions {
  return {
    editTbs: (fields) => [...fields.slice(0, index), ...replacement, ...fields.slice(index + 1)],
  }
}
/** Replaces one of the certificate's three fields. */
function outer(index: number, ...replacement: readonly Uint8Array[]): CertificateOptions {
  return {
    editCertificate: (fields) => [
      ...fields.slice(0, index),
      ...replacement,
      ...fields.slice(index + 1),
    ],
  }
}

test.each<[string, CertificateOptions]>([
  ['version 2', { version: 2 }],
  ['version 4', field(0, constructed(0, integer(3)))],
  ['version 1 written out', field(0, constructed(0, integer(0)))],
  ['two versions', field(0, constructed(0, integer(2), integer(2)))],
  ['a version that is a BOOLEAN', field(0, constructed(0, boolean(true)))],
  ['version 1 and extensions', field(0)],
  ['a negative serial number', { serialNumber: -1n }],
  ['a serial number of 21 octets', { serialNumber: 1n << 160n }],
  ['no serial number', field(1)],
  ['two serial numbers', field(1, integer(1), integer(2))],
  ['an issuer that is a SET', field(3, set())],
  ['no validity', field(4)],
  ['validity of one time', field(4, sequence(TIME))],
  ['validity of three times', field(4, sequence(TIME, TIME, TIME))],
  ['a start that does not exist', { notBefore: der(0x17, Buffer.from('250230000000Z')) }],
  ['an end that does not exist', { notAfter: der(0x18, Buffer.from('20500230000000Z')) }],
  ['a start that is text', { notBefore: der(0x0c, Buffer.from('250101000000Z')) }],
  ['a subject that is a SET', field(5, set())],
  ['no public key', field(6)],
  ['a malformed public key', field(6, sequence())],
  ['an issuer unique id', field(7, primitive(1, Buffer.alloc(2)))],
  ['a subject unique id', field(7, primitive(2, Buffer.alloc(2)))],
  [
    'extensions twice',
    field(7, constructed(3, sequence(EXTENSION)), constructed(3, sequence(EXTENSION))),
  ],
  [
    'extensions that are two lists',
    field(7, constructed(3, sequence(EXTENSION), sequence(EXTENSION))),
  ],
  ['an empty list of extensions', field(7, constructed(3, sequence()))],
  ['a field after the extensions', field(7, constructed(3, sequence(EXTENSION)), nothing())],
  ['another algorithm inside', field(2, sequence(oid('1.2.840.10045.4.3.3')))],
  ['another algorithm outside', outer(1, sequence(oid('1.2.840.10045.4.3.3')))],
  ['no signature', outer(2)],
  ['a signature of no octets', outer(2, bitString(Buffer.alloc(0)))],
  ['a signature with unused bits', outer(2, bitString(Buffer.from([0x80]), 1))],
  ['a signature that is an OCTET STRING', outer(2, octetString(Buffer.from([1])))],
  ['a fourth field', outer(2, bitString(Buffer.from([1])), nothing())],
  ['a TBSCertificate that is a SET', outer(0, set())],
])('is malformed with %s', (_, options) => {
  expect(() => read(options)).toThrow(SyntaxError)
})

test('is malformed as anything but a SEQUENCE', () => {
  expect(() => certificateFieldsOf(readOnly(set()))).toThrow(SyntaxError)
})
