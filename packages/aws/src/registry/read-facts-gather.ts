import type {
  AttachedPolicy,
  AttachedSessionPolicy,
  FactsQuery,
  RegistryFacts,
} from '@thingpass/core/facts'
import type { PolicyDocument } from '@thingpass/core/policy/document'
import type { SessionTemplate } from '@thingpass/core/session/template'
import type { PolicyCache, PolicyReference, ReadPolicy } from './policy-cache.ts'
import type { CertificateRows } from './read-facts-certificate.ts'
import { createGroupGatherer, type LiveGroup } from './read-facts-groups.ts'
import { createPolicyFinder, type PolicyFinder } from './read-facts-policies.ts'
import { createRevocationGatherer } from './read-facts-revocation.ts'
import { type AliasRows, gatherAlias, gatherCa, gatherTenant } from './read-facts-tenant.ts'
import { type GatheredThing, gatherThing } from './read-facts-thing.ts'
import { allRead, type Read, type RoundReader } from './read-rounds.ts'

/** What one request gathers from; `now` is an instant before any policy or group is read for it. */
export type GatherSource = {
  readonly reader: RoundReader
  readonly policyCache: PolicyCache
  readonly now: Date
}

/**
 * The facts, once all are there; until then whatever is missing is put down for the next round. Every part is asked for
 * before any is looked at, so that one round reads them together.
 */
export type Gather = (query: FactsQuery, rows: CertificateRows) => RegistryFacts | undefined

/** Makes the gatherer of one request. */
export function createGatherer({ reader, policyCache, now }: GatherSource): Gather {
  const policies = createPolicyFinder(reader, policyCache.iotPolicies, now)
  const templates = createPolicyFinder(reader, policyCache.sessionPolicies, now)
  const gatherRevocation = createRevocationGatherer(reader)
  const gatherGroups = createGroupGatherer({ reader, memory: policyCache.groups, policies, now })
  return (query, { record, policyEdges, issuerKeySha256 }) => {
    const own = policiesBehind(policyEdges, policies, { kind: 'certificate' })
    const tenant = gatherTenant(reader, record)
    const ca = gatherCa(reader, record)
    const { serialNumber } = query
    const revocation = gatherRevocation({ ca, issuerKeySha256, serialNumber })
    const alias = gatherAlias(reader, record.tenantId, query.roleAlias)
    const session = alias && sessionPoliciesOf(alias.value, templates)
    const thing = gatherThing(reader, { certificate: record, tenant, thingName: query.thingName })
    const groups = thing && gatherGroups(record.tenantId, thing.value?.memberships ?? [])
    const ofGroups = groups && policiesOf(groups.value, policies)
    if (!(own && tenant && ca && revocation && alias && session && thing && groups && ofGroups))
      return undefined
    return {
      certificate: record,
      ...present('tenant', tenant.value),
      ...present('ca', ca.value),
      ...present('revocation', revocation.value),
      ...present('thing', thing.value && thingFacts(thing.value, groups.value)),
      policies: [...own.value, ...ofGroups.value],
      ...present('alias', alias.value?.record),
      sessionPolicies: session.value,
    }
  }
}

/** A property that is left out where there is no value. */
function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [Key in Name]: Value })
}

function policiesBehind(
  edges: readonly PolicyReference[],
  policies: PolicyFinder<PolicyDocument>,
  attachedTo: AttachedPolicy['attachedTo'],
): Read<readonly AttachedPolicy[]> | undefined {
  const found = allRead(edges.map(policies.find))
  return found && { value: found.value.map((policy) => ({ ...policy, attachedTo })) }
}

function policiesOf(
  groups: readonly LiveGroup[],
  policies: PolicyFinder<PolicyDocument>,
): Read<readonly AttachedPolicy[]> | undefined {
  const found = allRead(
    groups.map(({ groupName, policies: edges }) =>
      policiesBehind(edges, policies, { kind: 'thing-group', groupName }),
    ),
  )
  return found && { value: found.value.flat() }
}

function sessionPoliciesOf(
  alias: AliasRows | undefined,
  templates: PolicyFinder<SessionTemplate>,
): Read<readonly AttachedSessionPolicy[]> | undefined {
  const found = allRead((alias?.policyEdges ?? []).map(templates.find))
  return found && { value: found.value.map(asTemplate) }
}

function asTemplate({ document, ...identity }: ReadPolicy<SessionTemplate>): AttachedSessionPolicy {
  return { ...identity, template: document }
}

/** The thing with those of its groups that are there. */
function thingFacts({ record, attached }: GatheredThing, live: readonly LiveGroup[]) {
  const groups = live.map(({ groupName, groupId }) => ({ groupName, groupId }))
  return { record: { ...record, groups }, attached }
}
