import { Fault } from '@thingpass/core/fault'
import type { PolicyName } from '@thingpass/core/names'
import {
  MAX_POLICIES_OF,
  type PolicyAttachmentInput,
  type PolicyTarget,
} from '@thingpass/core/registry-writes/policy-attachments'
import { type Refused, type Result, refuse, succeed } from './api-error.ts'
import type { Arns } from './arn.ts'
import type { OperationContext } from './operation.ts'
import { unknownPolicy } from './operations/policies.ts'
import { refuseSessionTemplate } from './policy-document.ts'

/** A policy and what it is attached to, as the caller names it. */
export type Attachment = {
  readonly policyName: PolicyName
  readonly target: PolicyTarget
  readonly arn: string
}

type TargetReading<Target extends PolicyTarget> =
  | { readonly ok: true; readonly target: Target }
  | Refused<'InvalidRequestException'>

/** Reads the ARN of a certificate, a thing group or a role alias. */
export function parseTarget(arn: string, arns: Arns): TargetReading<PolicyTarget> {
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

/** What IoT policies decide over: a device, or the devices of a group. */
export type PolicyHolder = Exclude<PolicyTarget, { readonly kind: 'role-alias' }>

/** Reads the ARN of a certificate or a thing group. Source: AWS IoT API reference, GetEffectivePolicies (principal). */
export function parseHolder(arn: string, arns: Arns): TargetReading<PolicyHolder> {
  const reading = parseTarget(arn, arns)
  if (!reading.ok) return reading
  const { target } = reading
  return target.kind === 'role-alias'
    ? refuse('InvalidRequestException', 'The principal is neither a certificate nor a thing group')
    : { ok: true, target }
}

type AttachError =
  | 'ResourceNotFoundException'
  | 'LimitExceededException'
  | 'MalformedPolicyException'

/** Attaches a policy. */
export async function attachPolicy(
  { policyName, target, arn }: Attachment,
  context: OperationContext,
): Promise<Result<AttachError>> {
  const { tenantId } = context.tenant
  const outcome = await attachJudged({ tenantId, policyName, target }, context)
  if (outcome.ok) return succeed()
  if ('error' in outcome) return outcome
  switch (outcome.conflict) {
    case 'policy-unknown':
      return unknownPolicy(policyName)
    case 'target-unknown':
      return unknownTarget(arn)
    case 'policy-changed':
      throw new Fault('REGISTRY_THROTTLED', 'the policy changed each time it was to be attached')
    case 'too-many-policies':
      return refuse(
        'LimitExceededException',
        `At most ${MAX_POLICIES_OF[target.kind]} policies can be attached to ${arn}`,
      )
  }
}

/** Detaches a policy. */
export async function detachPolicy(
  { policyName, target, arn }: Attachment,
  { registry, tenant }: OperationContext,
): Promise<Result<'ResourceNotFoundException'>> {
  const { tenantId } = tenant
  const outcome = await registry.detachPolicy({ tenantId, policyName, target })
  if (outcome.ok) return succeed()
  return outcome.conflict === 'policy-unknown' ? unknownPolicy(policyName) : unknownTarget(arn)
}

/** The target is not there, or is another tenant's. */
export function unknownTarget(arn: string) {
  return refuse('ResourceNotFoundException', `The target does not exist (arn=${arn})`)
}

/** How often a policy is judged anew that changed between judgement and attachment. */
const MOST_JUDGEMENTS = 5

/**
 * Attaches. A role alias gets only what can be rendered: the text is judged, and the judgement counts only while the text
 * still is the policy's default.
 */
async function attachJudged(attachment: PolicyAttachmentInput, { registry }: OperationContext) {
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
