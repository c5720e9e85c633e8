import type { NameAttribute } from '@thingpass/core/certificate-facts'
import type { CaCertificateId, CertificateId, TenantId } from '@thingpass/core/names'

/** Whether a key (SubjectPublicKeyInfo DER) made the signature. Names are not looked at. */
type IsSignedBy = (publicKey: Uint8Array) => boolean

/** What is read of a device certificate before it is registered. */
export type RegistrableCertificate = {
  readonly certificateId: CertificateId
  readonly subject: readonly NameAttribute[]
  /** SHA-256 of the issuer name's DER, lower-case hex. */
  readonly issuerDerSha256: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly pem: string
  readonly isSignedBy: IsSignedBy
}

/** What is read of a CA certificate before it is registered. */
export type RegistrableCa = {
  readonly caCertificateId: CaCertificateId
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
  /** SHA-256 of the subject name's DER, lower-case hex. */
  readonly subjectDerSha256: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly pem: string
}

/** What a certificate request asks for, once its signature has shown that whoever made it has the key. */
export type CertificateRequest = {
  /** DER of the name; undefined where the request has none. */
  readonly subject: Uint8Array | undefined
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
}

/** What is read of a revocation list before it is put in force. */
export type PresentedRevocationList = {
  /** DER of the issuer's name. */
  readonly issuerDer: Uint8Array
  readonly number: bigint
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  readonly entryCount: number
  /** Each once, in the form of `CertificateFacts`. */
  readonly serialNumbers: () => Iterable<string>
  readonly isSignedBy: IsSignedBy
}

type Refusal = {
  readonly ok: false
  /** Which kind of flaw, in lower-case words joined by hyphens; never a part of what was sent. */
  readonly reason: string
}

/** Signs with the key that this service holds for a tenant, which never leaves its keeper. Undefined where it holds none. */
export type TenantCertificateAuthority = {
  /**
   * Makes a CA certificate (PEM) for the tenant's key, each time another one.
   * @throws {Fault} when the key cannot be used
   */
  readonly makeCaCertificate: (tenantId: TenantId) => Promise<string | undefined>
  /**
   * Makes a device certificate (PEM) under one of these CA certificates, valid to the end of 2049.
   * @throws {Fault} when the key cannot be used, or is no more the one that the CA certificate has
   */
  readonly issue: (
    tenantId: TenantId,
    caPem: string,
    request: CertificateRequest,
  ) => Promise<string | undefined>
}

/** Reads and makes certificates, and reads revocation lists. The parsers take exactly one in PEM, and never throw. */
export type CertificatePorts = {
  readonly parseCertificate: (
    pem: string,
  ) => { readonly ok: true; readonly certificate: RegistrableCertificate } | Refusal
  readonly parseCa: (pem: string) => { readonly ok: true; readonly ca: RegistrableCa } | Refusal
  readonly parseRequest: (
    pem: string,
  ) => { readonly ok: true; readonly request: CertificateRequest } | Refusal
  /** PEM is text, DER is bytes. A delta, an indirect or a partial list is none that can be relied on. */
  readonly parseRevocationList: (
    presented: string | Uint8Array,
  ) => PresentedRevocationList | { readonly problem: string }
  readonly authority: TenantCertificateAuthority
  /** Makes an RSA-2048 key pair, which is kept nowhere. */
  readonly makeKeyPair: () => Promise<KeyPair>
}

/** A new key pair. */
export type KeyPair = {
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
  readonly publicKeyPem: string
  readonly privateKeyPem: string
}
