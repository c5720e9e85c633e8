import { hash, X509Certificate } from 'node:crypto'
import type { PublicKeyFacts } from '@thingpass/core/certificate-facts'
import { readOnly } from './der-reader.ts'
import { derOfPem } from './pem.ts'
import { type CertificateFields, certificateFieldsOf } from './tbs-certificate.ts'

/** Why a certificate cannot be used at all, whoever presents it. */
export type CertificateFlaw =
  | 'malformed'
  | 'too-large'
  | 'key-unacceptable'
  | 'signature-unacceptable'
  | 'names-excessive'

/** A certificate that was parsed once, by OpenSSL and here, from the same bytes. */
export type ReadCertificate = CertificateFields & {
  /** SHA-256 of the DER, lower-case hex. */
  readonly sha256: string
  readonly publicKey: PublicKeyFacts
  /** Checks signatures, and holds the DER. */
  readonly x509: X509Certificate
}

/** Largest DER in octets. An RSA-8192 certificate under an RSA-8192 CA has about 3 KiB. */
const LARGEST_DER = 8 * 1024
/** Largest PEM in characters: that DER as base64, its line ends, its labels and some white space. */
const LARGEST_PEM = 12 * 1024
/** Most attributes in subject or issuer; most alternative names of subject or issuer, of any kind. */
const MOST_NAMES = 32

/**
 * Reads exactly one certificate, from text as PEM, from bytes as DER, and refuses what no certificate here may have:
 * more than 8 KiB, weak or outsized keys, weak signatures, more than 32 names of a kind. Never throws.
 */
export function readCertificate(
  presented: string | Uint8Array,
): { ok: true; certificate: ReadCertificate } | { ok: false; flaw: CertificateFlaw } {
  const isLongText = typeof presented === 'string' && presented.length > LARGEST_PEM
  if (isLongText) return { ok: false, flaw: 'too-large' }
  const der = derOf(presented)
  if (der === undefined) return { ok: false, flaw: 'malformed' }
  if (der.length > LARGEST_DER) return { ok: false, flaw: 'too-large' }
  const parsed = parse(der)
  return parsed === undefined ? { ok: false, flaw: 'malformed' } : judge(parsed)
}

function derOf(presented: string | Uint8Array): Buffer | undefined {
  if (typeof presented === 'string') return derOfPem(presented)
  return Buffer.from(presented.buffer, presented.byteOffset, presented.byteLength)
}

type Parsed = Omit<ReadCertificate, 'publicKey'> & CertificateFields

/**
 * Both readers must take the same bytes, so that what verifies is what the facts were read from. `readOnly` refuses octets
 * after the certificate, which OpenSSL passes over; the comparison is a second lock against whatever else OpenSSL forgives.
 */
function parse(der: Buffer): Parsed | undefined {
  try {
    const fields = certificateFieldsOf(readOnly(der))
    const x509 = new X509Certificate(der)
    if (!x509.raw.equals(der)) return undefined
    return { ...fields, sha256: hash('sha256', der, 'hex'), x509 }
  } catch {
    return undefined // whatever a reader stumbles over, the certificate is not one to trust
  }
}

function judge(
  parsed: Parsed,
): { ok: true; certificate: ReadCertificate } | { ok: false; flaw: CertificateFlaw } {
  const { publicKey } = parsed
  if (publicKey === undefined) return { ok: false, flaw: 'key-unacceptable' }
  if (!parsed.signatureIsAcceptable) return { ok: false, flaw: 'signature-unacceptable' }
  if (!namesAreFew(parsed)) return { ok: false, flaw: 'names-excessive' }
  return { ok: true, certificate: { ...parsed, publicKey } }
}

function namesAreFew({ subject, issuer, extensions }: CertificateFields): boolean {
  const { subjectAlternativeNames, issuerAlternativeNames } = extensions
  const counts = [
    subject.length,
    issuer.length,
    subjectAlternativeNames?.count ?? 0,
    issuerAlternativeNames?.count ?? 0,
  ]
  return counts.every((count) => count <= MOST_NAMES)
}
