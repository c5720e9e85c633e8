import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import type { CertificateFacts, DeviceCertificate } from '@thingpass/core/certificate-facts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createCa,
  issueCertificate,
  NOT_AFTER,
  NOT_BEFORE,
  type TestCertificate,
  toPem,
} from '../testing/certificates.ts'
import {
  bitString,
  characterString,
  constructed,
  nothing,
  octetString,
  oid,
  sequence,
  set,
} from '../testing/der-writer.ts'
import { createKey, rsaPublicKey } from '../testing/keys.ts'
import {
  OPENSSL_ROOT_PEM,
  OPENSSL_VERSION_1_PEM,
  OPENSSL_VERSION_3_PEM,
} from '../testing/openssl-made.ts'
import { createIdentify, type Identification } from './identify.ts'

const identify = createIdentify()
const ca = createCa()
const rsaCa = createCa({ key: 'RSA-2048', subject: 'RSA CA' })
const good = issueCertificate(ca)

function accepted(presented: string | Uint8Array): DeviceCertificate {
  const identification = identify(presented)
  if (!identification.ok) throw new Error(identification.reason)
  return identification.certificate
}
const factsOf = (certificate: TestCertificate): CertificateFacts => accepted(certificate.der).facts
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('facts', () => {
  test('are the same from PEM and from DER', () => {
    expect(accepted(good.pem).facts).toEqual(accepted(good.der).facts)
  })

  test('of a certificate that OpenSSL made', () => {
    expect(accepted(OPENSSL_VERSION_3_PEM).facts).toEqual({
      certificateId: 'bd132ed0b62a1288374c1fec297d7e2f333a8b8540ee455571d42783188f8a51',
      publicKeySha256: sha256(spkiOf(OPENSSL_VERSION_3_PEM)),
      serialNumber: '7e3144d7992f926d9d8377d1afe897a315756a80',
      notBefore: new Date('2026-11-22T11:12:52Z'),
      notAfter: new Date('2046-11-17T11:12:52Z'),
      subject: [
        { rdn: 0, type: '2.5.4.6', value: 'DE' },
        { rdn: 1, type: '2.5.4.8', value: 'Baden-Württemberg' },
        { rdn: 2, type: '2.5.4.7', value: 'Ulm' },
        { rdn: 3, type: '2.5.4.10', value: 'Example Works' },
        { rdn: 4, type: '2.5.4.11', value: 'A' },
        { rdn: 5, type: '2.5.4.11', value: 'B' },
        { rdn: 6, type: '2.5.4.5', value: '0042' },
        { rdn: 6, type: '2.5.4.3', value: 'sensor-2' },
        { rdn: 7, type: '1.2.840.113549.1.9.1', value: 'ops@example.com' },
      ],
      issuer: [
        { rdn: 0, type: '2.5.4.6', value: 'DE' },
        { rdn: 1, type: '2.5.4.10', value: 'Example Works' },
        { rdn: 2, type: '2.5.4.3', value: 'Example Root' },
      ],
      subjectAlternativeNames: [
        { kind: 'rfc822Name', value: 'ops@example.com' },
        { kind: 'dNSName', value: 'sensor-2.example.com' },
        { kind: 'uniformResourceIdentifier', value: 'urn:example:sensor-2' },
        { kind: 'iPAddress', value: '192.0.2.7' },
        { kind: 'iPAddress', value: '2001:db8::7' },
        { kind: 'directoryName', value: 'CN=sensor-2,O=Example\\, Inc.,C=DE' },
      ],
      issuerAlternativeNames: [{ kind: 'rfc822Name', value: 'ca@example.com' }],
      subjectKeyId: '19832c49ebaaa61dc560ab7d4e5f8dfdc1f0e284',
      authorityKeyId: 'f0155d4cf99235812553e437d876a69b3b046c06',
      issuerHint: 'f0155d4cf99235812553e437d876a69b3b046c06',
      basicConstraints: { ca: false },
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1'],
      publicKey: { type: 'rsa', bits: 2048 },
    })
  })

  test('of a version 1 certificate that OpenSSL made', () => {
    const { facts } = accepted(OPENSSL_VERSION_1_PEM)
    expect(facts).toEqual({
      certificateId: '42cbee7ba3fa32aba6803f4478620e40dec0948770e5d8252cc8c4156b4638db',
      publicKeySha256: sha256(spkiOf(OPENSSL_VERSION_1_PEM)),
      serialNumber: '7e3144d7992f926d9d8377d1afe897a315756a7f',
      notBefore: new Date('2026-11-22T11:12:52Z'),
      notAfter: new Date('2046-11-17T11:12:52Z'),
      subject: [{ rdn: 0, type: '2.5.4.3', value: 'sensor-1' }],
      issuer: accepted(OPENSSL_ROOT_PEM).facts.subject,
      subjectAlternativeNames: [],
      issuerAlternativeNames: [],
      issuerHint: expect.stringMatching(/^dn:[0-9a-f]{64}$/),
      publicKey: { type: 'ec', curve: 'P-256', bits: 256 },
    })
  })

  test('name the issuer by key id, else by the hash of its name', () => {
    const withoutKeyId = issueCertificate(ca, { authorityKeyId: false })
    const other = issueCertificate(createCa(), { authorityKeyId: false, subject: 'other' })
    const renamed = issueCertificate(ca, { authorityKeyId: false, issuer: 'Other CA' })
    expect(factsOf(good).issuerHint).toBe(Buffer.from(ca.subjectKeyId!).toString('hex'))
    expect(factsOf(withoutKeyId).issuerHint).toMatch(/^dn:[0-9a-f]{64}$/)
    expect(factsOf(other).issuerHint).toBe(factsOf(withoutKeyId).issuerHint)
    expect(factsOf(renamed).issuerHint).not.toBe(factsOf(withoutKeyId).issuerHint)
  })

  test('keep a name of more than 1024 characters as it is', () => {
    const value = 'x'.repeat(1500)
    expect(factsOf(issueCertificate(ca, { subject: value })).subject).toEqual([
      { rdn: 0, type: '2.5.4.3', value },
    ])
  })

  test('stay when the presented bytes change afterwards', () => {
    const bytes = Uint8Array.from(good.der)
    const { facts, isSignedBy } = accepted(bytes)
    const before = structuredClone(facts)
    bytes.fill(0)
    expect(facts).toEqual(before)
    expect(isSignedBy(ca.publicKey)).toBe(true)
  })

  test('are read from the part of a buffer that was presented', () => {
    const around = Buffer.concat([Buffer.from('before'), good.der, Buffer.from('after')])
    const view = new Uint8Array(around.buffer, around.byteOffset + 6, good.der.length)
    expect(accepted(view).facts).toEqual(factsOf(good))
  })
})

