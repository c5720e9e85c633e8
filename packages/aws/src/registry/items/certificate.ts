import {
  parseCaCertificateId,
  parseCertificateId,
  parseTenantId,
  parseThingName,
  type TenantId,
} from '@thingpass/core/names'
import type { CertificateRecord, CertificateStatus, Registration } from '@thingpass/core/records'
import { type Item, type ItemReader, instant, number, openItem, text } from '../attributes.ts'
import { certificateKey } from '../keys.ts'
import { parseDigest } from './ca-claim.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'certificate'

const STATUSES = [
  'ACTIVE',
  'INACTIVE',
  'REVOKED',
  'PENDING_TRANSFER',
  'PENDING_ACTIVATION',
  'REGISTER_INACTIVE',
] as const satisfies readonly CertificateStatus[]

/** A device certificate as it is stored. */
export type CertificateItem = {
  readonly record: CertificateRecord
  readonly certificateMode: 'DEFAULT' | 'SNI_ONLY'
  /**
   * SHA-256 of its CA's key, lower-case hex: says what to read beside the CA and proves nothing. Absent without CA, and in
   * records from before there were revocation lists.
   */
  readonly issuerKeySha256?: string
  /** 1 when it is registered; one more with each change of its status. */
  readonly version: number
  /** How many things and policies it is attached to. */
  readonly thingCount: number
  readonly policyCount: number
  readonly createdAt: Date
  readonly modifiedAt: Date
}

/** Index key that lists the certificates of a tenant. */
export const certificatesListing = (tenantId: TenantId): string => `TENANT#${tenantId}#CERT`

/** Writes a certificate as an item. */
export function encodeCertificate({ record, ...item }: CertificateItem): Item {
  const { pk, sk } = certificateKey(record.certificateId)
  const { registration } = record
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(certificatesListing(record.tenantId)),
    certificateId: text(record.certificateId),
    tenantId: text(record.tenantId),
    registrationId: text(record.registrationId),
    status: text(record.status),
    registration: text(registration.kind),
    ...(registration.kind === 'ca' && { caCertificateId: text(registration.caCertificateId) }),
    ...(record.exclusiveThing !== undefined && { exclusiveThing: text(record.exclusiveThing) }),
    certificateMode: text(item.certificateMode),
    ...(item.issuerKeySha256 !== undefined && { issuerKeySha256: text(item.issuerKeySha256) }),
    version: number(item.version),
    thingCount: number(item.thingCount),
    policyCount: number(item.policyCount),
    createdAt: instant(item.createdAt),
    modifiedAt: instant(item.modifiedAt),
  }
}

/**
 * Reads a certificate.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeCertificate(item: Item): CertificateItem {
  const read = openItem(item, KIND)
  const certificateId = read.parsed('certificateId', parseCertificateId)
  read.liesAt(certificateKey(certificateId))
  return {
    record: {
      certificateId,
      tenantId: read.parsed('tenantId', parseTenantId),
      registrationId: read.parsed('registrationId', parseMadeId),
      status: read.oneOf('status', STATUSES),
      registration: registrationOf(read),
      ...(read.has('exclusiveThing') && {
        exclusiveThing: read.parsed('exclusiveThing', parseThingName),
      }),
    },
    certificateMode: read.oneOf('certificateMode', ['DEFAULT', 'SNI_ONLY']),
    ...(read.has('issuerKeySha256') && {
      issuerKeySha256: read.parsed('issuerKeySha256', parseDigest),
    }),
    version: read.integer('version', 1),
    thingCount: read.integer('thingCount', 0),
    policyCount: read.integer('policyCount', 0),
    createdAt: read.instant('createdAt'),
    modifiedAt: read.instant('modifiedAt'),
  }
}

/** "Registered without CA" must be said; a certificate whose CA's id got lost is not one. */
function registrationOf(read: ItemReader): Registration {
  const kind = read.oneOf('registration', ['ca', 'without-ca'])
  if (kind === 'ca') {
    return { kind, caCertificateId: read.parsed('caCertificateId', parseCaCertificateId) }
  }
  if (read.has('caCertificateId')) throw read.unreadable('caCertificateId')
  return { kind }
}
