import { matchesSegments, type Segments, segmentsOf } from './arn.ts'
import { type Condition, evaluateCondition } from './conditions/condition.ts'
import { foldCase } from './fold-case.ts'
import { isUndecidable, type Outcome, type Undecidable } from './outcome.ts'
import { codePointsOf, matchesTokens } from './pattern.ts'
import type { RequestContext } from './request-context.ts'
import type { ActionPattern, PatternList, Statement } from './statement.ts'
import { type Inquiry, isOutOfSteps, STEPS, type StepMeter, takeSteps } from './step-meter.ts'
import { type ResolvedPattern, resolveTemplate, unsetVariables } from './template.ts'
import type { ConditionMismatch, Mismatch, StatementTrace } from './trace.ts'

/** The request in the form that patterns are compared with; made once per evaluation. */
export type Subject = Inquiry & {
  readonly action: readonly number[]
  readonly resource: readonly number[]
  readonly segments: Segments
}

/** Brings a request into that form. */
export function subjectOf(
  request: {
    readonly action: string
    readonly resource: string
    readonly context: RequestContext
  },
  meter: StepMeter,
): Subject {
  const { context } = request
  takeSteps(meter, 0, request.action + request.resource)
  const resource = codePointsOf(request.resource)
  return {
    action: codePointsOf(foldCase(request.action)),
    resource,
    segments: segmentsOf(resource),
    context,
    meter,
  }
}

/** How the statement stands for the request, and why. What cannot be decided matches in a Deny and does not in an Allow. */
export function traceStatement(
  policy: string | undefined,
  statement: Statement,
  subject: Subject,
): StatementTrace {
  const { index, sid, effect } = statement
  takeSteps(subject.meter, STEPS.statement)
  const judgement = judge(statement, subject)
  return Object.freeze({
    ...(policy === undefined ? {} : { policy }),
    statement: index,
    ...(sid === undefined ? {} : { sid }),
    effect,
    ...(isOutOfSteps(subject.meter) ? GIVEN_UP[effect] : judgement),
  })
}

type Judgement =
  | { readonly matched: true; readonly undecidable?: Undecidable }
  | { readonly matched: false; readonly mismatch: Mismatch; readonly undecidable?: Undecidable }

/** Where steps are out, what was found is worth nothing: the matcher says no, which `NotAction` takes for a yes. */
const GIVEN_UP = Object.freeze({
  Allow: {
    matched: false,
    mismatch: Object.freeze({ on: 'condition', conditions: Object.freeze([]) }),
    undecidable: 'out-of-steps',
  },
  Deny: { matched: true, undecidable: 'out-of-steps' },
}) satisfies Record<Statement['effect'], Judgement>

function judge(statement: Statement, subject: Subject): Judgement {
  const { actions, resources } = statement
  if (!matchesAction(actions, subject)) {
    const element = actions.negated ? 'NotAction' : 'Action'
    return mismatch({ on: 'action', element, patterns: sourcesOf(actions) })
  }
  const resource = judgeResource(statement, subject)
  if (resource === 'unmet') {
    const element = resources.negated ? 'NotResource' : 'Resource'
    const unset = unsetVariables(resources.patterns, subject)
    const patterns = sourcesOf(resources)
    return mismatch({ on: 'resource', element, patterns, unsetVariables: unset })
  }
  return judgeConditions(statement, resource, subject)
}

function mismatch(why: Mismatch): Judgement {
  return { matched: false, mismatch: Object.freeze(why) }
}

function sourcesOf({ patterns }: PatternList<{ readonly source: string }>): readonly string[] {
  return Object.freeze(patterns.map(({ source }) => source))
}

function matchesAction(
  { negated, patterns }: PatternList<ActionPattern>,
  { action, meter }: Subject,
): boolean {
  takeSteps(meter, STEPS.comparison * patterns.length)
  // A copy: V8 reads a frozen list several times slower than the comparison takes.
  return patterns.some(({ tokens }) => matchesTokens([...tokens], action, meter)) !== negated
}

/**
 * Two readings of AWS's pages exist: wildcards stay within an ARN segment, or run past its colons. The wider reading finds
 * everything the narrower does. An Allow takes the narrower and a Deny the wider, so that no reading of AWS denies what is
 * allowed here; for what `NotResource` leaves out it is the other way round.
 */
function judgeResource({ effect, resources }: Statement, subject: Subject): Outcome {
  const { negated, patterns } = resources
  const { meter } = subject
  takeSteps(meter, STEPS.comparison * patterns.length)
  const resolved = patterns.flatMap((pattern) => resolveTemplate(pattern, subject) ?? [])
  const certain = resolved.filter(({ ambiguous }) => !ambiguous)
  // Read to the letter, an exception that cannot be named would open every resource.
  if (effect === 'Allow' && negated && certain.length < patterns.length) return 'unmet'
  const perSegment = (effect === 'Allow') !== negated
  const matched = certain.some((each) => matchesResource(each, perSegment, subject))
  if (matched !== negated) return 'met'
  const maybe =
    effect === 'Deny' &&
    !negated &&
    resolved.some((each) => each.ambiguous && matchesResource(each, perSegment, subject))
  return maybe ? 'variable-ambiguous' : 'unmet'
}

function matchesResource(
  { tokens }: ResolvedPattern,
  perSegment: boolean,
  { resource, segments, meter }: Subject,
): boolean {
  return perSegment
    ? matchesSegments(tokens, segments, meter)
    : matchesTokens(tokens, resource, meter)
}

function judgeConditions(
  { effect, conditions }: Statement,
  resource: Outcome,
  inquiry: Inquiry,
): Judgement {
  const judged = conditions.map((condition) => {
    return { condition, outcome: evaluateCondition(condition, inquiry) }
  })
  const failed = judged.filter(({ outcome }) =>
    effect === 'Allow' ? outcome !== 'met' : outcome === 'unmet',
  )
  if (failed.length > 0) {
    const why = failed.map(({ condition, outcome }) => describe(condition, outcome, inquiry))
    return mismatch({ on: 'condition', conditions: Object.freeze(why) })
  }
  const undecidable = [resource, ...judged.map(({ outcome }) => outcome)].find(isUndecidable)
  return undecidable === undefined ? { matched: true } : { matched: true, undecidable }
}

function describe(
  { operator, key, values, templates }: Condition,
  outcome: Outcome,
  inquiry: Inquiry,
): ConditionMismatch {
  return Object.freeze({
    operator,
    key,
    values,
    why: whyUnmet(outcome, key, inquiry.context),
    ...(isUndecidable(outcome) ? { undecidable: outcome } : {}),
    unsetVariables: unsetVariables(templates, inquiry),
  })
}

function whyUnmet(
  outcome: Outcome,
  key: string,
  context: RequestContext,
): ConditionMismatch['why'] {
  if (outcome === 'several-values') return 'several-values-without-set-operator'
  return context.get(key) === undefined ? 'key-missing' : 'value-differs'
}
