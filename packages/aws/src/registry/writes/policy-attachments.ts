import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'
import {
  MAX_POLICIES_OF,
  type PolicyAttachmentInput,
  type PolicyAttachmentWrites,
} from '@thingpass/core/registry-writes/policy-attachments'
import { type Item, text } from '../attributes.ts'
import type { PolicyItem } from '../items/policy.ts'
import { decodePolicyEdge, type PolicyEdge, policyEdgeKey, targetId } from '../items/policy-edge.ts'
import { policyKey } from '../keys.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { readPolicy } from './policies.ts'
import { putPolicyEdge, removePolicyEdge } from './policy-edges.ts'
import { readTarget, type Target } from './policy-targets.ts'
import type { Registry } from './transaction.ts'

type Attaching = Parameters<PolicyAttachmentWrites['attachPolicy']>[0]

/** Makes the changes of policy attachments. */
export function policyAttachmentWrites(registry: Registry): PolicyAttachmentWrites {
  return {
    attachPolicy: (input) => registry.change(() => planAttachment(registry, input)),
    detachPolicy: (input) => registry.change(() => planDetachment(registry, input)),
  }
}

async function planAttachment(registry: Registry, input: Attaching) {
  const { tenantId, policyName, judged } = input
  const [policy, target] = await Promise.all([
    readPolicy(registry, { tenantId, policyName }),
    readTarget(registry, tenantId, input.target),
  ])
  if (!policy) return refuse('policy-unknown')
  if (!target) return refuse('target-unknown')
  if (judged && !isDefault(judged, policy)) return refuse('policy-changed')
  const { generationId } = policy
  const edge = {
    tenantId,
    policyName,
    generationId,
    target: target.identity,
    attachedAt: registry.now(),
  }
  if (await readEdge(registry, edge)) return nothingToDo({ changed: false })
  if (target.policyCount >= MAX_POLICIES_OF[input.target.kind]) return refuse('too-many-policies')
  return change(
    { changed: true },
    {
      writes: [
        ...putPolicyEdge(registry, edge),
        countOnTarget(registry, target, 1),
        ...(judged ? [stillDefault(registry, policy)] : []),
      ],
      audit: {
        ...auditOf(input, target, 'attach-policy'),
        after: { policyName, generationId, ...scopeAfter(input) },
      },
    },
  )
}

const scopeAfter = ({ target }: Attaching) =>
  target.kind === 'role-alias' ? { scope: 'session-policy' } : {}

const isDefault = (judged: NonNullable<Attaching['judged']>, policy: PolicyItem): boolean =>
  judged.generationId === policy.generationId && judged.versionId === policy.defaultVersionId

const stillDefault = (registry: Registry, policy: PolicyItem): TransactWriteItem =>
  registry.check(policyKey(policy.tenantId, policy.policyName), {
    equal: { defaultVersionId: text(policy.defaultVersionId) },
  })

/** The target's own record says how many policies it has, that it is still the same, and, for an alias, that it is scoped. */
function countOnTarget(registry: Registry, target: Target, by: 1 | -1): TransactWriteItem {
  const limit = by === 1 ? { below: { policyCount: MAX_POLICIES_OF[target.identity.kind] } } : {}
  const scope: Item =
    by === 1 && target.identity.kind === 'role-alias' ? { scope: text('session-policy') } : {}
  return registry.update(
    target.key,
    { set: scope, add: { policyCount: by } },
    { equal: target.same, ...limit },
  )
}

/** @throws {Fault} REGISTRY_INCONSISTENT where an edge of an earlier record of the same name is left */
async function readEdge(registry: Registry, wanted: PolicyEdge): Promise<PolicyEdge | undefined> {
  const item = await registry.get(policyEdgeKey(wanted, 'target'))
  if (!item) return undefined
  const edge = decodePolicyEdge(item, 'target')
  const live =
    edge.tenantId === wanted.tenantId &&
    edge.generationId === wanted.generationId &&
    targetId(edge.target) === targetId(wanted.target)
  if (!live) {
    throw new Fault(
      'REGISTRY_INCONSISTENT',
      `edge to an earlier policy ${wanted.policyName} or from an earlier target`,
    )
  }
  return edge
}

async function planDetachment(registry: Registry, input: PolicyAttachmentInput) {
  const { tenantId, policyName } = input
  const [policy, target] = await Promise.all([
    readPolicy(registry, { tenantId, policyName }),
    readTarget(registry, tenantId, input.target),
  ])
  if (!policy) return refuse('policy-unknown')
  if (!target) return refuse('target-unknown')
  const { generationId } = policy
  const wanted = {
    tenantId,
    policyName,
    generationId,
    target: target.identity,
    attachedAt: new Date(0),
  }
  const edge = await readEdge(registry, wanted)
  if (!edge) return nothingToDo({ changed: false })
  return change(
    { changed: true },
    {
      writes: [...removePolicyEdge(registry, edge), countOnTarget(registry, target, -1)],
      audit: {
        ...auditOf(input, target, 'detach-policy'),
        before: { policyName, generationId },
      },
    },
  )
}

const auditOf = ({ tenantId }: PolicyAttachmentInput, target: Target, action: string) => ({
  tenantId,
  action,
  subject: target.subject,
})
