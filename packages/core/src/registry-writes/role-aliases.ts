import type { RoleAlias, RoleArn, TenantId } from '../names.ts'
import type { RoleAliasRecord, SessionProfile } from '../records.ts'
import type { Dates, Outcome } from './outcome.ts'
import type { Tags } from './tags.ts'

/** Which role alias of which tenant. */
export type RoleAliasIdentity = { readonly tenantId: TenantId; readonly roleAlias: RoleAlias }

/** A role alias's record and dates. */
export type RoleAliasDescription = Dates & { readonly record: RoleAliasRecord }

/** Session settings to store. Without `scope` the alias keeps the one it has. */
export type SessionProfileInput = Omit<SessionProfile, 'scope'> &
  Partial<Pick<SessionProfile, 'scope'>>

/** Changes of a tenant's role aliases. Whether the caller may pass the role, it has been asked before. */
export type RoleAliasWrites = {
  /** An alias that was scoped when it was deleted is scoped again. */
  readonly createRoleAlias: (
    input: RoleAliasIdentity & {
      readonly roleArn: RoleArn
      /** 900–43200. */
      readonly credentialDurationSeconds: number
      readonly tags?: Tags
    },
  ) => Promise<Outcome<'role-alias-exists'>>
  readonly updateRoleAlias: (
    input: RoleAliasIdentity & {
      readonly roleArn?: RoleArn
      readonly credentialDurationSeconds?: number
    },
  ) => Promise<Outcome<'role-alias-unknown'>>
  readonly describeRoleAlias: (
    identity: RoleAliasIdentity,
  ) => Promise<RoleAliasDescription | undefined>
  readonly deleteRoleAlias: (
    identity: RoleAliasIdentity,
  ) => Promise<Outcome<'role-alias-unknown' | 'policies-attached'>>
  readonly getSessionProfile: (identity: RoleAliasIdentity) => Promise<SessionProfile | undefined>
  /**
   * Scope `role` is refused while a policy is attached, and unless the alias still names `passedRoleArn`, the role that
   * the caller has shown it may pass.
   */
  readonly putSessionProfile: (
    input: RoleAliasIdentity & {
      readonly profile: SessionProfileInput
      readonly passedRoleArn?: RoleArn
    },
  ) => Promise<Outcome<'role-alias-unknown' | 'policies-attached' | 'role-not-passed'>>
  /** Back to the settings of an alias that has none stored, but for its scope. */
  readonly deleteSessionProfile: (
    identity: RoleAliasIdentity,
  ) => Promise<Outcome<'role-alias-unknown'>>
}
