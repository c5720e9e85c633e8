import type { TenantId } from '@thingpass/core/names'
import { refuse } from './api-error.ts'

/** The tenant has no record. */
export function unknownTenant(tenantId: TenantId) {
  return refuse('ResourceNotFoundException', `Tenant ${tenantId} does not exist`)
}
