import { parseCaCertificateId, parseTenantId, type TenantId } from '@thingpass/core/names'
import type { CaRecord } from '@thingpass/core/records'
import {
  bytes,
  flag,
  type Item,
  type ItemReader,
  instant,
  number,
  openItem,
  text,
} from '../attributes.ts'
import { caKey } from '../keys.ts'
import { parseDigest } from './ca-claim.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'ca'

/** Attribute of a CA whose key has, or once had, a revocation list. */
export const LISTED_ATTRIBUTE = 'hasRevocationList'

/** A CA as it is stored. */
export type CaItem = {
  readonly record: CaRecord
  readonly certificateMode: 'DEFAULT' | 'SNI_ONLY'
  readonly autoRegistration: boolean
  /** Made anew with each registration. */
  readonly generationId: string
  /** 1 when it is registered; one more with each change. */
  readonly version: number
  /** Whether it is the one that this service signs with. */
  readonly own: boolean
  /** SHA-256 of the public key and of the subject name, lower-case hex: what the tenant has claimed. */
  readonly claims: { readonly key: string; readonly subject: string }
  readonly createdAt: Date
  readonly modifiedAt: Date
}

/** Index key that lists the CAs of a tenant. */
export const casListing = (tenantId: TenantId): string => `TENANT#${tenantId}#CA`

/** Writes a CA as an item. */
export function encodeCa({ record, ...item }: CaItem): Item {
  const { pk, sk } = caKey(record.tenantId, record.caCertificateId)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(casListing(record.tenantId)),
    tenantId: text(record.tenantId),
    caCertificateId: text(record.caCertificateId),
    status: text(record.status),
    publicKey: bytes(record.publicKey),
    certificateMode: text(item.certificateMode),
    autoRegistration: flag(item.autoRegistration),
    generationId: text(item.generationId),
    version: number(item.version),
    own: flag(item.own),
    ...(record.revocationListKey !== undefined && { [LISTED_ATTRIBUTE]: flag(true) }),
    keyClaim: text(item.claims.key),
    subjectClaim: text(item.claims.subject),
    createdAt: instant(item.createdAt),
    modifiedAt: instant(item.modifiedAt),
  }
}

/**
 * Reads a CA.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeCa(item: Item): CaItem {
  const read = openItem(item, KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  const caCertificateId = read.parsed('caCertificateId', parseCaCertificateId)
  read.liesAt(caKey(tenantId, caCertificateId))
  const keyClaim = read.parsed('keyClaim', parseDigest)
  return {
    record: {
      caCertificateId,
      tenantId,
      status: read.oneOf('status', ['ACTIVE', 'INACTIVE']),
      publicKey: read.bytes('publicKey'),
      ...(isListed(read) && { revocationListKey: keyClaim }),
    },
    certificateMode: read.oneOf('certificateMode', ['DEFAULT', 'SNI_ONLY']),
    autoRegistration: read.flag('autoRegistration'),
    generationId: read.parsed('generationId', parseMadeId),
    version: read.integer('version', 1),
    own: read.flag('own'),
    claims: {
      key: keyClaim,
      subject: read.parsed('subjectClaim', parseDigest),
    },
    createdAt: read.instant('createdAt'),
    modifiedAt: read.instant('modifiedAt'),
  }
}

/** It is set for good: whatever else stands there is not an answer to whether devices are to be looked up. */
function isListed(read: ItemReader): boolean {
  if (!read.has(LISTED_ATTRIBUTE)) return false
  if (!read.flag(LISTED_ATTRIBUTE)) throw read.unreadable(LISTED_ATTRIBUTE)
  return true
}
