import type { PolicyName, RoleAlias } from '@thingpass/core/names'
import type { RegistryLists } from '@thingpass/core/registry-writes/lists'
import type { PolicyTarget } from '@thingpass/core/registry-writes/policy-attachments'
import { decodePolicy, policiesListing } from '../items/policy.ts'
import { decodePolicyEdge, type EdgeTarget, targetId } from '../items/policy-edge.ts'
import { decodeRoleAlias, roleAliasesListing } from '../items/role-alias.ts'
import { policyKey, thingGroupKey } from '../keys.ts'
import { readPolicy } from '../writes/policies.ts'
import { readPolicyEdges } from '../writes/policy-edges.ts'
import { readTarget } from '../writes/policy-targets.ts'
import { readThingGroup } from '../writes/thing-group-parts.ts'
import type { Registry } from '../writes/transaction.ts'
import { partOf } from './part-of.ts'
import { type ListSource, listed, readPart } from './read-part.ts'

type ListTargets = RegistryLists['listTargetsForPolicy']
type ListAttached = RegistryLists['listAttachedPolicies']

/** Makes the lists of policies, what they are attached to, and role aliases. */
export function policyLists(
  registry: Registry,
): Pick<
  RegistryLists,
  'listPolicies' | 'listTargetsForPolicy' | 'listRoleAliases' | 'listAttachedPolicies'
> {
  const policyOf: ListSource<PolicyName>['show'] = (item) => decodePolicy(item).policyName
  const aliasOf: ListSource<RoleAlias>['show'] = (item) => decodeRoleAlias(item).record.roleAlias
  return {
    listPolicies: (input) =>
      readPart(registry, { ...listed(policiesListing(input.tenantId)), show: policyOf }, input),
    listRoleAliases: (input) =>
      readPart(registry, { ...listed(roleAliasesListing(input.tenantId)), show: aliasOf }, input),
    listTargetsForPolicy: (input) => listTargets(registry, input),
    listAttachedPolicies: (input) => listAttached(registry, input),
  }
}

async function listTargets(
  registry: Registry,
  input: Parameters<ListTargets>[0],
): ReturnType<ListTargets> {
  const policy = await readPolicy(registry, input)
  if (!policy) return { ok: false, conflict: 'policy-unknown' }
  const source: ListSource<PolicyTarget> = {
    shelf: { of: 'partition', key: policyKey(input.tenantId, input.policyName).pk },
    base: 'TARGET#',
    show: (item) => {
      const { target, generationId } = decodePolicyEdge(item, 'policy')
      return generationId === policy.generationId ? withoutId(target) : undefined
    },
  }
  return { ok: true, ...(await readPart(registry, source, input)) }
}

function withoutId(target: EdgeTarget): PolicyTarget {
  switch (target.kind) {
    case 'certificate':
      return { kind: target.kind, certificateId: target.certificateId }
    case 'thing-group':
      return { kind: target.kind, groupName: target.groupName }
    case 'role-alias':
      return { kind: target.kind, roleAlias: target.roleAlias }
  }
}

/** At most ten of one target, and two of each of seven groups: they are read whole. Edges of earlier targets are left out. */
async function listAttached(
  registry: Registry,
  input: Parameters<ListAttached>[0],
): ReturnType<ListAttached> {
  const { tenantId, target, recursive = false } = input
  const live = await readTarget(registry, tenantId, target)
  if (!live) return { ok: false, conflict: 'target-unknown' }
  const own = { pk: live.key.pk, id: targetId(live.identity) }
  const above = recursive ? await groupsAbove(registry, input) : []
  const names = await Promise.all([own, ...above].map((each) => attachedTo(registry, each)))
  return { ok: true, ...partOf(new Set(names.flat()), input) }
}

/** Where a target lies, and the id that tells it from an earlier one. */
type Attached = { readonly pk: string; readonly id: string }

async function attachedTo(
  registry: Registry,
  { pk, id }: Attached,
): Promise<readonly PolicyName[]> {
  const edges = await readPolicyEdges(registry, pk)
  return edges.filter(({ target }) => targetId(target) === id).map(({ policyName }) => policyName)
}

async function groupsAbove(
  registry: Registry,
  { tenantId, target }: Parameters<ListAttached>[0],
): Promise<readonly Attached[]> {
  if (target.kind !== 'thing-group') return []
  const group = await readThingGroup(registry, { tenantId, groupName: target.groupName })
  return (group?.parents ?? []).map(({ groupName, groupId }) => ({
    pk: thingGroupKey(tenantId, groupName).pk,
    id: groupId,
  }))
}
