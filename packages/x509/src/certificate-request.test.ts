import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nameDer } from '../testing/certificate-names.ts'
import { createRequest, type RequestOptions } from '../testing/certificate-requests.ts'
import { toPem } from '../testing/certificates.ts'
import {
  bitString,
  constructed,
  integer,
  nothing,
  octetString,
  oid,
  sequence,
  set,
} from '../testing/der-writer.ts'
import { createKey, createSigner, rsaPublicKey } from '../testing/keys.ts'
import { OPENSSL_REQUEST_PEM } from '../testing/openssl-made.ts'
import { type CertificateRequestRefusal, parseCertificateRequest } from './certificate-request.ts'

const p256 = createKey('P-256')
const rsa = createKey('RSA-2048')
const stranger = createKey('P-256')
const good = createRequest({ key: p256 })

test.each<[string, RequestOptions]>([
  ['P-256', { key: p256 }],
  ['P-384 with SHA-384', { key: 'P-384', signature: 'sha384' }],
  ['P-521 with SHA-512', { key: 'P-521', signature: 'sha512' }],
  ['RSA-2048', { key: rsa }],
  ['RSA-2048 with SHA-512', { key: rsa, signature: 'sha512' }],
  ['RSA-2048 with PSS', { key: rsa, signature: 'pss-sha256' }],
  ['RSA-3072', { key: 'RSA-3072' }],
])('a request for %s is read', (_, options) => {
  const { pem, key } = createRequest({ ...options, subject: 'lamp-1' })
  const publicKey = Uint8Array.from(key.publicKey)
  const subject = Uint8Array.from(nameDer('lamp-1'))
  expect(parseCertificateRequest(pem)).toEqual({ ok: true, request: { subject, publicKey } })
})

test('an empty name is no subject', () => {
  const { pem } = createRequest({ subject: [] })
  expect(parseCertificateRequest(pem)).toMatchObject({ ok: true, request: { subject: undefined } })
})

test('attributes are passed over', () => {
  const wished = sequence(oid('1.2.840.113549.1.9.14'), set(sequence(octetString(Buffer.of(1)))))
  const { pem } = createRequest({ attributes: [wished] })
  expect(parseCertificateRequest(pem)).toMatchObject({ ok: true })
})

test('older labels, CRLF and white space around are read', () => {
  const old = `\r\n${toPem(good.der, 'NEW CERTIFICATE REQUEST', '\r\n')}\n `
  expect(parseCertificateRequest(old)).toMatchObject({ ok: true })
})

test('a request that OpenSSL has made is read', () => {
  expect(parseCertificateRequest(OPENSSL_REQUEST_PEM)).toMatchObject({ ok: true })
})

const many = Array.from({ length: 33 }, (_, n) => ({ type: 'OU', value: `${n}` }))
const otherAlgorithm = createSigner(rsa.privateKey!, 'sha256').algorithm

/** One flaw per row. */
const refused: Record<string, readonly [CertificateRequestRefusal, RequestOptions | string]> = {
  'no text': ['request-malformed', ''],
  'more than 4096 characters': ['request-too-large', good.pem.padEnd(4097)],
  'the labels of a certificate': ['request-malformed', toPem(good.der)],
  'labels that differ': [
    'request-malformed',
    toPem(good.der, 'NEW CERTIFICATE REQUEST').replace('END NEW', 'END'),
  ],
  'two requests': ['request-malformed', good.pem + good.pem],
  'text before it': ['request-malformed', `subject=\n${good.pem}`],
  'octets after it': [
    'request-malformed',
    toPem(Buffer.concat([good.der, nothing()]), 'CERTIFICATE REQUEST'),
  ],
  'no DER': ['request-malformed', toPem(Buffer.from('text'), 'CERTIFICATE REQUEST')],
  'another version': ['request-malformed', { editInfo: ([, ...rest]) => [integer(1), ...rest] }],
  'no attributes field': ['request-malformed', { editInfo: (fields) => fields.slice(0, 3) }],
  'a field too many': ['request-malformed', { editInfo: (fields) => [...fields, nothing()] }],
  'a fourth part': ['request-malformed', { editRequest: (parts) => [...parts, nothing()] }],
  'an attribute that is none': ['request-malformed', { attributes: [nothing()] }],
  'an attribute without values': [
    'request-malformed',
    { attributes: [sequence(oid('1.2.840.113549.1.9.14'))] },
  ],
  'an attribute with more than its values': [
    'request-malformed',
    { attributes: [sequence(oid('1.2.840.113549.1.9.14'), set(), nothing())] },
  ],
  'a name that is none': ['request-malformed', { subject: sequence(nothing()) }],
  '33 names': ['request-names-excessive', { subject: many }],
  'RSA-1024': ['request-key-unacceptable', { key: 'RSA-1024' }],
  'P-224': ['request-key-unacceptable', { key: 'P-224' }],
  secp256k1: ['request-key-unacceptable', { key: 'secp256k1' }],
  Ed25519: ['request-key-unacceptable', { key: 'Ed25519' }],
  'RSA-16384': ['request-key-unacceptable', { key: rsaPublicKey(16_384), signingKey: rsa }],
  'an exponent of 1': ['request-key-unacceptable', { key: rsaPublicKey(2048, 1), signingKey: rsa }],
  'SHA-1': ['request-signature-unacceptable', { key: rsa, signature: 'sha1' }],
  MD5: ['request-signature-unacceptable', { key: rsa, signature: 'md5' }],
  "another's key": ['request-signature-invalid', { key: p256, signingKey: stranger }],
  'a name that was changed': [
    'request-signature-invalid',
    {
      editRequest: ([, ...rest]) => [
        sequence(integer(0), nameDer('other'), p256.publicKey, constructed(0)),
        ...rest,
      ],
    },
  ],
  'an algorithm of another kind of key': [
    'request-signature-invalid',
    { key: p256, editRequest: ([info, , signature]) => [info!, otherAlgorithm, signature!] },
  ],
  'PSS said of a signature without': [
    'request-signature-invalid',
    {
      key: rsa,
      editRequest: ([info, , signature]) => [
        info!,
        createSigner(rsa.privateKey!, 'pss-sha256').algorithm,
        signature!,
      ],
    },
  ],
  'PSS with a key on a curve': [
    'request-signature-invalid',
    {
      key: p256,
      editRequest: ([info, , signature]) => [
        info!,
        createSigner(rsa.privateKey!, 'pss-sha256').algorithm,
        signature!,
      ],
    },
  ],
  'a signature of no octets': [
    'request-signature-invalid',
    { editRequest: ([info, algorithm]) => [info!, algorithm!, bitString(Buffer.of())] },
  ],
}

test.each(Object.entries(refused))('%s is refused', (_, [reason, request]) => {
  const pem = typeof request === 'string' ? request : createRequest(request).pem
  expect(parseCertificateRequest(pem)).toEqual({ ok: false, reason })
})

test('no bit of a request can be turned', () => {
  fc.assert(
    fc.property(fc.nat(good.der.length * 8 - 1), (bit) => {
      const der = Buffer.from(good.der)
      der.writeUInt8(der.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      return !parseCertificateRequest(toPem(der, 'CERTIFICATE REQUEST')).ok
    }),
  )
})

test('whatever is sent, nothing is thrown', () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  fc.assert(
    fc.property(fc.oneof(fc.string(), bytes), (sent) => {
      const pem = typeof sent === 'string' ? sent : toPem(sent, 'CERTIFICATE REQUEST')
      expect(parseCertificateRequest(pem).ok).toBe(false)
    }),
  )
})
