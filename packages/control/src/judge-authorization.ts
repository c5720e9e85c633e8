import type { PolicyName } from '@thingpass/core/names'
import type { PolicyDocument } from '@thingpass/core/policy/document'
import {
  type Evaluation,
  evaluate,
  type NamedPolicy,
  type PolicyRequest,
  type PolicyResult,
} from '@thingpass/core/policy/evaluate'
import type { RequestContext } from '@thingpass/core/policy/request-context'
import { createStepMeter, MOST_STEPS, type StepMeter } from '@thingpass/core/policy/step-meter'
import type { Mismatch, StatementTrace } from '@thingpass/core/policy/trace'

/** Action type of the API → action of the policy language. The last is ours: AWS cannot test it. */
export const TESTED_ACTIONS = {
  PUBLISH: 'iot:Publish',
  SUBSCRIBE: 'iot:Subscribe',
  RECEIVE: 'iot:Receive',
  CONNECT: 'iot:Connect',
  ASSUME_ROLE_WITH_CERTIFICATE: 'iot:AssumeRoleWithCertificate',
} as const

/** What can be tested. */
export type ActionType = keyof typeof TESTED_ACTIONS

/** A policy that takes part. Its document is absent when the stored text cannot be read: on the data plane that denies. */
export type TestedPolicy = {
  readonly policyName: PolicyName
  readonly document: PolicyDocument | undefined
}

/** How policies judge one action on all of its resources together. */
export type AuthorizationResult = {
  readonly decision: PolicyResult
  readonly allowing: readonly PolicyName[]
  readonly denying: readonly PolicyName[]
  /** Policies of which no statement matched. */
  readonly silent: readonly PolicyName[]
  /** Condition keys and variables that the request lacks, each once. */
  readonly missing: readonly string[]
}

/** What is tested of one action. */
export type AuthorizationTest = {
  readonly action: string
  readonly resources: readonly string[]
  readonly context: RequestContext
}

/** Steps of one call, whatever it asks: as many as ten decisions of the data plane may take. */
const MOST_STEPS_OF_CALL = 10 * MOST_STEPS

/** Makes the meter of one call. Once it is out of steps, no result of the call counts: a policy was not read to its end. */
export function createCallMeter(): StepMeter {
  return createStepMeter(MOST_STEPS_OF_CALL)
}

/** Judges one action: allowed only when it is on every resource. `call` is for all actions that one caller asks about at once. */
export function judgeAuthorization(
  policies: readonly TestedPolicy[],
  { action, resources, context }: AuthorizationTest,
  call: StepMeter,
): AuthorizationResult {
  const readable = policies.flatMap(({ policyName, document }) =>
    document === undefined ? [] : [{ name: policyName, document }],
  )
  const unreadable = policies.filter(({ document }) => document === undefined)
  const evaluations = resources.map((resource) =>
    evaluateWithin(call, readable, { action, resource, context }),
  )
  const trace = evaluations.flatMap((evaluation) => evaluation.trace)
  const matching = (effect: 'Allow' | 'Deny', name: PolicyName) =>
    trace.some((entry) => entry.matched && entry.effect === effect && entry.policy === name)
  const names = readable.map(({ name }) => name)
  const allowing = names.filter((name) => matching('Allow', name))
  const denying = names.filter((name) => matching('Deny', name))
  const results = evaluations.map(({ result }) => result)
  return {
    decision: unreadable.length > 0 ? 'explicitDeny' : strictest(results),
    allowing,
    denying: [...unreadable.map(({ policyName }) => policyName), ...denying],
    silent: names.filter((name) => !allowing.includes(name) && !denying.includes(name)),
    missing: [...new Set(trace.flatMap(missingOf))],
  }
}

/** Evaluates as the data plane does, with its bound, as long as the call has as many steps left. */
function evaluateWithin(
  call: StepMeter,
  policies: readonly NamedPolicy[],
  request: PolicyRequest,
): Evaluation {
  const most = Math.min(MOST_STEPS, call.left)
  const meter = createStepMeter(most)
  const evaluation = evaluate(policies, request, meter)
  call.left -= most - meter.left
  return evaluation
}

function strictest(results: readonly PolicyResult[]): PolicyResult {
  if (results.includes('explicitDeny')) return 'explicitDeny'
  const allowed = results.length > 0 && results.every((result) => result === 'allow')
  return allowed ? 'allow' : 'implicitDeny'
}

function missingOf(entry: StatementTrace): readonly string[] {
  return entry.matched ? [] : missingIn(entry.mismatch)
}

function missingIn(mismatch: Mismatch): readonly string[] {
  switch (mismatch.on) {
    case 'action':
      return []
    case 'resource':
      return mismatch.unsetVariables
    case 'condition':
      return mismatch.conditions.flatMap(({ key, why, unsetVariables }) =>
        why === 'key-missing' ? [key, ...unsetVariables] : unsetVariables,
      )
  }
}
