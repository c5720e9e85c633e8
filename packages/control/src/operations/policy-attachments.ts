import { Fault } from '@thingpass/core/fault'
import type { PolicyName } from '@thingpass/core/names'
import {
  MAX_POLICIES_OF,
  type PolicyAttachmentInput,
  type PolicyTarget,
} from '@thingpass/core/registry-writes/policy-attachments'
import { type Refused, refuse, succeed } from '../api-error.ts'
import type { Arns } from '../arn.ts'
import { ARN, POLICY_NAME } from '../fields.ts'
import { body, label, needed, query } from '../members.ts'
import { defineOperation, type OperationContext } from '../operation.ts'
import { MARKER_PAGE, pageOf } from '../pagination.ts'
import { refuseSessionTemplate } from '../policy-document.ts'
import { flag } from '../shape.ts'
import { unknownPolicy } from './policies.ts'

const attachPolicy = defineOperation({
  name: 'AttachPolicy',
  method: 'PUT',
  path: '/target-policies/{policyName}',
  input: { policyName: label(POLICY_NAME), target: needed(body(ARN)) },
  errors: ['ResourceNotFoundException', 'LimitExceededException', 'MalformedPolicyException'],
  run: async ({ policyName, target: arn }, context) => {
    const reading = parseTarget(arn, context.arns)
    if (!reading.ok) return reading
    const { target } = reading
    const attachment = { tenantId: context.tenant.tenantId, policyName, target }
    const outcome = await attach(attachment, context)
    if (outcome.ok) return succeed()
    if ('error' in outcome) return outcome
    if (outcome.conflict === 'policy-unknown') return unknownPolicy(policyName)
    if (outcome.conflict === 'target-unknown') return unknownTarget(arn)
    if (outcome.conflict === 'policy-changed') {
      throw new Fault('REGISTRY_THROTTLED', 'the policy changed each time it was to be attached')
    }
    const most = MAX_POLICIES_OF[target.kind]
    const message = `At most ${most} policies can be attached to ${arn}`
    return refuse('LimitExceededException', message)
  },
})

const detachPolicy = defineOperation({
  name: 'DetachPolicy',
  method: 'POST',
  path: '/target-policies/{policyName}',
  input: { policyName: label(POLICY_NAME), target: needed(body(ARN)) },
  errors: ['ResourceNotFoundException'],
  run: async ({ policyName, target: arn }, { registry, arns, tenant }) => {
    const reading = parseTarget(arn, arns)
    if (!reading.ok) return reading
    const attachment = { tenantId: tenant.tenantId, policyName, target: reading.target }
    const outcome = await registry.detachPolicy(attachment)
    if (outcome.ok) return succeed()
    return outcome.conflict === 'policy-unknown' ? unknownPolicy(policyName) : unknownTarget(arn)
  },
})

const listAttachedPolicies = defineOperation({
  name: 'ListAttachedPolicies',
  method: 'POST',
  path: '/attached-policies/{target}',
  input: { target: label(ARN), recursive: query(flag()), ...MARKER_PAGE },
  errors: ['ResourceNotFoundException'],
  run: async ({ target: arn, recursive = false, pageSize, marker }, context) => {
    const reading = parseTarget(arn, context.arns)
    if (!reading.ok) return reading
    const names = await listNames(reading.target, recursive, context)
    if (names === undefined) return unknownTarget(arn)
    const page = pageOf(names, { size: pageSize, token: marker })
    if (page === undefined) return refuse('InvalidRequestException', 'The marker is not valid')
    const policies = page.keys.map((policyName) => ({
      policyName,
      policyArn: context.arns.format({ kind: 'policy', policyName }),
    }))
    return succeed({ policies, nextMarker: page.token })
  },
})

/** Attachments of policies. */
export const POLICY_ATTACHMENT_OPERATIONS = [attachPolicy, detachPolicy, listAttachedPolicies]

type TargetReading =
  | { readonly ok: true; readonly target: PolicyTarget }
  | Refused<'InvalidRequestException'>

/** Reads the ARN of a certificate, a thing group or a role alias. */
export function parseTarget(arn: string, arns: Arns): TargetReading {
  const reading = arns.parse(arn)
  if (!reading.ok) return refuse('InvalidRequestException', reading.problem)
  const { resource } = reading
  switch (resource.kind) {
    case 'certificate':
    case 'thing-group':
    case 'role-alias':
      return { ok: true, target: resource }
    default:
      return refuse('InvalidRequestException', 'A policy cannot be attached to the given ARN')
  }
}

/** How often a policy is judged anew that changed between judgement and attachment. */
const MOST_JUDGEMENTS = 5

/**
 * Attaches. A role alias gets only what can be rendered: the text is judged, and the judgement counts only while the text
 * still is the policy's default.
 */
async function attach(attachment: PolicyAttachmentInput, { registry }: OperationContext) {
  if (attachment.target.kind !== 'role-alias') return registry.attachPolicy(attachment)
  for (let judgement = 1; ; judgement += 1) {
    const policy = await registry.getPolicy(attachment)
    if (policy === undefined) return { ok: false, conflict: 'policy-unknown' } as const
    const malformed = refuseSessionTemplate(policy.document)
    if (malformed !== undefined) return malformed
    const judged = { generationId: policy.generationId, versionId: policy.defaultVersionId }
    const outcome = await registry.attachPolicy({ ...attachment, judged })
    const settled = outcome.ok || outcome.conflict !== 'policy-changed'
    if (settled || judgement === MOST_JUDGEMENTS) return outcome
  }
}

/** Names of the policies of a target, in byte order; those of a group's parents too where all are asked for. */
async function listNames(
  target: PolicyTarget,
  recursive: boolean,
  { registry, tenant }: OperationContext,
): Promise<readonly PolicyName[] | undefined> {
  const { tenantId } = tenant
  const own = await registry.listAttachedPolicies({ tenantId, target })
  if (!own.ok) return undefined
  if (!recursive || target.kind !== 'thing-group') return own.policyNames
  const group = await registry.getThingGroup({ tenantId, groupName: target.groupName })
  const inherited = await Promise.all(
    (group?.parents ?? []).map(({ groupName }) =>
      registry.listAttachedPolicies({ tenantId, target: { kind: 'thing-group', groupName } }),
    ),
  )
  const names = inherited.flatMap((list) => (list.ok ? list.policyNames : []))
  return inByteOrder([...new Set([...own.policyNames, ...names])])
}

/** Names are ASCII, so code units compare as bytes do. */
function inByteOrder(names: readonly PolicyName[]): readonly PolicyName[] {
  return names.toSorted((one, other) => (one < other ? -1 : 1))
}

function unknownTarget(arn: string) {
  return refuse('ResourceNotFoundException', `The target does not exist (arn=${arn})`)
}
