import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import {
  MAX_POLICY_VERSIONS,
  type PolicyKey,
  type PolicyVersionDescription,
  type PolicyVersionKey,
  type PolicyWrites,
} from '@thingpass/core/registry-writes/policies'
import { type Item, instant, number, text } from '../attributes.ts'
import {
  decodePolicyVersion,
  documentSha256,
  encodePolicyVersion,
  LAST_VERSION,
  type PolicyItem,
  type PolicyVersionItem,
  parseVersionNumber,
} from '../items/policy.ts'
import { decodePolicyUsage } from '../items/policy-usage.ts'
import { policyKey, policyUsageKey, policyVersionKey } from '../keys.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { auditOfPolicy, readPolicy } from './policies.ts'
import type { Registry } from './transaction.ts'

type VersionWrites = Omit<PolicyWrites, 'createPolicy' | 'getPolicy' | 'deletePolicy'>
type NewVersion = Parameters<PolicyWrites['createPolicyVersion']>[0]
type NewDefault = Parameters<PolicyWrites['setDefaultPolicyVersion']>[0]

/** Makes the changes of policy versions. */
export function policyVersionWrites(registry: Registry): VersionWrites {
  return {
    createPolicyVersion: (input) => registry.change(() => planVersion(registry, input)),
    getPolicyVersion: async (key) => {
      const [policy, version] = await readBoth(registry, key)
      return policy && version && describe(version, policy)
    },
    listPolicyVersions: (key) => listVersions(registry, key),
    setDefaultPolicyVersion: (input) => registry.change(() => planDefault(registry, input)),
    deletePolicyVersion: (key) => registry.change(() => planDeletion(registry, key)),
  }
}

const describe = (version: PolicyVersionItem, policy: PolicyItem): PolicyVersionDescription => ({
  ...version,
  isDefault: version.versionId === policy.defaultVersionId,
})

/** A version of another generation than the policy's is not there. */
async function readBoth(
  registry: Registry,
  key: PolicyVersionKey,
): Promise<[PolicyItem | undefined, PolicyVersionItem | undefined]> {
  const number = parseVersionNumber(key.versionId)
  const [policy, item] = await Promise.all([
    readPolicy(registry, key),
    number === undefined
      ? undefined
      : registry.get(policyVersionKey(key.tenantId, key.policyName, number)),
  ])
  const version = item && decodePolicyVersion(item)
  return [policy, version?.generationId === policy?.generationId ? version : undefined]
}

async function listVersions(registry: Registry, key: PolicyKey) {
  const { pk } = policyKey(key.tenantId, key.policyName)
  const [policy, rows] = await Promise.all([
    readPolicy(registry, key),
    registry.query(pk, { from: 'VERSION#', to: 'VERSION$' }),
  ])
  if (!policy) return undefined
  return rows
    .map(decodePolicyVersion)
    .filter(({ generationId }) => generationId === policy.generationId)
    .map((version) => describe(version, policy))
}

async function planVersion(registry: Registry, input: NewVersion) {
  const policy = await readPolicy(registry, input)
  if (!policy) return refuse('policy-unknown')
  const full = policy.versionCount >= MAX_POLICY_VERSIONS || policy.lastVersion >= LAST_VERSION
  if (full) return refuse('too-many-versions')
  const guard = input.setAsDefault ? await guardRoleAliases(registry, policy, input) : []
  if (guard === undefined) return refuse('limits-role-alias')
  const { tenantId, policyName, generationId } = policy
  const lastVersion = policy.lastVersion + 1
  const version = {
    tenantId,
    policyName,
    generationId,
    versionId: String(lastVersion),
    document: input.document,
    createdAt: registry.now(),
  }
  const update = updatePolicy(registry, policy, {
    set: {
      lastVersion: number(lastVersion),
      ...(input.setAsDefault && defaultAttributes(version)),
    },
    add: { versionCount: 1 },
  })
  return change(
    { versionId: version.versionId },
    {
      writes: [registry.put(encodePolicyVersion(version)), update, ...guard],
      audit: {
        ...auditOfPolicy(input, 'create-policy-version'),
        before: { defaultVersionId: policy.defaultVersionId },
        after: {
          versionId: version.versionId,
          defaultVersionId: input.setAsDefault ? version.versionId : policy.defaultVersionId,
        },
      },
    },
  )
}

/** The check that no role alias is limited by a policy whose new text cannot limit one; undefined when one is. */
async function guardRoleAliases(
  registry: Registry,
  { tenantId, policyName }: PolicyItem,
  { rendersAsSessionPolicy }: { readonly rendersAsSessionPolicy: boolean },
): Promise<readonly TransactWriteItem[] | undefined> {
  if (rendersAsSessionPolicy) return []
  const key = policyUsageKey(tenantId, policyName)
  const item = await registry.get(key)
  if (item && decodePolicyUsage(item).roleAliasCount > 0) return undefined
  return [registry.check(key, { equal: { roleAliasCount: number(0) } })]
}

const defaultAttributes = ({ versionId, document }: PolicyVersionItem): Item => ({
  defaultVersionId: text(versionId),
  document: text(document),
  documentSha256: text(documentSha256(document)),
})

/** A change of the pointer, which every other change of the policy and its versions changes as well. */
const updatePolicy = (
  registry: Registry,
  policy: PolicyItem,
  { set, add }: { readonly set: Item; readonly add?: Readonly<Record<string, number>> },
): TransactWriteItem =>
  registry.update(
    policyKey(policy.tenantId, policy.policyName),
    { set: { ...set, modifiedAt: instant(registry.now()) }, ...(add && { add }) },
    {
      equal: {
        generationId: text(policy.generationId),
        defaultVersionId: text(policy.defaultVersionId),
        lastVersion: number(policy.lastVersion),
      },
    },
  )

async function planDefault(registry: Registry, input: NewDefault) {
  const [policy, version] = await readBoth(registry, input)
  if (!policy) return refuse('policy-unknown')
  if (policy.generationId !== input.generationId) return refuse('policy-changed')
  if (!version) return refuse('version-unknown')
  const { defaultVersionId } = policy
  if (version.versionId === defaultVersionId) return nothingToDo({ changed: false })
  const guard = await guardRoleAliases(registry, policy, input)
  if (guard === undefined) return refuse('limits-role-alias')
  const number = Number(version.versionId)
  const stillThere = registry.check(
    policyVersionKey(policy.tenantId, policy.policyName, number),
    {},
  )
  return change(
    { changed: true },
    {
      writes: [
        updatePolicy(registry, policy, { set: defaultAttributes(version) }),
        stillThere,
        ...guard,
      ],
      audit: {
        ...auditOfPolicy(input, 'set-default-policy-version'),
        before: { defaultVersionId },
        after: { defaultVersionId: version.versionId },
      },
    },
  )
}

async function planDeletion(registry: Registry, key: PolicyVersionKey) {
  const [policy, version] = await readBoth(registry, key)
  if (!policy) return refuse('policy-unknown')
  if (!version) return refuse('version-unknown')
  if (version.versionId === policy.defaultVersionId) return refuse('version-is-default')
  const number = Number(version.versionId)
  return change(
    {},
    {
      writes: [
        registry.remove(policyVersionKey(policy.tenantId, policy.policyName, number), {}),
        updatePolicy(registry, policy, { set: {}, add: { versionCount: -1 } }),
      ],
      audit: {
        ...auditOfPolicy(key, 'delete-policy-version'),
        before: { versionId: version.versionId },
      },
    },
  )
}