function spkiOf(pem: string): Buffer {
  return new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
}

// Node's own getters are the independent reader. Its subject strings are for this comparison only.
describe('facts agree with what Node reads', () => {
  const names = [
    { type: 'C', value: 'DE', encoding: 'printable' },
    { type: 'O', value: 'Ä & Ö', encoding: 'bmp' },
    { type: 'OU', value: 'Bär', encoding: 'teletex' },
    { type: 'CN', value: 'sensor 𝔘', encoding: 'universal' },
  ] as const
  const rows: [string, string][] = [
    ['the root that OpenSSL made', OPENSSL_ROOT_PEM],
    ['the version 1 certificate that OpenSSL made', OPENSSL_VERSION_1_PEM],
    ['the version 3 certificate that OpenSSL made', OPENSSL_VERSION_3_PEM],
    ['P-256', good.pem],
    ['P-384', issueCertificate(ca, { key: 'P-384' }).pem],
    ['P-521', issueCertificate(ca, { key: 'P-521' }).pem],
    ['RSA-8192', issueCertificate(ca, { key: rsaPublicKey(8192) }).pem],
    ['a CA', createCa({ basicConstraints: { ca: true, pathLength: 0 } }).pem],
    ['names of all string types', issueCertificate(ca, { subject: names }).pem],
    ['a date after 2049', issueCertificate(ca, { notAfter: new Date('2055-06-07T08:09:10Z') }).pem],
    ['serial number 0', issueCertificate(ca, { serialNumber: 0n }).pem],
    ['a serial number with its top bit set', issueCertificate(ca, { serialNumber: 0xf0n }).pem],
  ]

  test.each(rows)('of %s', (_, pem) => {
    const { facts } = accepted(pem)
    const node = new X509Certificate(pem)
    expect(facts.certificateId).toBe(node.fingerprint256.replaceAll(':', '').toLowerCase())
    expect(BigInt(`0x${facts.serialNumber}`)).toBe(BigInt(`0x${node.serialNumber}`))
    expect(facts.notBefore).toEqual(new Date(node.validFrom))
    expect(facts.notAfter).toEqual(new Date(node.validTo))
    expect(facts.basicConstraints?.ca ?? false).toBe(node.ca)
    expect(facts.extendedKeyUsage).toEqual(node.keyUsage)
    expect(facts.publicKeySha256).toBe(sha256(spkiOf(pem)))
    const details = node.publicKey.asymmetricKeyDetails
    if (facts.publicKey.type === 'rsa') expect(facts.publicKey.bits).toBe(details?.modulusLength)
    else expect(facts.publicKey.bits).toBe(EC_BITS[details?.namedCurve ?? ''])
    expect(facts.subject.map(({ value }) => value)).toEqual(valuesOf(node.subject))
    expect(facts.issuer.map(({ value }) => value)).toEqual(valuesOf(node.issuer))
  })

  const EC_BITS: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 }
  const valuesOf = (text: string | undefined): string[] =>
    (text ?? '').split(/\n| \+ /).map((line) => line.slice(line.indexOf('=') + 1))
})

