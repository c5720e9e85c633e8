import type { SessionDuration } from './duration.ts'
import type { AttachedPolicy } from './facts.ts'
import type { CertificateId, RoleAlias, TenantId } from './names.ts'
import type { Evaluation } from './policy/evaluate.ts'
import type { SessionRequest } from './ports.ts'
import type { PolicyIdentity, ThingRecord } from './records.ts'
import type { DenyReason } from './refusal.ts'
import type { RenderedPolicyFacts } from './session/compose.ts'

/** The steps of a decision, in their order. */
export type DecisionStep =
  | 'certificate'
  | 'budget'
  | 'thing'
  | 'policy'
  | 'alias'
  | 'role'
  | 'session'
  | 'duration'

/** One step that was reached. Only the last can have failed. */
export type StepTrace = { readonly step: DecisionStep; readonly passed: boolean }

/** What a device is granted: the session to ask STS for, and what it was derived from. */
export type Grant = {
  readonly tenantId: TenantId
  readonly certificateId: CertificateId
  readonly thing: ThingRecord | undefined
  readonly roleAlias: RoleAlias
  readonly session: SessionRequest
  readonly sessionPolicies: readonly PolicyIdentity[]
  /** Undefined when the session has no policy. */
  readonly sessionPolicy: RenderedPolicyFacts | undefined
  readonly duration: SessionDuration
}

/** How a decision came about; for operators, never for devices. */
export type DecisionTrace = {
  readonly steps: readonly StepTrace[]
  /** Present once policies were evaluated. */
  readonly evaluation?: Evaluation
}

/** The decision on one credential request. */
export type Decision = {
  /** The IoT policies that were taken into account; empty when a step before them refused. */
  readonly policies: readonly PolicyIdentity[]
  readonly trace: DecisionTrace
} & (
  | { readonly allow: true; readonly grant: Grant }
  | {
      readonly allow: false
      readonly reason: DenyReason
      /** Place, name or size that the reason alone does not say; never a variable's value. */
      readonly detail?: string
    }
)

/** The way to a decision, written down step by step; each of its two ends closes it. */
export type DecisionPath = {
  readonly pass: (step: DecisionStep) => void
  /** Keeps which policies were evaluated, and how. */
  readonly judge: (applied: readonly AttachedPolicy[], evaluation: Evaluation) => void
  readonly refuse: (step: DecisionStep, reason: DenyReason, detail?: string) => Decision
  readonly grant: (grant: Grant) => Decision
}

/** Begins a way to a decision. */
export function createDecisionPath(): DecisionPath {
  const steps: StepTrace[] = []
  let policies: readonly PolicyIdentity[] = []
  let evaluation: Evaluation | undefined
  function record() {
    return { policies, trace: { steps, ...(evaluation === undefined ? {} : { evaluation }) } }
  }
  return {
    pass(step) {
      steps.push({ step, passed: true })
    },
    judge(applied, made) {
      policies = applied.map(policyIdentityOf)
      evaluation = made
    },
    refuse(step, reason, detail) {
      steps.push({ step, passed: false })
      return { allow: false, reason, ...(detail === undefined ? {} : { detail }), ...record() }
    },
    grant(grant) {
      return { allow: true, grant, ...record() }
    },
  }
}

/** What a record says of a policy that took part. */
export function policyIdentityOf(policy: PolicyIdentity): PolicyIdentity {
  const { policyName, versionId, generationId } = policy
  return { policyName, versionId, generationId }
}
