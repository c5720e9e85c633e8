import type { AttachedSessionPolicy } from '../facts.ts'
import type { CertificateId, ThingName, ThingTypeName } from '../names.ts'
import type { RequestContext } from '../policy/request-context.ts'
import type { SessionTag } from '../ports.ts'
import type { RoleAliasRecord, TenantRecord } from '../records.ts'
import type { SessionRefusal } from '../refusal.ts'
import type { ReadValues } from './fill.ts'
import { type NamedTemplate, renderSessionPolicy } from './render.ts'
import { SESSION_REFUSALS } from './render-error.ts'
import { sessionValues, standardValues } from './session-values.ts'
import { composeTags } from './tags.ts'

/** What a session is composed from. */
export type SessionInput = {
  readonly alias: RoleAliasRecord
  readonly tenant: TenantRecord
  /** Those attached to the alias, in the order in which they are united. */
  readonly sessionPolicies: readonly AttachedSessionPolicy[]
  readonly certificateId: CertificateId
  readonly thing?:
    | { readonly thingName: ThingName; readonly thingTypeName?: ThingTypeName | undefined }
    | undefined
  /** Variables of the request, by condition key. */
  readonly variables: RequestContext
}

/** A session within every limit that can be checked without STS. */
export type ComposedSession = SessionPolicy & {
  readonly tags: readonly SessionTag[]
  readonly transitiveTagKeys: readonly string[]
  readonly sourceIdentity?: string
  /** The certificate id: within STS's grammar whole, so nothing is cut off and no two devices share it. */
  readonly sessionName: string
  readonly externalId: string
}

/** What operators are told of a rendered policy. */
export type RenderedPolicyFacts = {
  /** Of at most 2048. */
  readonly policyCharacters: number
  /** Entries that were left out for want of a value, by place. */
  readonly dropped: readonly string[]
}

/** Empty only under `scope: 'role'` with nothing attached. */
export type SessionPolicy = {
  /** Minified JSON, at most 2,048 characters. */
  readonly policy?: string
  readonly rendered?: RenderedPolicyFacts
}

type Refused = { readonly ok: false; readonly reason: SessionRefusal; readonly detail: string }

/** A composed session, or why there can be none. `detail` holds names, places and sizes, never the value of a variable. */
export type SessionComposition = { readonly ok: true; readonly session: ComposedSession } | Refused

/**
 * Composes what STS is asked for beside role and duration. Pure. Never a session without its policy when the alias is
 * scoped or has policies attached: without one the credentials would have all that the role has.
 */
export function composeSession(input: SessionInput): SessionComposition {
  const { alias, tenant, certificateId } = input
  const profile = alias.sessionProfile
  const identity = { certificateId, tenantId: tenant.tenantId, thing: input.thing }
  const readValues = sessionValues(identity, input.variables)
  const policy = composePolicy(input, readValues)
  if (!policy.ok) return policy
  const tagging = composeTags(standardValues(identity), { profile, tenant }, readValues)
  if (!tagging.ok) return tagging
  return {
    ok: true,
    session: {
      ...policy.session,
      tags: tagging.tags,
      transitiveTagKeys: tagging.transitiveTagKeys,
      ...(profile.sourceIdentity === 'certificateId' ? { sourceIdentity: certificateId } : {}),
      sessionName: certificateId,
      externalId: tenant.externalId,
    },
  }
}

function composePolicy(
  { alias, sessionPolicies }: SessionInput,
  readValues: ReadValues,
): { readonly ok: true; readonly session: SessionPolicy } | Refused {
  if (sessionPolicies.length === 0) {
    return alias.sessionProfile.scope === 'role'
      ? { ok: true, session: {} }
      : refuse('session-policy-missing', 'the alias is scoped and no session policy is attached')
  }
  const templates: NamedTemplate[] = []
  for (const { policyName, versionId, template } of sessionPolicies) {
    const name = `policy ${policyName} version ${versionId}`
    if (template === undefined) return refuse('session-policy-unreadable', name)
    templates.push({ name, template })
  }
  const rendering = renderSessionPolicy(templates, readValues)
  if (!rendering.ok) return refuse(SESSION_REFUSALS[rendering.kind], rendering.problem)
  const { policy, dropped } = rendering
  return { ok: true, session: { policy, rendered: { policyCharacters: policy.length, dropped } } }
}

function refuse(reason: SessionRefusal, detail: string): Refused {
  return { ok: false, reason, detail }
}