describe('what decide() judges is told as it is, and refuses nothing here', () => {
  test.each<[string, TestCertificate, Partial<CertificateFacts>]>([
    [
      'an expired certificate',
      issueCertificate(ca, { notAfter: new Date('2025-06-01T00:00:00Z') }),
      { notBefore: NOT_BEFORE, notAfter: new Date('2025-06-01T00:00:00Z') },
    ],
    [
      'a certificate of the future',
      issueCertificate(ca, { notBefore: new Date('2040-06-01T00:00:00Z') }),
      { notBefore: new Date('2040-06-01T00:00:00Z'), notAfter: NOT_AFTER },
    ],
    [
      'a certificate that is never valid',
      issueCertificate(ca, { notBefore: NOT_AFTER, notAfter: NOT_BEFORE }),
      { notBefore: NOT_AFTER, notAfter: NOT_BEFORE },
    ],
    [
      'server authentication only',
      issueCertificate(ca, { extendedKeyUsage: ['serverAuth'] }),
      { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] },
    ],
    ['an empty usage', issueCertificate(ca, { extendedKeyUsage: [] }), { extendedKeyUsage: [] }],
    [
      'T09: several CNs',
      issueCertificate(ca, {
        subject: [
          { type: 'CN', value: 'device' },
          { type: 'CN', value: 'admin' },
        ],
      }),
      {
        subject: [
          { rdn: 0, type: '2.5.4.3', value: 'device' },
          { rdn: 1, type: '2.5.4.3', value: 'admin' },
        ],
      },
    ],
    [
      'T09: a multi-valued RDN',
      issueCertificate(ca, {
        subject: [
          [
            { type: 'O', value: 'A' },
            { type: 'CN', value: 'admin' },
          ],
        ],
      }),
      {
        subject: [
          { rdn: 0, type: '2.5.4.10', value: 'A' },
          { rdn: 0, type: '2.5.4.3', value: 'admin' },
        ],
      },
    ],
    [
      'a newline in a name',
      issueCertificate(ca, { subject: 'device\nCN=admin' }),
      { subject: [{ rdn: 0, type: '2.5.4.3', value: 'device\nCN=admin' }] },
    ],
    ['no subject', issueCertificate(ca, { subject: [] }), { subject: [] }],
    ['a CA', ca, { basicConstraints: { ca: true }, keyUsage: ['keyCertSign', 'cRLSign'] }],
  ])('%s', (_, certificate, expected) => {
    expect(factsOf(certificate)).toMatchObject(expected)
  })

  test('a certificate without key usages has none, rather than empty ones', () => {
    const facts = factsOf(issueCertificate(ca, { keyUsage: false, extendedKeyUsage: false }))
    expect(facts).not.toHaveProperty('keyUsage')
    expect(facts).not.toHaveProperty('extendedKeyUsage')
  })
})

