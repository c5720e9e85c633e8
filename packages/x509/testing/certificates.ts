import {
  type ExtensionOptions,
  extensionDer,
  extensionsOf,
  subjectKeyIdOf,
} from './certificate-extensions.ts'
import { nameDer, type TestName } from './certificate-names.ts'
import { bitString, constructed, integer, sequence, time } from './der-writer.ts'
import { createKey, createSigner, type KeyKind, type SignatureKind, type TestKey } from './keys.ts'

/** Start of validity where a test does not say otherwise. */
export const NOT_BEFORE = new Date('2025-01-01T00:00:00Z')
/** End of validity where a test does not say otherwise. */
export const NOT_AFTER = new Date('2045-01-01T00:00:00Z')

/** What a certificate says. `false` leaves an extension out; every default makes a good certificate. */
export type CertificateOptions = ExtensionOptions & {
  readonly subject?: TestName
  /** Overrides the issuer's own name. */
  readonly issuer?: TestName
  readonly key?: KeyKind | TestKey
  readonly signature?: SignatureKind
  readonly serialNumber?: bigint
  /** A date, or ready-made DER. */
  readonly notBefore?: Date | Uint8Array
  readonly notAfter?: Date | Uint8Array
  /** 1 leaves out every extension. */
  readonly version?: 1 | 2 | 3
  /** Changes the fields of TBSCertificate before they are signed. */
  readonly editTbs?: (fields: readonly Buffer[]) => readonly Uint8Array[]
  /** Changes the three fields of the signed certificate. */
  readonly editCertificate?: (fields: readonly Buffer[]) => readonly Uint8Array[]
}

/** A certificate with its key. `privateKeyPem` (PKCS #8) is empty where only the public key exists. */
export type TestCertificate = {
  readonly der: Buffer
  readonly pem: string
  readonly privateKeyPem: string
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
  readonly key: TestKey
  readonly subject: TestName
  /** Absent where the certificate carries none. */
  readonly subjectKeyId?: Uint8Array
}

/** Makes a self-signed CA: P-256, CA without path length, keyCertSign and cRLSign, subject key id. */
export function createCa(options: CertificateOptions = {}): TestCertificate {
  const subject = options.subject ?? 'Test CA'
  const key = keyOf(options.key)
  const self: Issuer = { subject, key, ...subjectKeyIdOf(options, key) }
  return certificate(self, key, { ...CA_DEFAULTS, ...options, subject })
}

/** Makes a certificate under an issuer: P-256, no CA, digitalSignature, clientAuth, both key ids. */
export function issueCertificate(
  issuer: Issuer,
  options: CertificateOptions = {},
): TestCertificate {
  return certificate(issuer, keyOf(options.key), { ...LEAF_DEFAULTS, ...options })
}

/** What an issuer has to have: any certificate made here will do, CA or not. */
export type Issuer = Pick<TestCertificate, 'subject' | 'key' | 'subjectKeyId'>

const CA_DEFAULTS: CertificateOptions = {
  serialNumber: 1n,
  basicConstraints: { ca: true },
  keyUsage: ['keyCertSign', 'cRLSign'],
  authorityKeyId: false,
}
const LEAF_DEFAULTS: CertificateOptions = {
  subject: 'device',
  basicConstraints: { ca: false },
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['clientAuth'],
}

function keyOf(key: KeyKind | TestKey = 'P-256'): TestKey {
  return typeof key === 'string' ? createKey(key) : key
}

function certificate(issuer: Issuer, key: TestKey, options: CertificateOptions): TestCertificate {
  const signingKey = issuer.key.privateKey
  if (signingKey === undefined) throw new TypeError('the issuer has no private key')
  const signer = createSigner(signingKey, options.signature ?? 'sha256')
  const fields = tbsFields(issuer, key, options, signer.algorithm)
  const tbs = sequence(...(options.editTbs?.(fields) ?? fields))
  const parts = [tbs, signer.algorithm, bitString(signer.sign(tbs))]
  const der = sequence(...(options.editCertificate?.(parts) ?? parts))
  return {
    der,
    pem: toPem(der),
    privateKeyPem: key.privateKey?.export({ type: 'pkcs8', format: 'pem' }).toString() ?? '',
    publicKey: key.publicKey,
    key,
    subject: options.subject ?? 'device',
    ...(options.version === 1 ? {} : subjectKeyIdOf(options, key)),
  }
}

function tbsFields(
  issuer: Issuer,
  key: TestKey,
  options: CertificateOptions,
  algorithm: Buffer,
): readonly Buffer[] {
  const version = options.version ?? 3
  const all = version === 3 ? extensionsOf(issuer, key, options) : []
  return [
    ...(version === 1 ? [] : [constructed(0, integer(version - 1))]),
    integer(options.serialNumber ?? 0x1001n),
    algorithm,
    nameDer(options.issuer ?? issuer.subject),
    sequence(timeDer(options.notBefore ?? NOT_BEFORE), timeDer(options.notAfter ?? NOT_AFTER)),
    nameDer(options.subject ?? 'device'),
    Buffer.from(key.publicKey),
    ...(all.length === 0 ? [] : [constructed(3, sequence(...all.map(extensionDer)))]),
  ]
}

function timeDer(value: Date | Uint8Array): Uint8Array {
  return value instanceof Date ? time(value) : value
}

/** PEM with lines of 64 characters and a trailing newline, as API Gateway and OpenSSL write it. */
export function toPem(der: Uint8Array, label = 'CERTIFICATE', newline = '\n'): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join(newline)
}
