import type { PolicyDocument } from './document.ts'
import type { RequestContext } from './request-context.ts'
import type { Statement } from './statement.ts'
import { subjectOf, traceStatement } from './statement-match.ts'
import { createStepMeter, isOutOfSteps, type StepMeter } from './step-meter.ts'
import type { StatementTrace } from './trace.ts'

/** A policy that takes part; its name shows in the trace. */
export type NamedPolicy = { readonly name?: string; readonly document: PolicyDocument }

/** What somebody wants to do. */
export type PolicyRequest = {
  /** `service:name`, in any letter case. */
  readonly action: string
  /** An ARN, or `*` for actions without a resource. */
  readonly resource: string
  readonly context: RequestContext
}

/** Outcome of a set of policies. Only `allow` permits. */
export type PolicyResult = 'allow' | 'implicitDeny' | 'explicitDeny'

/** A decision with its reasons, one per statement in the order given. */
export type Evaluation = {
  readonly result: PolicyResult
  /** Ends at the statement at which the steps were out, where they were. */
  readonly trace: readonly StatementTrace[]
  /** The policies took more steps than an evaluation may; the result is `explicitDeny`. */
  readonly outOfSteps?: true
}

/** A decision of role and session policies together, with the evaluation of each side. */
export type SessionEvaluation = {
  readonly result: PolicyResult
  readonly role: Evaluation
  readonly session: Evaluation
}

/**
 * Decides a request by the union of the policies: a matching Deny wins, else a matching Allow, else it is denied. Every statement
 * is looked at, so that the trace is whole; a document that could not be parsed has no place here, its owner is denied.
 * Policies that take more steps than the meter has are a Deny: the part of them that was not looked at may hold one.
 * Source: IAM User Guide, reference_policies_evaluation-logic.
 */
export function evaluate(
  policies: readonly NamedPolicy[],
  request: PolicyRequest,
  meter: StepMeter = createStepMeter(),
): Evaluation {
  const subject = subjectOf(request, meter)
  const trace: StatementTrace[] = []
  for (const [name, statement] of statementsOf(policies)) {
    trace.push(traceStatement(name, statement, subject))
    if (isOutOfSteps(meter)) break
  }
  Object.freeze(trace)
  return isOutOfSteps(meter)
    ? Object.freeze({ result: 'explicitDeny', trace, outOfSteps: true })
    : Object.freeze({ result: resultOf(trace), trace })
}

function statementsOf(
  policies: readonly NamedPolicy[],
): readonly (readonly [name: string | undefined, statement: Statement])[] {
  return policies.flatMap(({ name, document }) =>
    document.statements.map((statement) => [name, statement] as const),
  )
}

/**
 * Decides a request of a session: role policies and session policies must both allow; a Deny on either side wins. One meter is
 * for both.
 * Source: IAM User Guide, access_policies (session policies).
 */
export function evaluateSession(
  rolePolicies: readonly NamedPolicy[],
  sessionPolicies: readonly NamedPolicy[],
  request: PolicyRequest,
  meter: StepMeter = createStepMeter(),
): SessionEvaluation {
  const role = evaluate(rolePolicies, request, meter)
  const session = evaluate(sessionPolicies, request, meter)
  return Object.freeze({ result: intersect(role.result, session.result), role, session })
}

function intersect(one: PolicyResult, other: PolicyResult): PolicyResult {
  if (one === 'explicitDeny' || other === 'explicitDeny') return 'explicitDeny'
  return one === 'allow' && other === 'allow' ? 'allow' : 'implicitDeny'
}

function resultOf(trace: readonly StatementTrace[]): PolicyResult {
  const matched = (effect: Statement['effect']): boolean =>
    trace.some((entry) => entry.matched && entry.effect === effect)
  if (matched('Deny')) return 'explicitDeny'
  return matched('Allow') ? 'allow' : 'implicitDeny'
}
