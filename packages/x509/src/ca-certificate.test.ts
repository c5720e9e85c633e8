import { createHash, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { nameDer } from '../testing/certificate-names.ts'
import {
  createCa,
  issueCertificate,
  NOT_AFTER,
  NOT_BEFORE,
  toPem,
} from '../testing/certificates.ts'
import { nothing } from '../testing/der-writer.ts'
import { rsaPublicKey } from '../testing/keys.ts'
import { OPENSSL_ROOT_PEM } from '../testing/openssl-made.ts'
import {
  type CaCertificate,
  type CaCertificateRefusal,
  parseCaCertificate,
} from './ca-certificate.ts'

const root = createCa()
const rsaRoot = createCa({ key: 'RSA-2048' })
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

function parsed(pem: string): CaCertificate {
  const parse = parseCaCertificate(pem)
  if (!parse.ok) throw new Error(parse.reason)
  return parse.ca
}

test('tells what a registration needs to know', () => {
  expect(parsed(root.pem)).toEqual({
    caCertificateId: sha256(root.der),
    publicKey: Uint8Array.from(root.publicKey),
    subject: [{ rdn: 0, type: '2.5.4.3', value: 'Test CA' }],
    subjectDerSha256: sha256(nameDer('Test CA')),
    subjectKeyId: Buffer.from(root.subjectKeyId!).toString('hex'),
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
    pem: root.pem,
    isSignedBy: expect.any(Function),
  })
})

test('reads a root that OpenSSL made', () => {
  const ca = parsed(OPENSSL_ROOT_PEM)
  expect(ca.caCertificateId).toBe(sha256(new X509Certificate(OPENSSL_ROOT_PEM).raw))
  expect(ca.subject.map(({ value }) => value)).toEqual(['DE', 'Example Works', 'Example Root'])
  expect(ca.isSignedBy(ca.publicKey)).toBe(true)
})

test('writes every form of the same certificate as one PEM', () => {
  const crlf = `\r\n${toPem(root.der, 'CERTIFICATE', '\r\n')}\r\n`
  expect(parsed(crlf).pem).toBe(root.pem)
})

describe('accepts', () => {
  test('a path length, and says it', () => {
    const ca = createCa({ basicConstraints: { ca: true, pathLength: 0 } })
    expect(parsed(ca.pem).pathLength).toBe(0)
    expect(parsed(root.pem)).not.toHaveProperty('pathLength')
  })

  test('no key usages, which allow every use', () => {
    expect(parseCaCertificate(createCa({ keyUsage: false }).pem)).toMatchObject({ ok: true })
  })

  test('no subject key id, and says none', () => {
    expect(parsed(createCa({ subjectKeyId: false }).pem)).not.toHaveProperty('subjectKeyId')
  })

  test('an intermediate CA, signed by another and not by itself', () => {
    const intermediate = parsed(
      issueCertificate(root, {
        subject: 'Intermediate CA',
        basicConstraints: { ca: true },
        keyUsage: ['keyCertSign'],
        extendedKeyUsage: false,
      }).pem,
    )
    expect(intermediate.isSignedBy(root.publicKey)).toBe(true)
    expect(intermediate.isSignedBy(intermediate.publicKey)).toBe(false)
  })
})

// One row per reason: a reason without a row does not compile.
const refusals: Record<CaCertificateRefusal, readonly (readonly [string, string])[]> = {
  'ca-certificate-malformed': [
    ['nothing', ''],
    ['two certificates', root.pem + root.pem],
    ['a private key', root.privateKeyPem],
    [
      'critical name constraints',
      createCa({ extensions: [{ oid: '2.5.29.30', critical: true, value: nothing() }] }).pem,
    ],
  ],
  'ca-certificate-too-large': [['12289 characters', root.pem.padEnd(12_289)]],
  'ca-certificate-key-unacceptable': [
    ['RSA-1024', createCa({ key: 'RSA-1024' }).pem],
    ['Ed25519', createCa({ key: 'Ed25519' }).pem],
    ['RSA-16384', caUnder(rsaPublicKey(16_384))],
    ['RSA with exponent 1', caUnder(rsaPublicKey(2048, 1))],
  ],
  'ca-certificate-signature-unacceptable': [
    ['SHA-1', createCa({ key: rsaRoot.key, signature: 'sha1' }).pem],
  ],
  'ca-certificate-names-excessive': [
    [
      '33 attributes',
      createCa({ subject: Array.from({ length: 33 }, () => ({ type: 'OU', value: 'x' })) }).pem,
    ],
  ],
  'ca-certificate-not-a-ca': [
    ['T07: a device certificate', issueCertificate(root).pem],
    [
      'T07: a device certificate that may sign',
      issueCertificate(root, { keyUsage: ['keyCertSign'] }).pem,
    ],
    ['T07: no basic constraints', createCa({ basicConstraints: false }).pem],
    ['version 1', createCa({ version: 1 }).pem],
  ],
  'ca-certificate-may-not-sign': [
    ['T07: digitalSignature only', createCa({ keyUsage: ['digitalSignature'] }).pem],
    ['cRLSign only', createCa({ keyUsage: ['cRLSign'] }).pem],
    ['no usage at all', createCa({ keyUsage: [] }).pem],
  ],
}

function caUnder(key: ReturnType<typeof rsaPublicKey>): string {
  return issueCertificate(root, { key, basicConstraints: { ca: true } }).pem
}

describe.each(Object.entries(refusals))('refuses with %s', (reason, rows) => {
  test.each(rows)('%s', (_, pem) => {
    expect(parseCaCertificate(pem)).toEqual({ ok: false, reason })
  })
})
