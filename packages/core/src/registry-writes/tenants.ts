import type { TenantId } from '../names.ts'
import type { TenantRecord } from '../records.ts'
import type { Dates, Outcome } from './outcome.ts'

/** A tenant's record and its dates. */
export type TenantDescription = Dates & { readonly record: TenantRecord }

/** What an administrator does with tenants. */
export type TenantWrites = {
  readonly getTenant: (tenantId: TenantId) => Promise<TenantDescription | undefined>
  /** Writes the whole record; `only` says whether it must be new or be there already. */
  readonly putTenant: (input: {
    readonly record: TenantRecord
    readonly only?: 'new' | 'known'
  }) => Promise<Outcome<'tenant-exists' | 'tenant-unknown', { created: boolean }>>
}
