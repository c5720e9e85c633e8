import { hash } from 'node:crypto'
import type { CaCertificateId, TenantId } from '@thingpass/core/names'
import { pemOfDer } from '@thingpass/x509/pem'
import { readCertificate } from '@thingpass/x509/read-certificate'
import { createSignedBy } from '@thingpass/x509/signed-by'
import { importPublicKey } from '@thingpass/x509/verifying-keys'

/** A registered CA whose devices are to be let in. */
export type TruststoreCa = {
  readonly caCertificateId: CaCertificateId
  readonly tenantId: TenantId
  readonly registeredAt: Date
  /** Since when it is as it is. */
  readonly modifiedAt: Date
  /** Absent where none is stored, or what is stored cannot be read. */
  readonly certificate?: CaFacts
}

/** What a truststore depends on of a CA certificate. */
export type CaFacts = {
  readonly pem: string
  /** SHA-256 of the names' DER, lower-case hex. */
  readonly subject: string
  readonly issuer: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
  readonly isSignedBy: (publicKey: Uint8Array) => boolean
}

/** Reads a stored CA certificate; undefined when it is not one. Never throws. */
export function readCaFacts(pem: string): CaFacts | undefined {
  const read = readCertificate(pem)
  if (!read.ok) return undefined
  const { subjectDer, issuerDer, notBefore, notAfter, publicKeyDer, x509 } = read.certificate
  return {
    pem: pemOfDer(x509.raw), // not as it was sent: equal certificates make equal text
    subject: hash('sha256', subjectDer, 'hex'),
    issuer: hash('sha256', issuerDer, 'hex'),
    notBefore,
    notAfter,
    publicKey: Uint8Array.from(publicKeyDer),
    isSignedBy: createSignedBy(x509, importPublicKey),
  }
}
