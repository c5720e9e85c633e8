import type { PolicyKey, PolicyWrites } from '@thingpass/core/registry-writes/policies'
import { number, text } from '../attributes.ts'
import {
  decodePolicy,
  encodePolicy,
  encodePolicyVersion,
  type PolicyItem,
} from '../items/policy.ts'
import { decodePolicyUsage, encodePolicyUsage } from '../items/policy-usage.ts'
import { policyKey, policyUsageKey, policyVersionKey } from '../keys.ts'
import { change, refuse } from './plan.ts'
import { dropTags, putTags } from './tag-items.ts'
import type { Registry } from './transaction.ts'

type Creating = Parameters<PolicyWrites['createPolicy']>[0]
type WholePolicyWrites = Pick<PolicyWrites, 'createPolicy' | 'getPolicy' | 'deletePolicy'>

/** Makes the changes of whole policies. */
export function policyWrites(registry: Registry): WholePolicyWrites {
  return {
    createPolicy: (input) => registry.change(() => planCreation(registry, input)),
    getPolicy: async (key) => {
      const policy = await readPolicy(registry, key)
      if (!policy) return undefined
      const { documentSha256: _sha256, lastVersion: _last, versionCount: _count, ...rest } = policy
      return rest
    },
    deletePolicy: (key) => registry.change(() => planDeletion(registry, key)),
  }
}

/** Reads a policy of a tenant. */
export async function readPolicy(
  registry: Registry,
  { tenantId, policyName }: PolicyKey,
): Promise<PolicyItem | undefined> {
  const item = await registry.get(policyKey(tenantId, policyName))
  return item && decodePolicy(item)
}

/** An audit record of a policy, begun. */
export const auditOfPolicy = ({ tenantId, policyName }: PolicyKey, action: string) => ({
  tenantId,
  action,
  subject: `policy/${policyName}`,
})

async function planCreation(registry: Registry, input: Creating) {
  if (await readPolicy(registry, input)) return refuse('policy-exists')
  const { tenantId, policyName, document } = input
  const generationId = registry.newId()
  const versionId = '1'
  const createdAt = registry.now()
  const names = { tenantId, policyName, generationId }
  const policy = encodePolicy({
    ...names,
    defaultVersionId: versionId,
    document,
    lastVersion: 1,
    versionCount: 1,
    createdAt,
    modifiedAt: createdAt,
  })
  const version = encodePolicyVersion({ ...names, versionId, document, createdAt })
  const usage = encodePolicyUsage({ ...names, attachmentCount: 0, roleAliasCount: 0 })
  return change(
    { versionId, generationId },
    {
      writes: [
        ...[policy, version, usage].map((item) => registry.put(item, { missing: true })),
        ...putTags(
          registry,
          { key: policyKey(tenantId, policyName), ownerId: generationId },
          input.tags,
        ),
      ],
      audit: {
        ...auditOfPolicy(input, 'create-policy'),
        after: { generationId, defaultVersionId: versionId },
      },
    },
  )
}

async function planDeletion(registry: Registry, key: PolicyKey) {
  const usageKey = policyUsageKey(key.tenantId, key.policyName)
  const [policy, usageItem] = await Promise.all([readPolicy(registry, key), registry.get(usageKey)])
  if (!policy) return refuse('policy-unknown')
  if (usageItem && decodePolicyUsage(usageItem).attachmentCount > 0)
    return refuse('policy-attached')
  if (policy.versionCount > 1) return refuse('policy-has-versions')
  const { tenantId, policyName, generationId, defaultVersionId } = policy
  return change(
    {},
    {
      writes: [
        registry.remove(policyKey(tenantId, policyName), {
          equal: { generationId: text(generationId), versionCount: number(1) },
        }),
        registry.remove(policyVersionKey(tenantId, policyName, Number(defaultVersionId)), {}),
        registry.remove(usageKey, { equal: { attachmentCount: number(0) } }),
        dropTags(registry, policyKey(tenantId, policyName)),
      ],
      audit: {
        ...auditOfPolicy(key, 'delete-policy'),
        before: { generationId, defaultVersionId },
      },
    },
  )
}
