import type { CertificateFacts } from './certificate-facts.ts'
import type { CaRecord, TenantRecord } from './records.ts'
import type { CertificateRefusal } from './refusal.ts'

/** What the revocation list in force of one CA key says of one serial number. */
export type RevocationFacts = {
  /** SHA-256 of the key's SubjectPublicKeyInfo, lower-case hex: with the serial number it names the certificate that was looked up. */
  readonly issuerKeySha256: string
  /** Lower-case hex without leading zeros, as in `CertificateFacts`. */
  readonly serialNumber: string
  /** When the issuer meant to have the next list out. */
  readonly nextUpdate: Date
  /** 0–2592000 seconds that the list counts beyond that, as its operator said. */
  readonly graceSeconds: number
  readonly revoked: boolean
}

/** Whose certificate is looked at, and what was looked up. */
export type RevocationQuestion = {
  readonly presented: Pick<CertificateFacts, 'serialNumber'>
  readonly ca: Pick<CaRecord, 'revocationListKey'>
  readonly tenant: Pick<TenantRecord, 'revocationListRequired'>
  readonly revocation: RevocationFacts | undefined
}

/**
 * Why the revocation list of its CA's key keeps a certificate out. A key that never had a list is asked about only where
 * the tenant requires one; a key that had one never goes without again: a list that is not there or out of date refuses all. A list from later on than `now` counts
 * like any other, for it can but refuse. Pure. Source: RFC 5280 §6.3.
 */
export function judgeRevocation(
  { presented, ca, tenant, revocation }: RevocationQuestion,
  now: Date,
): CertificateRefusal | undefined {
  const { revocationListKey } = ca
  if (revocationListKey === undefined) {
    return tenant.revocationListRequired ? 'revocation-list-missing' : undefined
  }
  // Keys and serial numbers are compared again: serial numbers alone are not one issuer's.
  const isAbout =
    revocation?.issuerKeySha256 === revocationListKey &&
    revocation.serialNumber === presented.serialNumber
  if (!isAbout) return 'revocation-list-missing'
  if (revocation.revoked) return 'certificate-revoked-by-ca'
  const counts = now.getTime() < revocation.nextUpdate.getTime() + revocation.graceSeconds * 1000
  return counts ? undefined : 'revocation-list-expired'
}