type Refusal = Extract<Identification, { ok: false }>['reason']
const names = (count: number) => Array.from({ length: count }, (_, index) => ({ dns: `n${index}` }))
const attributes = (count: number) =>
  Array.from({ length: count }, () => ({ type: 'OU', value: 'x' }))
const padded = (octets: number): TestCertificate =>
  issueCertificate(ca, {
    key: good.key,
    extensions: [{ oid: '1.2.3.4', value: octetString(Buffer.alloc(octets)) }],
  })

/** A certificate of exactly this many octets. */
function ofSize(octets: number): TestCertificate {
  for (;;) {
    // ECDSA signatures differ in length by an octet or two from one to the next.
    const certificate = padded(7000 + octets - padded(7000).der.length)
    if (certificate.der.length === octets) return certificate
  }
}

// One row per reason: a reason without a row does not compile.
const refusals: Record<Refusal, readonly (readonly [string, string | Uint8Array])[]> = {
  'certificate-malformed': [
    ['nothing', ''],
    ['no octets', new Uint8Array(0)],
    ['text', 'device'],
    ['T05: two PEM blocks', good.pem + ca.pem],
    ['T05: the same PEM block twice', good.pem + good.pem],
    ['T05: text before the PEM block', `x${good.pem}`],
    ['T05: text after the PEM block', `${good.pem}x`],
    ['another label', toPem(good.der, 'TRUSTED CERTIFICATE')],
    ['PEM as bytes', Buffer.from(good.pem)],
    ['DER as text', good.der.toString('latin1')],
    ['T05: octets after the DER', Buffer.concat([good.der, Buffer.from([0])])],
    [
      'T05: octets after the DER in the PEM block',
      toPem(Buffer.concat([good.der, Buffer.from([0])])),
    ],
    ['T05: two certificates in one PEM block', toPem(Buffer.concat([good.der, good.der]))],
    ['DER cut short', good.der.subarray(0, -1)],
    ['a private key', good.privateKeyPem],
    [
      'an extension twice',
      issueCertificate(ca, {
        extensions: [{ oid: '2.5.29.37', value: sequence(oid('1.3.6.1.5.5.7.3.2')) }],
      }).der,
    ],
    [
      'an unknown critical extension',
      issueCertificate(ca, { extensions: [{ oid: '1.2.3', critical: true, value: nothing() }] })
        .der,
    ],
    ['T10: a NUL in a name', issueCertificate(ca, { subject: 'device\0.example' }).der],
    [
      'a date that does not exist',
      issueCertificate(ca, { notAfter: Buffer.from('170d3235303233303030303030305a', 'hex') }).der,
    ],
    [
      'a public key that OpenSSL does not read',
      issueCertificate(ca, {
        editTbs: (fields) => [...fields.slice(0, 6), sequence(), ...fields.slice(7)],
      }).der,
    ],
  ],
  'certificate-too-large': [
    ['PEM of 12289 characters', good.pem.padEnd(12_289)],
    ['T36: DER of 8193 octets', ofSize(8193).der],
    ['PEM of 8193 octets', ofSize(8193).pem],
    ['8193 octets of anything', new Uint8Array(8193)],
    ['T36: ten million characters', 'x'.repeat(10_000_000)],
  ],
  'certificate-key-unacceptable': [
    ['RSA-1024', issueCertificate(ca, { key: 'RSA-1024' }).pem],
    ['RSA-16384', issueCertificate(ca, { key: rsaPublicKey(16_384) }).pem],
    ['RSA with exponent 1', issueCertificate(ca, { key: rsaPublicKey(2048, 1) }).pem],
    ['P-224', issueCertificate(ca, { key: 'P-224' }).pem],
    ['secp256k1', issueCertificate(ca, { key: 'secp256k1' }).pem],
    ['Ed25519', issueCertificate(ca, { key: 'Ed25519' }).pem],
    ['DSA', issueCertificate(ca, { key: 'DSA-1024' }).pem],
  ],
  'certificate-signature-unacceptable': [
    ['MD5 with RSA', issueCertificate(rsaCa, { signature: 'md5' }).pem],
    ['SHA-1 with RSA', issueCertificate(rsaCa, { signature: 'sha1' }).pem],
    ['SHA-1 with RSA-PSS', issueCertificate(rsaCa, { signature: 'pss-sha1' }).pem],
    ['SHA-1 with ECDSA', issueCertificate(ca, { signature: 'sha1' }).pem],
    ['Ed25519', issueCertificate(createCa({ key: 'Ed25519' })).pem],
    ['DSA', issueCertificate(createCa({ key: 'DSA-1024' })).pem],
  ],
  'certificate-names-excessive': [
    [
      'T36: 33 subject alternative names',
      issueCertificate(ca, { subjectAlternativeNames: names(33) }).pem,
    ],
    [
      '33 issuer alternative names',
      issueCertificate(ca, { issuerAlternativeNames: names(33) }).pem,
    ],
    ['33 attributes in the subject', issueCertificate(ca, { subject: attributes(33) }).pem],
    ['33 attributes in one RDN', issueCertificate(ca, { subject: [attributes(33)] }).pem],
    ['33 attributes in the issuer', issueCertificate(ca, { issuer: attributes(33) }).pem],
    [
      '33 alternative names without text',
      issueCertificate(ca, {
        subjectAlternativeNames: Array.from({ length: 33 }, () => ({ der: constructed(5) })),
      }).pem,
    ],
  ],
}

