import { hash } from 'node:crypto'
import type { NameAttribute } from '@thingpass/core/certificate-facts'
import { type CertificateId, parseCertificateId } from '@thingpass/core/names'
import { pemOfDer } from './pem.ts'
import { type CertificateFlaw, readCertificate } from './read-certificate.ts'
import { createSignedBy } from './signed-by.ts'
import { importPublicKey } from './verifying-keys.ts'

/** What a registration needs to know of a certificate. */
export type RegistrableCertificate = {
  readonly certificateId: CertificateId
  readonly subject: readonly NameAttribute[]
  /** SHA-256 of the issuer name's DER, lower-case hex: finds CAs by name, and proves nothing. */
  readonly issuerDerSha256: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** The certificate in the one form that RFC 7468 wants generated. */
  readonly pem: string
  /** Whether the key (SubjectPublicKeyInfo DER) made the certificate's signature. */
  readonly isSignedBy: (publicKey: Uint8Array) => boolean
}

/** A certificate that can be registered, or why it cannot. */
export type RegistrableParse =
  | { readonly ok: true; readonly certificate: RegistrableCertificate }
  | { readonly ok: false; readonly reason: `certificate-${CertificateFlaw}` }

/** Parses exactly one certificate in PEM, as strictly as on the data plane: what it would never accept is not registered. Never throws. */
export function parseRegistrableCertificate(pem: string): RegistrableParse {
  const read = readCertificate(pem)
  if (!read.ok) return { ok: false, reason: `certificate-${read.flaw}` }
  const { certificate } = read
  const certificateId = parseCertificateId(certificate.sha256)
  if (certificateId === undefined) return { ok: false, reason: 'certificate-malformed' }
  const { subject, issuerDer, notBefore, notAfter, x509 } = certificate
  return {
    ok: true,
    certificate: {
      ...{ certificateId, subject, notBefore, notAfter },
      issuerDerSha256: hash('sha256', issuerDer, 'hex'),
      pem: pemOfDer(x509.raw),
      isSignedBy: createSignedBy(x509, importPublicKey),
    },
  }
}
