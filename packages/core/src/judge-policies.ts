import type { AttachedPolicy } from './facts.ts'
import type { RoleAlias } from './names.ts'
import { type Evaluation, evaluate } from './policy/evaluate.ts'
import type { RequestContext } from './policy/request-context.ts'
import type { ThingRecord } from './records.ts'
import type { PolicyRefusal } from './refusal.ts'
import type { Deployment } from './request.ts'

/** The action that an IoT policy must allow on a role alias. Source: AWS IoT Developer Guide, authorizing-direct-aws. */
const ASSUME_ROLE = 'iot:AssumeRoleWithCertificate'

/** What the policies of one device are asked about. */
export type PolicyQuestion = {
  readonly policies: readonly AttachedPolicy[]
  /** The thing that the device acts for; without one, policies of thing groups do not count. */
  readonly thing: ThingRecord | undefined
  readonly context: RequestContext
}

/** What the policies say, and which of them had a say. */
export type PolicyJudgement = {
  readonly applied: readonly AttachedPolicy[]
  readonly evaluation: Evaluation
  /** Undefined = allowed. */
  readonly refusal: PolicyRefusal | undefined
}

/** Judges one action on one resource by the IoT policies of a device. A policy that cannot be read refuses: it may hold a Deny. */
export function judgePolicies(
  { policies, thing, context }: PolicyQuestion,
  action: string,
  resource: string,
): PolicyJudgement {
  const applied = policies.filter(
    ({ attachedTo }) => attachedTo.kind === 'certificate' || thing !== undefined,
  )
  const readable = applied.flatMap(({ policyName, document }) =>
    document === undefined ? [] : [{ name: policyName, document }],
  )
  const evaluation = evaluate(readable, { action, resource, context })
  const refusal =
    readable.length === applied.length ? refusalOf(evaluation) : ('policy-unreadable' as const)
  return { applied, evaluation, refusal }
}

/** Judges whether a device may assume a role alias, whether the alias exists or not. */
export function judgeRoleAlias(
  question: PolicyQuestion,
  deployment: Deployment,
  roleAlias: RoleAlias,
): PolicyJudgement {
  const { partition, region, accountId } = deployment
  const resource = `arn:${partition}:iot:${region}:${accountId}:rolealias/${roleAlias}`
  return judgePolicies(question, ASSUME_ROLE, resource)
}

function refusalOf({ result }: Evaluation): PolicyRefusal | undefined {
  if (result === 'allow') return undefined
  return result === 'explicitDeny' ? 'policy-denies' : 'policy-does-not-allow'
}