describe.each(Object.entries(refusals))('refuses with %s', (reason, rows) => {
  test.each(rows)('%s', (_, presented) => {
    expect(identify(presented)).toEqual({ ok: false, reason })
  })
})

describe('accepts up to the limit', () => {
  test.each<[string, string | Uint8Array]>([
    ['RSA-2048', issueCertificate(ca, { key: 'RSA-2048' }).pem],
    ['RSA-8192', issueCertificate(ca, { key: rsaPublicKey(8192) }).pem],
    [
      '32 subject alternative names',
      issueCertificate(ca, { subjectAlternativeNames: names(32) }).pem,
    ],
    [
      '32 issuer alternative names',
      issueCertificate(ca, { issuerAlternativeNames: names(32) }).pem,
    ],
    [
      '32 attributes in subject and issuer',
      issueCertificate(ca, { subject: attributes(32), issuer: [attributes(32)] }).pem,
    ],
    ['DER of 8192 octets', ofSize(8192).der],
    ['PEM of 8192 octets', ofSize(8192).pem],
    ['PEM of 8192 octets with CRLF', toPem(ofSize(8192).der, 'CERTIFICATE', '\r\n')],
    ['PEM of 12288 characters', good.pem.padEnd(12_288)],
  ])('%s', (_, presented) => {
    expect(identify(presented)).toMatchObject({ ok: true })
  })
})

