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
 * Opens the key of a tenant: the same one for whoever opens it, however often. Undefined when the deployment signs nothing for the tenant.
 * @throws {Fault} when the key cannot be had
 */
export type OpenTenantSigner = (tenantId: TenantId) => Promise<TenantSigner | undefined>
