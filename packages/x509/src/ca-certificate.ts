import { hash } from 'node:crypto'
import type { NameAttribute } from '@thingpass/core/certificate-facts'
import { type CaCertificateId, parseCaCertificateId } from '@thingpass/core/names'
import { pemOfDer } from './pem.ts'
import { type CertificateFlaw, type ReadCertificate, readCertificate } from './read-certificate.ts'
import { createSignedBy } from './signed-by.ts'
import { importPublicKey } from './verifying-keys.ts'

/** A certificate that may sign others. */
export type CaCertificate = {
  readonly caCertificateId: CaCertificateId
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
  readonly subject: readonly NameAttribute[]
  /** SHA-256 of the subject's DER, lower-case hex. */
  readonly subjectDerSha256: string
  /** Lower-case hex. */
  readonly subjectKeyId?: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** How many CAs may stand below it, the device certificate not counted; absent = any number. */
  readonly pathLength?: number
  /** The certificate in the one form that RFC 7468 wants generated. */
  readonly pem: string
  /** Whether the key (SubjectPublicKeyInfo DER) made this certificate's signature; its own for a root. */
  readonly isSignedBy: (publicKey: Uint8Array) => boolean
}

/** Why a certificate is no CA certificate. */
export type CaCertificateRefusal =
  | `ca-certificate-${CertificateFlaw}`
  /** No basic constraints, as in every version 1 certificate, or none that make it a CA. */
  | 'ca-certificate-not-a-ca'
  /** Key usages are named, and keyCertSign is not among them. */
  | 'ca-certificate-may-not-sign'

/** A CA certificate, or why it is none. */
export type CaCertificateParse =
  | { readonly ok: true; readonly ca: CaCertificate }
  | { readonly ok: false; readonly reason: CaCertificateRefusal }

/**
 * Parses exactly one CA certificate in PEM. Whether it is in force, and whose it is, are for the caller to judge. Never throws.
 * Source: RFC 5280 §4.2.1.9, §4.2.1.3.
 */
export function parseCaCertificate(pem: string): CaCertificateParse {
  const read = readCertificate(pem)
  if (!read.ok) return { ok: false, reason: `ca-certificate-${read.flaw}` }
  const { basicConstraints, keyUsage } = read.certificate.extensions
  if (basicConstraints?.ca !== true) return { ok: false, reason: 'ca-certificate-not-a-ca' }
  const maySign = keyUsage === undefined || keyUsage.includes('keyCertSign')
  if (!maySign) return { ok: false, reason: 'ca-certificate-may-not-sign' }
  const caCertificateId = parseCaCertificateId(read.certificate.sha256)
  if (caCertificateId === undefined) return { ok: false, reason: 'ca-certificate-malformed' }
  return { ok: true, ca: caOf(read.certificate, caCertificateId) }
}

function caOf(certificate: ReadCertificate, caCertificateId: CaCertificateId): CaCertificate {
  const { subjectKeyId, basicConstraints: { pathLength } = {} } = certificate.extensions
  return {
    caCertificateId,
    publicKey: Uint8Array.from(certificate.publicKeyDer),
    subject: certificate.subject,
    subjectDerSha256: hash('sha256', certificate.subjectDer, 'hex'),
    ...(subjectKeyId === undefined ? {} : { subjectKeyId }),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    ...(pathLength === undefined ? {} : { pathLength }),
    pem: pemOfDer(certificate.x509.raw),
    isSignedBy: createSignedBy(certificate.x509, importPublicKey),
  }
}
