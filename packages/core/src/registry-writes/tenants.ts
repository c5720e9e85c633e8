import type { TenantId } from '../names.ts'
import type { TenantRecord } from '../records.ts'
import type { Dates, Outcome } from './outcome.ts'
import type { PageInput, PageOf } from './page.ts'

/** A tenant's record and its dates. */
export type TenantDescription = Dates & { readonly record: TenantRecord }

/** What an administrator does with tenants. */
export type TenantWrites = {
  readonly getTenant: (tenantId: TenantId) => Promise<TenantDescription | undefined>
  /** In order of their ids; a change may show a moment late. */
  readonly listTenants: (input: PageInput<TenantId>) => Promise<PageOf<TenantDescription>>
  /** Writes the whole record; `only` says whether it must be new or be there already. */
  readonly putTenant: (input: {
    readonly record: TenantRecord
    readonly only?: 'new' | 'known'
  }) => Promise<Outcome<'tenant-exists' | 'tenant-unknown', { created: boolean }>>
  /**
   * Whether nothing is registered under the name, of this tenant or an earlier one. What was registered a moment ago may
   * not show yet: so it is asked before a name is given away, too.
   */
  readonly isTenantEmpty: (tenantId: TenantId) => Promise<boolean>
  /** Takes the tenant's registration code with it. */
  readonly deleteTenant: (
    tenantId: TenantId,
  ) => Promise<Outcome<'tenant-unknown' | 'tenant-not-empty'>>
}
