import type { PolicyName, TenantId } from '../src/names.ts'
import type { RegistryLists } from '../src/registry-writes/lists.ts'
import type { PolicyTarget } from '../src/registry-writes/policy-attachments.ts'
import { isLiveTarget } from './fake-registry-attachments.ts'
import { fakePart, ownedBy } from './fake-registry-lists.ts'
import { edgesOf, type FakeState, type FakeWorld, keyOf, refuse } from './fake-registry-state.ts'

type AttachmentLists = Pick<RegistryLists, 'listThingPrincipals' | 'listPrincipalThings'>
type PolicyLists = Pick<
  RegistryLists,
  'listPolicies' | 'listTargetsForPolicy' | 'listRoleAliases' | 'listAttachedPolicies'
>

/** Lists of attachments of certificates to things in a fake registry. */
export function fakeAttachmentLists({ state }: FakeWorld): AttachmentLists {
  const attachments = (tenantId: TenantId, wanted: boolean | undefined) =>
    [...state.attachments.values()].filter(
      (each) => each.tenantId === tenantId && (wanted ?? each.exclusive) === each.exclusive,
    )
  return {
    listThingPrincipals: async ({ tenantId, thingName, exclusive: wanted, ...page }) => {
      if (!state.things.has(keyOf(tenantId, thingName))) return refuse('thing-unknown')
      const principals = [...state.certificates.values()].flatMap(({ record: { certificateId } }) =>
        attachments(tenantId, wanted)
          .filter((each) => each.certificateId === certificateId && each.thingName === thingName)
          .map(({ exclusive }) => ({ certificateId, exclusive })),
      )
      return { ok: true, ...fakePart(principals, ({ certificateId }) => certificateId, page) }
    },
    listPrincipalThings: async ({ tenantId, certificateId, exclusive: wanted, ...page }) => {
      const certificate = state.certificates.get(certificateId)
      if (certificate?.record.tenantId !== tenantId) return refuse('certificate-unknown')
      const things = attachments(tenantId, wanted)
        .filter((each) => each.certificateId === certificateId)
        .map(({ thingName, exclusive }) => ({ thingName, exclusive }))
      return { ok: true, ...fakePart(things, ({ thingName }) => thingName, page) }
    },
  }
}

/** The key of a target in the list of a policy's targets. */
function placeOf(target: PolicyTarget): string {
  switch (target.kind) {
    case 'certificate':
      return `CERT#${target.certificateId}`
    case 'thing-group':
      return `GROUP#${target.groupName}`
    case 'role-alias':
      return `ALIAS#${target.roleAlias}`
  }
}

/** A target, and for a group also all that is above it. */
function withParents(state: FakeState, tenantId: TenantId, target: PolicyTarget): PolicyTarget[] {
  if (target.kind !== 'thing-group') return [target]
  const parents = state.groups.get(keyOf(tenantId, target.groupName))?.parents ?? []
  return [target, ...parents.map(({ groupName }) => ({ kind: target.kind, groupName }))]
}

/** Lists of policies, their targets and role aliases in a fake registry. */
export function fakePolicyLists({ state }: FakeWorld): PolicyLists {
  const byName = (name: string) => name
  return {
    listPolicies: async ({ tenantId, ...page }) => {
      const names = ownedBy(state.policies, tenantId).map(({ policyName }) => policyName)
      return fakePart(names, byName, page)
    },
    listTargetsForPolicy: async ({ tenantId, policyName, ...page }) => {
      if (!state.policies.has(keyOf(tenantId, policyName))) return refuse('policy-unknown')
      const targets = [...state.policyEdges.values()]
        .filter((edge) => edge.tenantId === tenantId && edge.policyName === policyName)
        .map(({ target }) => target)
      return { ok: true, ...fakePart(targets, placeOf, page) }
    },
    listRoleAliases: async ({ tenantId, ...page }) => {
      const names = ownedBy(state.aliases, tenantId).map(({ record }) => record.roleAlias)
      return fakePart(names, byName, page)
    },
    listAttachedPolicies: async ({ tenantId, target, recursive = false, ...page }) => {
      if (!isLiveTarget(state, tenantId, target)) return refuse('target-unknown')
      const targets = recursive ? withParents(state, tenantId, target) : [target]
      const names = targets.flatMap((each) =>
        edgesOf(state, tenantId, each).map(({ policyName }) => policyName),
      )
      return { ok: true, ...fakePart(new Set<PolicyName>(names), byName, page) }
    },
  }
}
