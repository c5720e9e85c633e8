import type { CaCertificateId, TenantId } from '@thingpass/core/names'
import type { RememberIssuer } from '@thingpass/core/ports'
import { createLeastRecentlyUsed } from '../least-recently-used.ts'

/** Who may have issued a certificate. It says what to read first, and what was read is then compared; never trusted. */
export type IssuerHint = {
  readonly tenantId: TenantId
  /** Absent in a deployment of one tenant, until a CA was remembered. */
  readonly caCertificateId?: CaCertificateId
  /** There where the CA's key was known to have a revocation list. */
  readonly revocationListKey?: string
}

/** Memory of who issued which certificates. */
export type IssuerHints = {
  readonly lookUp: (issuerHint: string) => IssuerHint | undefined
  /** Only for issuers whose signature was verified. */
  readonly remember: RememberIssuer
}

/** How a memory of issuers is bounded, and whether the deployment has one tenant only. */
export type IssuerHintOptions = {
  /** Issuers kept; one takes about 300 bytes. */
  readonly capacity?: number
  /** The one tenant of the deployment, which then every certificate is expected to belong to. */
  readonly singleTenant?: TenantId
}

const DEFAULT_CAPACITY = 1000

/**
 * Makes a memory of issuers. Two tenants whose CAs carry the same key id overwrite each other's hint: that costs rounds of
 * reading and nothing else.
 */
export function createIssuerHints(options: IssuerHintOptions = {}): IssuerHints {
  const { capacity = DEFAULT_CAPACITY, singleTenant } = options
  const known = createLeastRecentlyUsed<IssuerHint>(capacity)
  const fallback = singleTenant === undefined ? undefined : { tenantId: singleTenant }
  return {
    lookUp: (issuerHint) => known.get(issuerHint) ?? fallback,
    remember: (issuerHint, { tenantId, caCertificateId, revocationListKey }) => {
      const expected = singleTenant === undefined || tenantId === singleTenant
      const listed = revocationListKey === undefined ? {} : { revocationListKey }
      if (expected) known.set(issuerHint, { tenantId, caCertificateId, ...listed })
    },
  }
}
