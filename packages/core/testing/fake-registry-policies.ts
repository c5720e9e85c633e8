import {
  MAX_POLICY_VERSIONS,
  type PolicyKey,
  type PolicyVersionDescription,
  type PolicyWrites,
} from '../src/registry-writes/policies.ts'
import {
  type FakePolicy,
  type FakeState,
  type FakeWorld,
  keyOf,
  refuse,
} from './fake-registry-state.ts'
import { dropTags, setTags } from './fake-registry-tags.ts'

const edgesOf = ({ policyEdges }: FakeState, { tenantId, policyName }: PolicyKey) =>
  [...policyEdges.values()].filter(
    (edge) => edge.tenantId === tenantId && edge.policyName === policyName,
  )

const tagged = ({ tenantId, policyName }: PolicyKey) => ({
  tenantId,
  resource: { kind: 'policy', policyName } as const,
})

const limitsRoleAlias = (state: FakeState, key: PolicyKey): boolean =>
  edgesOf(state, key).some(({ target }) => target.kind === 'role-alias')

/** The text of a policy's default version. */
export const fakeDefaultDocument = (policy: FakePolicy): string =>
  policy.versions.get(policy.defaultVersionId)?.document ?? ''

/** Policies of a fake registry. */
export function fakePolicyWrites({ state, newId, now, note }: FakeWorld): PolicyWrites {
  const find = ({ tenantId, policyName }: PolicyKey) =>
    state.policies.get(keyOf(tenantId, policyName))
  const put = ({ tenantId, policyName }: PolicyKey, policy: FakePolicy, action: string) => {
    state.policies.set(keyOf(tenantId, policyName), policy)
    note(tenantId, action, `policy/${policyName}`)
  }
  const isUnfit = (key: PolicyKey, rendersAsSessionPolicy: boolean): boolean =>
    !rendersAsSessionPolicy && limitsRoleAlias(state, key)
  const describe = (
    { tenantId, policyName }: PolicyKey,
    policy: FakePolicy,
    versionId: string,
  ): PolicyVersionDescription | undefined => {
    const { generationId, defaultVersionId } = policy
    const version = policy.versions.get(versionId)
    const isDefault = versionId === defaultVersionId
    return version && { tenantId, policyName, generationId, versionId, isDefault, ...version }
  }
  return {
    createPolicy: async ({ document, tags, ...key }) => {
      if (find(key)) return refuse('policy-exists')
      const generationId = newId()
      const versionId = '1'
      const dates = { createdAt: now(), modifiedAt: now() }
      const versions = new Map([[versionId, { document, createdAt: now() }]])
      const pointer = { generationId, defaultVersionId: versionId, lastVersion: 1 }
      const { policyName } = key
      put(key, { policyName, ...pointer, versions, ...dates }, 'create-policy')
      setTags(state, tagged(key), tags)
      return { ok: true, versionId, generationId }
    },
    getPolicy: async ({ tenantId, policyName }) => {
      const policy = find({ tenantId, policyName })
      if (!policy) return undefined
      const { versions: _versions, lastVersion: _last, ...rest } = policy
      return { tenantId, ...rest, document: fakeDefaultDocument(policy) }
    },
    createPolicyVersion: async ({ document, setAsDefault, rendersAsSessionPolicy, ...key }) => {
      const policy = find(key)
      if (!policy) return refuse('policy-unknown')
      if (policy.versions.size >= MAX_POLICY_VERSIONS) return refuse('too-many-versions')
      if (setAsDefault && isUnfit(key, rendersAsSessionPolicy)) return refuse('limits-role-alias')
      const lastVersion = policy.lastVersion + 1
      const versionId = String(lastVersion)
      const versions = new Map([...policy.versions, [versionId, { document, createdAt: now() }]])
      const defaultVersionId = setAsDefault ? versionId : policy.defaultVersionId
      const after = { ...policy, lastVersion, versions, defaultVersionId, modifiedAt: now() }
      put(key, after, 'create-policy-version')
      return { ok: true, versionId }
    },
    getPolicyVersion: async ({ versionId, ...key }) => {
      const policy = find(key)
      return policy && describe(key, policy, versionId)
    },
    listPolicyVersions: async (key) => {
      const policy = find(key)
      if (!policy) return undefined
      return [...policy.versions.keys()].flatMap((id) => describe(key, policy, id) ?? [])
    },
    setDefaultPolicyVersion: async ({
      versionId,
      generationId,
      rendersAsSessionPolicy,
      ...key
    }) => {
      const policy = find(key)
      if (!policy) return refuse('policy-unknown')
      if (policy.generationId !== generationId) return refuse('policy-changed')
      if (!policy.versions.has(versionId)) return refuse('version-unknown')
      if (policy.defaultVersionId === versionId) return { ok: true, changed: false }
      if (isUnfit(key, rendersAsSessionPolicy)) return refuse('limits-role-alias')
      const after = { ...policy, defaultVersionId: versionId, modifiedAt: now() }
      put(key, after, 'set-default-policy-version')
      return { ok: true, changed: true }
    },
    deletePolicyVersion: async ({ versionId, ...key }) => {
      const policy = find(key)
      if (!policy) return refuse('policy-unknown')
      if (!policy.versions.has(versionId)) return refuse('version-unknown')
      if (policy.defaultVersionId === versionId) return refuse('version-is-default')
      const versions = new Map([...policy.versions].filter(([id]) => id !== versionId))
      put(key, { ...policy, versions, modifiedAt: now() }, 'delete-policy-version')
      return { ok: true }
    },
    deletePolicy: async (key) => {
      const policy = find(key)
      if (!policy) return refuse('policy-unknown')
      if (edgesOf(state, key).length > 0) return refuse('policy-attached')
      if (policy.versions.size > 1) return refuse('policy-has-versions')
      state.policies.delete(keyOf(key.tenantId, key.policyName))
      dropTags(state, tagged(key))
      note(key.tenantId, 'delete-policy', `policy/${key.policyName}`)
      return { ok: true }
    },
  }
}
