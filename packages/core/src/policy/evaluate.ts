import type { PolicyDocument } from './document.ts'
import type { RequestContext } from './request-context.ts'
import type { Statement } from './statement.ts'
import { subjectOf, traceStatement } from './statement-match.ts'
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
  readonly trace: readonly StatementTrace[]
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
 * Source: IAM User Guide, reference_policies_evaluation-logic.
 */
export function evaluate(policies: readonly NamedPolicy[], request: PolicyRequest): Evaluation {
  const subject = subjectOf(request)
  const trace = policies.flatMap(({ name, document }) =>
    document.statements.map((statement) => traceStatement(name, statement, subject)),
  )
  return Object.freeze({ result: resultOf(trace), trace: Object.freeze(trace) })
}

/**
 * Decides a request of a session: role policies and session policies must both allow; a Deny on either side wins.
 * Source: IAM User Guide, access_policies (session policies).
 */
export function evaluateSession(
  rolePolicies: readonly NamedPolicy[],
  sessionPolicies: readonly NamedPolicy[],
  request: PolicyRequest,
): SessionEvaluation {
  const role = evaluate(rolePolicies, request)
  const session = evaluate(sessionPolicies, request)
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
