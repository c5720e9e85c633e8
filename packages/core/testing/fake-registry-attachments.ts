import type { TenantId } from '../src/names.ts'
import {
  MAX_POLICIES_OF,
  type PolicyAttachmentInput,
  type PolicyAttachmentWrites,
  type PolicyTarget,
} from '../src/registry-writes/policy-attachments.ts'
import {
  edgesOf,
  type FakeState,
  type FakeWorld,
  keyOf,
  refuse,
  targetKey,
} from './fake-registry-state.ts'

/** Whether what a policy is to be attached to is there. */
export function isLiveTarget(state: FakeState, tenantId: TenantId, target: PolicyTarget): boolean {
  switch (target.kind) {
    case 'certificate':
      return state.certificates.get(target.certificateId)?.record.tenantId === tenantId
    case 'thing-group':
      return state.groups.has(keyOf(tenantId, target.groupName))
    case 'role-alias':
      return state.aliases.has(keyOf(tenantId, target.roleAlias))
  }
}

/** Policy attachments of a fake registry. */
export function fakePolicyAttachmentWrites({ state, note }: FakeWorld): PolicyAttachmentWrites {
  const refuseUnknown = ({ tenantId, policyName, target }: PolicyAttachmentInput) => {
    if (!state.policies.has(keyOf(tenantId, policyName))) return refuse('policy-unknown')
    return isLiveTarget(state, tenantId, target) ? undefined : refuse('target-unknown')
  }
  const edgeKey = ({ tenantId, policyName, target }: PolicyAttachmentInput) =>
    keyOf(targetKey(tenantId, target), policyName)
  const subjectOf = ({ tenantId, target }: PolicyAttachmentInput) =>
    targetKey(tenantId, target).split('#').slice(1).join('/')
  const scope = ({ tenantId, target }: PolicyAttachmentInput) => {
    const key = target.kind === 'role-alias' ? keyOf(tenantId, target.roleAlias) : ''
    const alias = state.aliases.get(key)
    if (!alias) return
    const sessionProfile = { ...alias.record.sessionProfile, scope: 'session-policy' } as const
    state.aliases.set(key, { ...alias, record: { ...alias.record, sessionProfile } })
  }
  return {
    attachPolicy: async ({ judged, ...input }) => {
      const refusal = refuseUnknown(input)
      if (refusal) return refusal
      const policy = state.policies.get(keyOf(input.tenantId, input.policyName))
      const asJudged =
        judged === undefined ||
        (judged.generationId === policy?.generationId &&
          judged.versionId === policy.defaultVersionId)
      if (!asJudged) return refuse('policy-changed')
      if (state.policyEdges.has(edgeKey(input))) return { ok: true, changed: false }
      const count = edgesOf(state, input.tenantId, input.target).length
      if (count >= MAX_POLICIES_OF[input.target.kind]) return refuse('too-many-policies')
      state.policyEdges.set(edgeKey(input), input)
      scope(input)
      note(input.tenantId, 'attach-policy', subjectOf(input))
      return { ok: true, changed: true }
    },
    detachPolicy: async (input) => {
      const refusal = refuseUnknown(input)
      if (refusal) return refusal
      const changed = state.policyEdges.delete(edgeKey(input))
      if (changed) note(input.tenantId, 'detach-policy', subjectOf(input))
      return { ok: true, changed }
    },
  }
}
