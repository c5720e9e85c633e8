import { parseCaCertificateId, parseTenantId } from '@thingpass/core/names'
import type { CaRecord } from '@thingpass/core/records'
import { bytes, flag, type Item, instant, openItem, text } from '../attributes.ts'
import { caKey } from '../keys.ts'
import { parseDigest } from './ca-claim.ts'

const KIND = 'ca'

/** A CA as it is stored. */
export type CaItem = {
  readonly record: CaRecord
  readonly certificateMode: 'DEFAULT' | 'SNI_ONLY'
  readonly autoRegistration: boolean
  /** SHA-256 of the public key and of the subject name, lower-case hex: what the tenant has claimed. */
  readonly claims: { readonly key: string; readonly subject: string }
  readonly createdAt: Date
  readonly modifiedAt: Date
}

/** Writes a CA as an item. */
export function encodeCa({ record, ...item }: CaItem): Item {
  const { pk, sk } = caKey(record.tenantId, record.caCertificateId)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(`TENANT#${record.tenantId}#CA`),
    tenantId: text(record.tenantId),
    caCertificateId: text(record.caCertificateId),
    status: text(record.status),
    publicKey: bytes(record.publicKey),
    certificateMode: text(item.certificateMode),
    autoRegistration: flag(item.autoRegistration),
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
  return {
    record: {
      caCertificateId,
      tenantId,
      status: read.oneOf('status', ['ACTIVE', 'INACTIVE']),
      publicKey: read.bytes('publicKey'),
    },
    certificateMode: read.oneOf('certificateMode', ['DEFAULT', 'SNI_ONLY']),
    autoRegistration: read.flag('autoRegistration'),
    claims: {
      key: read.parsed('keyClaim', parseDigest),
      subject: read.parsed('subjectClaim', parseDigest),
    },
    createdAt: read.instant('createdAt'),
    modifiedAt: read.instant('modifiedAt'),
  }
}
