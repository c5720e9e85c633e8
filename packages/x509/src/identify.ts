import { hash } from 'node:crypto'
import type { CertificateFacts, DeviceCertificate } from '@thingpass/core/certificate-facts'
import { type CertificateId, parseCertificateId } from '@thingpass/core/names'
import type { CertificateRefusal } from '@thingpass/core/refusal'
import { type CertificateFlaw, type ReadCertificate, readCertificate } from './read-certificate.ts'
import { createSignedBy } from './signed-by.ts'
import { createKeyImporter, type ImportPublicKey } from './verifying-keys.ts'

/** One device certificate, or why it is none. */
export type Identification =
  | { readonly ok: true; readonly certificate: DeviceCertificate }
  | {
      readonly ok: false
      readonly reason: Extract<CertificateRefusal, `certificate-${CertificateFlaw}`>
    }

/** Identifies exactly one presented certificate: text is PEM, bytes are DER. Never throws. */
export type IdentifyCertificate = (presented: string | Uint8Array) => Identification

/** How many CA keys are remembered, some 5 KiB each. */
const REMEMBERED_KEYS = 64

/**
 * Makes the step that turns what a front door presents into facts and a check of the signature, both from one parse. It
 * judges what a certificate is, not what it may do: validity, usage, status and CA are `decide()`'s.
 */
export function createIdentify(
  importKey: ImportPublicKey = createKeyImporter(REMEMBERED_KEYS),
): IdentifyCertificate {
  return (presented) => {
    const read = readCertificate(presented)
    if (!read.ok) return { ok: false, reason: `certificate-${read.flaw}` }
    const certificateId = parseCertificateId(read.certificate.sha256)
    if (certificateId === undefined) return { ok: false, reason: 'certificate-malformed' }
    const facts = factsOf(read.certificate, certificateId)
    const isSignedBy = createSignedBy(read.certificate.x509, importKey)
    return { ok: true, certificate: { facts, isSignedBy } }
  }
}

function factsOf(certificate: ReadCertificate, certificateId: CertificateId): CertificateFacts {
  const { subjectAlternativeNames, issuerAlternativeNames, ...extensions } = certificate.extensions
  return {
    certificateId,
    publicKeySha256: hash('sha256', certificate.publicKeyDer, 'hex'),
    serialNumber: certificate.serialNumber,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    subject: certificate.subject,
    issuer: certificate.issuer,
    subjectAlternativeNames: subjectAlternativeNames?.names ?? [],
    issuerAlternativeNames: issuerAlternativeNames?.names ?? [],
    ...extensions,
    issuerHint: issuerHintOf(certificate),
    publicKey: certificate.publicKey,
  }
}

/** The prefix keeps a name's hash apart from a key id of the same 32 octets. */
function issuerHintOf({ extensions, issuerDer }: ReadCertificate): string {
  return extensions.authorityKeyId ?? `dn:${hash('sha256', issuerDer, 'hex')}`
}