describe('the signature', () => {
  test.each([
    ['ECDSA P-256', ca, 'sha256'],
    ['ECDSA P-384', createCa({ key: 'P-384' }), 'sha384'],
    ['ECDSA P-521', createCa({ key: 'P-521' }), 'sha512'],
    ['RSA', rsaCa, 'sha256'],
    ['RSA with SHA-512', rsaCa, 'sha512'],
    ['RSA-PSS', rsaCa, 'pss-sha256'],
  ] as const)(
    '%s is verified with the key that made it, and with no other',
    (_, issuer, signature) => {
      const { isSignedBy } = accepted(issueCertificate(issuer, { signature }).pem)
      expect(isSignedBy(issuer.publicKey)).toBe(true)
      expect(isSignedBy(createKey('P-256').publicKey)).toBe(false)
      expect(isSignedBy(issuer === rsaCa ? ca.publicKey : rsaCa.publicKey)).toBe(false)
    },
  )

  test('of a certificate that OpenSSL made is verified', () => {
    const root = spkiOf(OPENSSL_ROOT_PEM)
    for (const pem of [OPENSSL_ROOT_PEM, OPENSSL_VERSION_1_PEM, OPENSSL_VERSION_3_PEM]) {
      expect(accepted(pem).isSignedBy(root)).toBe(true)
      expect(accepted(pem).isSignedBy(ca.publicKey)).toBe(false)
    }
  })

  test.each([
    ['with key ids', {}],
    ['without key ids', { authorityKeyId: false }],
  ] as const)('of a rogue CA with the same name, %s, is not the CA’s', (_, options) => {
    const rogue = createCa({ subject: ca.subject, serialNumber: 1n })
    const forged = accepted(issueCertificate(rogue, options).pem)
    expect(forged.facts.issuer).toEqual(factsOf(good).issuer)
    expect(forged.isSignedBy(ca.publicKey)).toBe(false)
    expect(forged.isSignedBy(rogue.publicKey)).toBe(true)
  })

  test('T06: of a rogue CA that copies the key id too is not the CA’s', () => {
    const rogue = createCa({ subject: ca.subject, subjectKeyId: ca.subjectKeyId! })
    const forged = accepted(issueCertificate(rogue).pem)
    expect(forged.facts.issuerHint).toBe(factsOf(good).issuerHint)
    expect(forged.isSignedBy(ca.publicKey)).toBe(false)
  })

  test('T07: made by a device’s key under the CA’s name is not the CA’s', () => {
    const forged = issueCertificate(good, { issuer: ca.subject, authorityKeyId: ca.subjectKeyId! })
    expect(accepted(forged.pem).isSignedBy(ca.publicKey)).toBe(false)
  })

  test('over other content is not the CA’s', () => {
    const other = issueCertificate(ca, { key: good.key, subject: 'other' })
    const swapped = issueCertificate(ca, {
      key: good.key,
      editCertificate: ([tbs, algorithm]) => [tbs!, algorithm!, signatureOf(other)],
    })
    expect(accepted(swapped.pem).isSignedBy(ca.publicKey)).toBe(false)
  })

  test.each([
    ['no octets', new Uint8Array(0)],
    ['text', Buffer.from('no key')],
    ['a certificate', ca.der],
    ['a PEM certificate', Buffer.from(ca.pem)],
    ['a private key', ca.key.privateKey!.export({ type: 'pkcs8', format: 'der' })],
    ['a key with octets missing', ca.publicKey.slice(0, -1)],
    ['a key that cannot verify', createKey('Ed25519').publicKey],
    ['a key that agrees but does not sign', x25519()],
    ['an RSA key of exponent 1', rsaPublicKey(2048, 1).publicKey],
  ])('is not verified, and nothing throws, with %s', (_, publicKey) => {
    expect(accepted(good.pem).isSignedBy(publicKey)).toBe(false)
    expect(accepted(issueCertificate(rsaCa).pem).isSignedBy(publicKey)).toBe(false)
  })
})

function x25519(): Uint8Array {
  return generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' })
}

function signatureOf(certificate: TestCertificate): Uint8Array {
  let signature: Uint8Array = bitString(Buffer.alloc(1))
  issueCertificate(ca, {
    key: certificate.key,
    subject: certificate.subject,
    editCertificate: (fields) => {
      signature = fields[2]!
      return fields
    },
  })
  return signature
}

test('T06: two certificates of the same issuer and serial number have ids of their own', () => {
  const one = issueCertificate(ca, { serialNumber: 7n })
  const two = issueCertificate(ca, { serialNumber: 7n })
  expect(factsOf(one).certificateId).toBe(sha256(one.der))
  expect(factsOf(two).certificateId).toBe(sha256(two.der))
  expect(factsOf(one).certificateId).not.toBe(factsOf(two).certificateId)
})

