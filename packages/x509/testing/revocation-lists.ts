import type { TestExtension } from './certificate-extensions.ts'
import { extensionDer } from './certificate-extensions.ts'
import { nameDer, type TestName } from './certificate-names.ts'
import { type Issuer, toPem } from './certificates.ts'
import {
  bitString,
  constructed,
  der,
  integer,
  octetString,
  oid,
  primitive,
  sequence,
  time,
} from './der-writer.ts'
import { createSigner, keyIdOf, type SignatureKind, type TestKey } from './keys.ts'

/** When the lists of tests begin where nothing else is said. */
export const THIS_UPDATE = new Date('2026-01-01T00:00:00Z')
/** When they end. */
export const NEXT_UPDATE = new Date('2026-02-01T00:00:00Z')

/** One revoked certificate; a bare number is its serial number. */
export type TestEntry =
  | bigint
  | {
      readonly serialNumber: bigint
      readonly revokedAt?: Date | Uint8Array
      /** CRLReason. */
      readonly reason?: number
      readonly extensions?: readonly TestExtension[]
    }

/** What a revocation list says. `false` leaves something out; every default makes a good list. */
export type RevocationListOptions = {
  /** Overrides the issuer's own name. */
  readonly issuerName?: TestName | Uint8Array
  /** 1 leaves the field out; else it is written as one less. */
  readonly version?: number
  readonly number?: bigint | false
  readonly thisUpdate?: Date | Uint8Array
  readonly nextUpdate?: Date | Uint8Array | false
  /** None leaves the list of them out. */
  readonly entries?: readonly TestEntry[]
  readonly authorityKeyId?: boolean
  /** Added after the others. */
  readonly extensions?: readonly TestExtension[]
  readonly signature?: SignatureKind
  /** Signs in place of the issuer. */
  readonly signingKey?: TestKey
  /** Changes the fields of TBSCertList before they are signed. */
  readonly editTbs?: (fields: readonly Buffer[]) => readonly Uint8Array[]
  /** Changes the three fields of the signed list. */
  readonly editList?: (fields: readonly Buffer[]) => readonly Uint8Array[]
}

/** A revocation list as bytes and as text. */
export type TestRevocationList = { readonly der: Buffer; readonly pem: string }

/** Makes a revocation list: version 2, number 1, a month long, authority key id, SHA-256, nothing revoked. Source: RFC 5280 §5.1. */
export function createRevocationList(
  issuer: Issuer,
  options: RevocationListOptions = {},
): TestRevocationList {
  const signer = createSigner(
    (options.signingKey ?? issuer.key).privateKey!,
    options.signature ?? 'sha256',
  )
  const fields = tbsFields(issuer, options, signer.algorithm)
  const tbs = sequence(...(options.editTbs?.(fields) ?? fields))
  const parts = [tbs, signer.algorithm, bitString(signer.sign(tbs))]
  const list = sequence(...(options.editList?.(parts) ?? parts))
  return { der: list, pem: toPem(list, 'X509 CRL') }
}

function tbsFields(
  issuer: Issuer,
  options: RevocationListOptions,
  algorithm: Buffer,
): readonly Buffer[] {
  const { version = 2, entries = [], nextUpdate = NEXT_UPDATE } = options
  const name = options.issuerName ?? issuer.subject
  const extensions = version === 1 ? [] : listExtensions(issuer, options)
  return [
    ...(version === 1 ? [] : [integer(version - 1)]),
    algorithm,
    name instanceof Uint8Array ? Buffer.from(name) : nameDer(name),
    timeDer(options.thisUpdate ?? THIS_UPDATE),
    ...(nextUpdate === false ? [] : [timeDer(nextUpdate)]),
    ...(entries.length === 0 ? [] : [sequence(Buffer.concat(entries.map(entryDer)))]),
    ...(extensions.length === 0 ? [] : [constructed(0, sequence(...extensions.map(extensionDer)))]),
  ]
}

function listExtensions(issuer: Issuer, options: RevocationListOptions): readonly TestExtension[] {
  const { number = 1n, authorityKeyId = true } = options
  const keyId = primitive(0, issuer.subjectKeyId ?? keyIdOf(issuer.key))
  return [
    ...(authorityKeyId ? [{ oid: '2.5.29.35', value: sequence(keyId) }] : []),
    ...(number === false ? [] : [{ oid: '2.5.29.20', value: integer(number) }]),
    ...(options.extensions ?? []),
  ]
}

/** DER of one entry. */
export function entryDer(entry: TestEntry): Buffer {
  const { serialNumber, revokedAt, reason, extensions } =
    typeof entry === 'bigint' ? { serialNumber: entry } : { ...entry }
  const all = [...(reason === undefined ? [] : [reasonExtension(reason)]), ...(extensions ?? [])]
  return sequence(
    integer(serialNumber),
    timeDer(revokedAt ?? THIS_UPDATE),
    ...(all.length === 0 ? [] : [sequence(...all.map(extensionDer))]),
  )
}

/** The reason of an entry. Source: RFC 5280 §5.3.1. */
export function reasonExtension(reason: number): TestExtension {
  return { oid: '2.5.29.21', value: der(0x0a, Buffer.from([reason])) }
}

/** What an issuing distribution point may say. Source: RFC 5280 §5.2.5. */
export type TestScope = {
  readonly uri?: string
  readonly onlyUserCertificates?: boolean
  readonly onlyCaCertificates?: boolean
  readonly onlySomeReasons?: boolean
  readonly indirect?: boolean
  readonly onlyAttributeCertificates?: boolean
}

/** An issuing distribution point; critical, as it has to be. */
export function scopeExtension(scope: TestScope): TestExtension {
  const { uri } = scope
  const yes = Buffer.from([0xff])
  const value = sequence(
    ...(uri === undefined ? [] : [constructed(0, constructed(0, primitive(6, Buffer.from(uri))))]),
    ...(scope.onlyUserCertificates ? [primitive(1, yes)] : []),
    ...(scope.onlyCaCertificates ? [primitive(2, yes)] : []),
    ...(scope.onlySomeReasons ? [primitive(3, Buffer.from([1, 0x40]))] : []),
    ...(scope.indirect ? [primitive(4, yes)] : []),
    ...(scope.onlyAttributeCertificates ? [primitive(5, yes)] : []),
  )
  return { oid: '2.5.29.28', critical: true, value }
}

/** Says that a list holds the changes to another. Source: RFC 5280 §5.2.4. */
export function deltaExtension(base: bigint): TestExtension {
  return { oid: '2.5.29.27', critical: true, value: integer(base) }
}

/** Says whose certificate an entry is about. Source: RFC 5280 §5.3.3. */
export function certificateIssuerExtension(name: TestName): TestExtension {
  return { oid: '2.5.29.29', critical: true, value: sequence(constructed(4, nameDer(name))) }
}

/** An extension that nobody knows. */
export function unknownExtension(critical: boolean): TestExtension {
  return { oid: '1.3.6.1.4.1.99999.1', critical, value: octetString(Buffer.of(1)) }
}

/** An extension of any type; its type has to be in dotted form. */
export function extensionOf(type: string, value: Uint8Array): TestExtension {
  return { oid: type, value }
}

/** An AlgorithmIdentifier without parameters. */
export function algorithmDer(dotted: string): Buffer {
  return sequence(oid(dotted))
}

function timeDer(value: Date | Uint8Array): Buffer {
  return value instanceof Date ? time(value) : Buffer.from(value)
}
