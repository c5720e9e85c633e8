import type { TenantId } from './names.ts'

/** A P-256 key that signs for one tenant. The private key never leaves its keeper. */
export type TenantSigner = {
  /** SubjectPublicKeyInfo DER. */
  readonly publicKey: Uint8Array
  /**
   * ECDSA with SHA-256 over these octets; the signature is an ECDSA-Sig-Value in DER.
   * @throws {Fault} when the key cannot be used
   */
  readonly sign: (data: Uint8Array) => Promise<Uint8Array>
}

/**
 * Opens the key of a tenant, which is made on first use. Whoever opens it at the same time opens the same one.
 * @throws {Fault} when the key cannot be had
 */
export type OpenTenantSigner = (tenantId: TenantId) => Promise<TenantSigner>