describe('whatever is presented', () => {
  /** Any UTF-16 code units, lone surrogates too. */
  const texts = (maxLength: number) =>
    fc.uint16Array({ maxLength }).map((units) => String.fromCharCode(...units))

  /** Nothing but the certificate itself may pass as signed, and an id is always the hash of what was presented. */
  function check(identification: Identification, der: Buffer): void {
    if (!identification.ok) return
    const { facts, isSignedBy } = identification.certificate
    expect(facts.certificateId).toBe(sha256(der))
    expect(isSignedBy(ca.publicKey)).toBe(der.equals(good.der))
  }

  test('arbitrary bytes and texts never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), texts(50), (bytes, text) => {
        check(identify(bytes), Buffer.from(bytes))
        check(identify(toPem(bytes)), Buffer.from(bytes))
        expect(identify(text)).toEqual({ ok: false, reason: 'certificate-malformed' })
      }),
      { numRuns: 500 },
    )
  })

  const edit = fc.record({
    at: fc.nat(good.der.length),
    removed: fc.nat({ max: 3 }),
    inserted: fc.uint8Array({ maxLength: 3 }),
  })

  test('T04: a changed certificate never passes for the one that the CA signed', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const der = edits.reduce(
          (bytes, { at, removed, inserted }) =>
            Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]),
          good.der,
        )
        check(identify(der), der)
        check(identify(toPem(der)), der)
      }),
      { numRuns: 3000 },
    )
  })

  test('each single octet changed never passes for the one that the CA signed', () => {
    for (let at = 0; at < good.der.length; at++) {
      for (const change of [0x01, 0x20, 0x80, 0xff]) {
        const der = Buffer.from(good.der)
        der.writeUInt8(der.readUInt8(at) ^ change, at)
        check(identify(der), der)
      }
    }
  })

  test('a PEM with any character changed is refused or means the same', () => {
    const at = fc.nat({ max: good.pem.length - 1 })
    fc.assert(
      fc.property(at, texts(2), (index, text) => {
        const identification = identify(good.pem.slice(0, index) + text + good.pem.slice(index + 1))
        if (!identification.ok) return
        const { facts, isSignedBy } = identification.certificate
        expect(isSignedBy(ca.publicKey)).toBe(facts.certificateId === sha256(good.der))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('T36: spends no more than a quarter of a second of processor time on', () => {
  const full = (octet: string) => Buffer.from(octet.repeat(8192 / (octet.length / 2)), 'hex')
  const backslashes = set(sequence(oid('2.5.4.3'), characterString('\\'.repeat(7000), 'utf8')))
  const extension = (value: Uint8Array) =>
    issueCertificate(ca, { key: good.key, extensions: [{ oid: '2.5.29.17', value }] }).der
  test.each<[string, string | Uint8Array]>([
    ['SEQUENCEs that end nowhere', full('3080')],
    ['SEQUENCEs without content', full('3000')],
    ['newlines', '\n'.repeat(12_288)],
    [
      'a block of newlines',
      `-----BEGIN CERTIFICATE-----${'\n'.repeat(12_000)}-----END CERTIFICATE-----`,
    ],
    ['white space inside a block', good.pem.replace('\n', ' '.repeat(11_000))],
    ['labels', '-----BEGIN CERTIFICATE-----\n'.repeat(400)],
    ['3700 alternative names', extension(sequence(full('8200').subarray(0, 7400)))],
    ['600 attributes', issueCertificate(ca, { key: good.key, subject: attributes(600) }).der],
    ['a directory name of backslashes', extension(sequence(constructed(4, sequence(backslashes))))],
    [
      'an OID of 7000 octets',
      extension(Buffer.concat([Buffer.from('06821b58', 'hex'), Buffer.alloc(7000, 0x81)])),
    ],
    [
      'RSA-16384 with an exponent as long',
      issueCertificate(ca, { key: rsaPublicKey(16_384, (1n << 16_383n) + 1n) }).der,
    ],
    ['an even modulus of 50000 bits', issueCertificate(ca, { key: rsaPublicKey(50_000) }).der],
  ])('%s', (_, presented) => {
    const start = process.threadCpuUsage()
    identify(presented)
    const { user, system } = process.threadCpuUsage(start)
    expect(user + system).toBeLessThan(250_000)
  })
})
