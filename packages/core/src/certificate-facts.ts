import type { CertificateId } from './names.ts'

/** One attribute of a distinguished name. Attributes of one RDN share `rdn`; order is the certificate's. */
export type NameAttribute = {
  /** Index of the RDN that holds it, from 0. */
  readonly rdn: number
  /** Attribute type as a dotted OID, such as `2.5.4.3`. */
  readonly type: string
  readonly value: string
}

/** One alternative name. `value` is text: e-mail, DNS name, URI, IP address, or the directory name in RFC 4514 form. */
export type AlternativeName = {
  readonly kind:
    | 'rfc822Name'
    | 'dNSName'
    | 'directoryName'
    | 'uniformResourceIdentifier'
    | 'iPAddress'
  readonly value: string
}

/** Public key of a certificate: RSA with its modulus size, or EC with its named curve. */
export type PublicKeyFacts =
  | { readonly type: 'rsa'; readonly bits: number }
  | {
      readonly type: 'ec'
      readonly curve: 'P-256' | 'P-384' | 'P-521'
      readonly bits: 256 | 384 | 521
    }

/** What one certificate says, all of it read from the one DER encoding whose hash is `certificateId`. */
export type CertificateFacts = {
  readonly certificateId: CertificateId
  /** SHA-256 of the SubjectPublicKeyInfo DER, lower-case hex. */
  readonly publicKeySha256: string
  /** Serial number, lower-case hex without leading zeros (`0` for zero). */
  readonly serialNumber: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly subject: readonly NameAttribute[]
  readonly issuer: readonly NameAttribute[]
  readonly subjectAlternativeNames: readonly AlternativeName[]
  readonly issuerAlternativeNames: readonly AlternativeName[]
  /** Subject key identifier, lower-case hex. */
  readonly subjectKeyId?: string
  /** Authority key identifier (keyIdentifier form), lower-case hex. */
  readonly authorityKeyId?: string
  /** Names the issuer for look-ups that are verified later: authority key id, else a hash of the issuer's name. Never trusted. */
  readonly issuerHint: string
  /** Absent when the extension is absent. */
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number }
  /** Names of RFC 5280 key usages, absent when the extension is absent. */
  readonly keyUsage?: readonly string[]
  /** OIDs of extended key usages; absent when the extension is absent, `[]` when it is empty. */
  readonly extendedKeyUsage?: readonly string[]
  readonly publicKey: PublicKeyFacts
}

/** A certificate that was parsed once: its facts, and the check that needs the same parsed object. */
export type DeviceCertificate = {
  readonly facts: CertificateFacts
  /** Whether the key (SubjectPublicKeyInfo DER) made the certificate's signature. Names are not looked at. */
  readonly isSignedBy: (publicKey: Uint8Array) => boolean
}
