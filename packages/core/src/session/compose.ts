import type { AttachedSessionPolicy } from '../facts.ts'
import type { CertificateId, ThingName, ThingTypeName } from '../names.ts'
import type { RequestContext } from '../policy/request-context.ts'
import type { SessionTag } from '../ports.ts'
import type { RoleAliasRecord, TenantRecord } from '../records.ts'
import type { SessionRefusal } from '../refusal.ts'

/** What a session is composed from. */
export type SessionInput = {
  readonly alias: RoleAliasRecord
  readonly tenant: TenantRecord
  readonly sessionPolicies: readonly AttachedSessionPolicy[]
  readonly certificateId: CertificateId
  readonly thing?: { readonly thingName: ThingName; readonly thingTypeName?: ThingTypeName }
  readonly variables: RequestContext
}

/** A session within every limit that can be checked without STS. */
export type ComposedSession = {
  /** Minified JSON, at most 2,048 characters; absent only under `scope: 'role'` with nothing attached. */
  readonly policy?: string
  readonly policyCharacters?: number
  readonly tags: readonly SessionTag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
  readonly sessionName: string
  readonly externalId: string
}

/** A composed session, or why there can be none. */
export type SessionComposition =
  | { readonly ok: true; readonly session: ComposedSession }
  | { readonly ok: false; readonly reason: SessionRefusal; readonly detail: string }

/** Composes what STS is asked for beside role and duration. Pure; never a session without the policy that it must have. */
export function composeSession(input: SessionInput): SessionComposition {
  const { alias, tenant, sessionPolicies, certificateId, thing } = input
  if (alias.sessionProfile.scope !== 'role' || sessionPolicies.length > 0)
    return { ok: false, reason: 'session-policy-missing', detail: `alias ${alias.roleAlias}` }
  const tags = [
    { key: 'credentials-iot:AwsCertificateId', value: certificateId },
    { key: 'thingpass:TenantId', value: tenant.tenantId },
    ...(thing === undefined ? [] : [{ key: 'credentials-iot:ThingName', value: thing.thingName }]),
    ...(thing?.thingTypeName === undefined
      ? []
      : [{ key: 'credentials-iot:ThingTypeName', value: thing.thingTypeName }]),
  ]
  return {
    ok: true,
    session: {
      tags,
      transitiveTagKeys: [],
      sessionName: certificateId,
      externalId: tenant.externalId,
    },
  }
}
