import { matchesSegments, type Segments, segmentsOf } from './arn.ts'
import { type Condition, evaluateCondition } from './conditions/condition.ts'
import type { PolicyDocument } from './document.ts'
import { foldCase } from './fold-case.ts'
import { codePointsOf, matchesTokens, type Token } from './pattern.ts'
import type { RequestContext } from './request-context.ts'
import type { ActionPattern, PatternList, Statement } from './statement.ts'
import { resolveTemplate, unsetVariables } from './template.ts'
import type { ConditionMismatch, Mismatch, StatementTrace } from './trace.ts'

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

/** The request in the form that patterns are compared with; made once per evaluation. */
type Subject = {
  readonly action: readonly number[]
  readonly resource: readonly number[]
  readonly segments: Segments
  readonly context: RequestContext
}

/**
 * Decides a request by the union of the policies: a matching Deny wins, else a matching Allow, else it is denied. Every statement
 * is looked at, so that the trace is whole; a document that could not be parsed has no place here, its owner is denied.
 * Source: IAM User Guide, reference_policies_evaluation-logic.
 */
export function evaluate(policies: readonly NamedPolicy[], request: PolicyRequest): Evaluation {
  const resource = codePointsOf(request.resource)
  const subject: Subject = {
    action: codePointsOf(foldCase(request.action)),
    resource,
    segments: segmentsOf(resource),
    context: request.context,
  }
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

function traceStatement(
  policy: string | undefined,
  statement: Statement,
  subject: Subject,
): StatementTrace {
  const { index, sid, effect } = statement
  const mismatch = mismatchOf(statement, subject)
  return Object.freeze({
    ...(policy === undefined ? {} : { policy }),
    statement: index,
    ...(sid === undefined ? {} : { sid }),
    effect,
    ...(mismatch === undefined
      ? { matched: true }
      : { matched: false, mismatch: Object.freeze(mismatch) }),
  })
}

function mismatchOf(statement: Statement, subject: Subject): Mismatch | undefined {
  const { actions, resources, effect } = statement
  const { context } = subject
  if (!matchesAction(actions, subject)) {
    const element = actions.negated ? 'NotAction' : 'Action'
    return { on: 'action', element, patterns: sourcesOf(actions) }
  }
  if (!matchesResource(statement, subject)) {
    const element = resources.negated ? 'NotResource' : 'Resource'
    const unset = unsetVariables(resources.patterns, context)
    return { on: 'resource', element, patterns: sourcesOf(resources), unsetVariables: unset }
  }
  const conditions = statement.conditions.flatMap((condition) =>
    conditionMismatch(condition, effect, context),
  )
  return conditions.length === 0
    ? undefined
    : { on: 'condition', conditions: Object.freeze(conditions) }
}

function sourcesOf({ patterns }: PatternList<{ readonly source: string }>): readonly string[] {
  return Object.freeze(patterns.map(({ source }) => source))
}

function matchesAction(
  { negated, patterns }: PatternList<ActionPattern>,
  { action }: Subject,
): boolean {
  return patterns.some(({ tokens }) => matchesTokens(tokens, action)) !== negated
}

/**
 * Two readings of AWS's pages exist: wildcards stay within an ARN segment, or run past its colons. The wider reading finds
 * everything the narrower does. An Allow takes the narrower and a Deny the wider, so that no reading of AWS denies what is
 * allowed here; for what `NotResource` leaves out it is the other way round.
 */
function matchesResource({ effect, resources }: Statement, subject: Subject): boolean {
  const { negated, patterns } = resources
  const resolved = patterns.map((pattern) => resolveTemplate(pattern, subject.context))
  // Read to the letter, an exception that cannot be named would open every resource.
  if (effect === 'Allow' && negated && resolved.includes(undefined)) return false
  const perSegment = (effect === 'Allow') !== negated
  const matches = (tokens: readonly Token[]): boolean =>
    perSegment ? matchesSegments(tokens, subject.segments) : matchesTokens(tokens, subject.resource)
  return resolved.some((tokens) => tokens !== undefined && matches(tokens)) !== negated
}

/** Why a condition keeps the statement from matching; none where it does not. */
function conditionMismatch(
  condition: Condition,
  effect: Statement['effect'],
  context: RequestContext,
): readonly ConditionMismatch[] {
  const outcome = evaluateCondition(condition, context)
  if (outcome === 'met') return []
  // Undecidable: an Allow does not match, a Deny does.
  if (outcome === 'several-values' && effect === 'Deny') return []
  const { operator, key, values, templates } = condition
  return [
    Object.freeze({
      operator,
      key,
      values,
      why: whyUnmet(outcome, key, context),
      unsetVariables: unsetVariables(templates, context),
    }),
  ]
}

function whyUnmet(
  outcome: 'unmet' | 'several-values',
  key: string,
  context: RequestContext,
): ConditionMismatch['why'] {
  if (outcome === 'several-values') return 'several-values-without-set-operator'
  return context.get(key) === undefined ? 'key-missing' : 'value-differs'
}
