import { Fault } from '@thingpass/core/fault'
import type { Item } from './attributes.ts'
import { decodePolicy } from './items/policy.ts'
import { policyKey } from './keys.ts'
import type { PolicyMemory, PolicyReference, ReadPolicy } from './policy-cache.ts'
import { cacheKey } from './policy-cache-keys.ts'
import type { Read, RoundReader } from './read-rounds.ts'

/** Finds the policies behind edges, for one request. */
export type PolicyFinder<Document> = {
  /**
   * The policy, from memory or from the registry; absent while it has to be read.
   * @throws {Fault} REGISTRY_UNREADABLE; REGISTRY_INCONSISTENT when what was read is not the edge's policy
   */
  readonly find: (edge: PolicyReference) => Read<ReadPolicy<Document>> | undefined
  /** The policy when it is in memory. What was once found stays found for this request. */
  readonly recall: (edge: PolicyReference) => ReadPolicy<Document> | undefined
}

/** Makes a finder. `now` is when the request began. */
export function createPolicyFinder<Document>(
  reader: RoundReader,
  memory: PolicyMemory<Document>,
  now: Date,
): PolicyFinder<Document> {
  const found = new Map<string, ReadPolicy<Document>>()
  const remember = (edge: PolicyReference, policy: ReadPolicy<Document>) => {
    found.set(cacheKey.pointer(edge), policy)
    return policy
  }
  const recall: PolicyFinder<Document>['recall'] = (edge) => {
    const known = found.get(cacheKey.pointer(edge)) ?? memory.find(edge, now)
    return known && remember(edge, known)
  }
  return {
    recall,
    find: (edge) => {
      const known = recall(edge)
      if (known !== undefined) return { value: known }
      const item = reader.item(policyKey(edge.tenantId, edge.policyName))
      return item && { value: remember(edge, memory.keep(requirePolicy(item.value, edge), now)) }
    },
  }
}

/** The policy that an edge means: there, and not made again under the old name. */
function requirePolicy(item: Item | undefined, edge: PolicyReference) {
  const policy = item && decodePolicy(item)
  if (policy?.generationId === edge.generationId) return policy
  const what = policy === undefined ? 'no policy' : 'a policy of another generation'
  throw new Fault('REGISTRY_INCONSISTENT', `an edge leads to ${what}: ${edge.policyName}`)
}
