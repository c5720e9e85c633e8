import {
  bitString,
  boolean,
  characterString,
  constructed,
  integer,
  octetString,
  oid,
  primitive,
  type StringEncoding,
  sequence,
  set,
  time,
} from './der-writer.ts'
import type { KeyKind, SignatureKind, TestKey } from './keys.ts'
import { createKey, createSigner, keyIdOf } from './keys.ts'

/** Start of validity where a test does not say otherwise. */
export const NOT_BEFORE = new Date('2025-01-01T00:00:00Z')
/** End of validity where a test does not say otherwise. */
export const NOT_AFTER = new Date('2045-01-01T00:00:00Z')

/** One attribute; `type` is a short name such as `CN`, or a dotted OID. */
export type TestAttribute = {
  readonly type: string
  readonly value: string
  readonly encoding?: StringEncoding
}
/** RDNs in order; an array is a multi-valued RDN. A bare string stands for one CN. */
export type TestName = string | readonly (TestAttribute | readonly TestAttribute[])[]

/** An extension; `value` is the DER inside its OCTET STRING. `critical: false` is left out, as DER wants it. */
export type TestExtension = {
  readonly oid: string
  readonly critical?: boolean
  readonly value: Uint8Array
}

/** One GeneralName: text kinds by name, directory names as RDNs, anything else as ready-made DER. */
export type TestAlternativeName =
  | { readonly email: string }
  | { readonly dns: string }
  | { readonly uri: string }
  | { readonly ip: readonly number[] }
  | { readonly directory: TestName }
  | { readonly der: Uint8Array }

/** What a certificate says. `false` leaves an extension out; every default makes a good certificate. */
export type CertificateOptions = {
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
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number } | false
  /** RFC 5280 names. */
  readonly keyUsage?: readonly string[] | false
  /** Short names such as `clientAuth`, or dotted OIDs. */
  readonly extendedKeyUsage?: readonly string[] | false
  readonly subjectAlternativeNames?: readonly TestAlternativeName[]
  readonly issuerAlternativeNames?: readonly TestAlternativeName[]
  readonly subjectKeyId?: Uint8Array | false
  readonly authorityKeyId?: Uint8Array | false
  /** Added after the others. */
  readonly extensions?: readonly TestExtension[]
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

function subjectKeyIdOf(options: CertificateOptions, key: TestKey): { subjectKeyId?: Uint8Array } {
  const { subjectKeyId = keyIdOf(key) } = options
  return subjectKeyId === false ? {} : { subjectKeyId }
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

function extensionsOf(
  issuer: Issuer,
  key: TestKey,
  options: CertificateOptions,
): readonly TestExtension[] {
  const { subjectKeyId } = subjectKeyIdOf(options, key)
  const { authorityKeyId = issuer.subjectKeyId ?? false } = options
  return [
    ...basicConstraintsOf(options),
    ...keyUsageOf(options),
    ...extendedKeyUsageOf(options),
    ...alternativeNamesOf('2.5.29.17', options.subjectAlternativeNames),
    ...alternativeNamesOf('2.5.29.18', options.issuerAlternativeNames),
    ...(subjectKeyId ? [{ oid: '2.5.29.14', value: octetString(subjectKeyId) }] : []),
    ...(authorityKeyId
      ? [{ oid: '2.5.29.35', value: sequence(primitive(0, authorityKeyId)) }]
      : []),
    ...(options.extensions ?? []),
  ]
}

function basicConstraintsOf({ basicConstraints }: CertificateOptions): readonly TestExtension[] {
  if (!basicConstraints) return []
  const { ca, pathLength } = basicConstraints
  const value = sequence(
    ...(ca ? [boolean(true)] : []),
    ...(pathLength === undefined ? [] : [integer(pathLength)]),
  )
  return [{ oid: '2.5.29.19', critical: true, value }]
}

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

function keyUsageOf({ keyUsage }: CertificateOptions): readonly TestExtension[] {
  if (!keyUsage) return []
  const bits = keyUsage.reduce((sum, name) => sum | (0x8000 >> KEY_USAGES.indexOf(name)), 0)
  const octets = Buffer.from([bits >> 8, bits & 0xff])
  const content = octets[1] === 0 ? octets.subarray(0, 1) : octets
  const last = content.at(-1) ?? 0
  const unusedBits = last === 0 ? 0 : 31 - Math.clz32(last & -last)
  return [{ oid: '2.5.29.15', critical: true, value: bitString(content, unusedBits) }]
}

const EXTENDED_KEY_USAGES: Readonly<Record<string, string>> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  any: '2.5.29.37.0',
}

function extendedKeyUsageOf({ extendedKeyUsage }: CertificateOptions): readonly TestExtension[] {
  if (!extendedKeyUsage) return []
  const usages = extendedKeyUsage.map((usage) => oid(EXTENDED_KEY_USAGES[usage] ?? usage))
  return [{ oid: '2.5.29.37', value: sequence(...usages) }]
}

function alternativeNamesOf(
  extension: string,
  names: readonly TestAlternativeName[] | undefined,
): readonly TestExtension[] {
  return names ? [{ oid: extension, value: sequence(...names.map(alternativeNameDer)) }] : []
}

function alternativeNameDer(name: TestAlternativeName): Uint8Array {
  if ('email' in name) return primitive(1, Buffer.from(name.email))
  if ('dns' in name) return primitive(2, Buffer.from(name.dns))
  if ('directory' in name) return constructed(4, nameDer(name.directory))
  if ('uri' in name) return primitive(6, Buffer.from(name.uri))
  if ('ip' in name) return primitive(7, Buffer.from(name.ip))
  return name.der
}

const ATTRIBUTE_TYPES: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
}

/** DER of a distinguished name; attributes are UTF8String where nothing else is asked for. */
export function nameDer(name: TestName): Buffer {
  const rdns = typeof name === 'string' ? [{ type: 'CN', value: name }] : name
  return sequence(...rdns.map((rdn) => set(...[rdn].flat().map(attributeDer))))
}

function attributeDer({ type, value, encoding = 'utf8' }: TestAttribute): Buffer {
  return sequence(oid(ATTRIBUTE_TYPES[type] ?? type), characterString(value, encoding))
}

/** DER of one extension. */
export function extensionDer({ oid: type, critical, value }: TestExtension): Buffer {
  return sequence(oid(type), ...(critical ? [boolean(true)] : []), octetString(value))
}

/** PEM with lines of 64 characters and a trailing newline, as API Gateway and OpenSSL write it. */
export function toPem(der: Uint8Array, label = 'CERTIFICATE', newline = '\n'): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join(newline)
}
