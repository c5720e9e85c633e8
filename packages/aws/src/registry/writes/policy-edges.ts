import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { text } from '../attributes.ts'
import {
  decodePolicyEdge,
  encodePolicyEdge,
  type PolicyEdge,
  policyEdgeKey,
} from '../items/policy-edge.ts'
import { META_AND_POLICIES, policyUsageKey } from '../keys.ts'
import type { Registry } from './transaction.ts'

/** Reads the policy edges of a target's partition, in byte order of the names. */
export async function readPolicyEdges(
  registry: Registry,
  pk: string,
): Promise<readonly PolicyEdge[]> {
  const rows = await registry.query(pk, { from: 'POLICY#', to: META_AND_POLICIES.to })
  return rows.map((row) => decodePolicyEdge(row, 'target'))
}

const roleAliases = ({ target }: PolicyEdge): number => (target.kind === 'role-alias' ? 1 : 0)

const generation = ({ generationId }: PolicyEdge) => ({
  equal: { generationId: text(generationId) },
})

/** The writes of a new edge: both ends, and the policy's usage, which holds the policy in place. */
export const putPolicyEdge = (
  registry: Registry,
  edge: PolicyEdge,
): readonly TransactWriteItem[] => [
  registry.put(encodePolicyEdge(edge, 'target'), { missing: true }),
  registry.put(encodePolicyEdge(edge, 'policy')),
  registry.update(
    policyUsageKey(edge.tenantId, edge.policyName),
    { add: { attachmentCount: 1, roleAliasCount: roleAliases(edge) } },
    generation(edge),
  ),
]

/** The writes that take an edge away. */
export const removePolicyEdge = (
  registry: Registry,
  edge: PolicyEdge,
): readonly TransactWriteItem[] => [
  registry.remove(policyEdgeKey(edge, 'target'), {}),
  registry.drop(policyEdgeKey(edge, 'policy')),
  registry.update(
    policyUsageKey(edge.tenantId, edge.policyName),
    { add: { attachmentCount: -1, roleAliasCount: -roleAliases(edge) } },
    generation(edge),
  ),
]
