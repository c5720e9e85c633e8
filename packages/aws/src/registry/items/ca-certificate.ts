import {
  type CaCertificateId,
  type CertificateId,
  parseCaCertificateId,
  parseCertificateId,
  parseTenantId,
  type TenantId,
} from '@thingpass/core/names'
import { type Item, instant, openItem, text } from '../attributes.ts'
import { caCertificateKey } from '../keys.ts'

const KIND = 'ca-certificate'

/** Row of a CA for one certificate registered under it, for the list of them. */
export type CaCertificate = {
  readonly tenantId: TenantId
  readonly caCertificateId: CaCertificateId
  readonly certificateId: CertificateId
  readonly registeredAt: Date
}

/** Writes the row as an item. */
export function encodeCaCertificate(row: CaCertificate): Item {
  const { pk, sk } = caCertificateKey(row.tenantId, row.caCertificateId, row.certificateId)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    tenantId: text(row.tenantId),
    caCertificateId: text(row.caCertificateId),
    certificateId: text(row.certificateId),
    registeredAt: instant(row.registeredAt),
  }
}

/**
 * Reads the row.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeCaCertificate(item: Item): CaCertificate {
  const read = openItem(item, KIND)
  const row = {
    tenantId: read.parsed('tenantId', parseTenantId),
    caCertificateId: read.parsed('caCertificateId', parseCaCertificateId),
    certificateId: read.parsed('certificateId', parseCertificateId),
    registeredAt: read.instant('registeredAt'),
  }
  read.liesAt(caCertificateKey(row.tenantId, row.caCertificateId, row.certificateId))
  return row
}
