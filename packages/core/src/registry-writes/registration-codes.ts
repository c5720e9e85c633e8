import type { TenantId } from '../names.ts'
import type { Outcome } from './outcome.ts'

/** The code that a tenant proves with that it has a CA's private key: 64 lower-case hex digits, the same until it is deleted. */
export type RegistrationCodeWrites = {
  readonly getRegistrationCode: (tenantId: TenantId) => Promise<string | undefined>
  /** Keeps the code, unless the tenant has one; the one that the tenant has then. */
  readonly keepRegistrationCode: (input: {
    readonly tenantId: TenantId
    readonly code: string
  }) => Promise<{ readonly ok: true; readonly code: string }>
  readonly deleteRegistrationCode: (
    tenantId: TenantId,
  ) => Promise<Outcome<'registration-code-unknown'>>
}
