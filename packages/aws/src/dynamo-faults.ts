import { Fault, type FaultCode } from '@thingpass/core/fault'
import {
  describeFailure,
  type FailureKind,
  type ServiceFailure,
  serviceFailure,
} from './service-failure.ts'

const FAULT_OF_KIND = {
  timeout: 'REGISTRY_TIMEOUT',
  unreachable: 'REGISTRY_UNAVAILABLE',
  throttled: 'REGISTRY_THROTTLED',
  'credentials-refused': 'REGISTRY_REFUSED',
  'server-error': 'REGISTRY_UNAVAILABLE',
  unreadable: 'REGISTRY_UNREADABLE',
  refused: 'REGISTRY_REFUSED',
} as const satisfies Record<FailureKind, FaultCode>

/** Two writers in each other's way: the same request may succeed a moment later. Source: DynamoDB API reference. */
const CONFLICTS = new Set(['TransactionConflictException', 'TransactionInProgressException'])

/** Reasons for which a transaction is cancelled though nothing is wrong with it. */
const PASSING_REASONS = new Set([
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
  'TransactionConflict',
])

/**
 * Takes a failed DynamoDB call as a Fault; `operation` names the call. A failed condition is an answer and not a failure:
 * whoever sets one looks for it first. The SDK's error does not go along, it holds items.
 */
export function dynamoFault(thrown: unknown, operation: string): Fault {
  if (thrown instanceof Fault) return thrown
  const failure = serviceFailure(thrown)
  const passing = CONFLICTS.has(failure.name) || isPassingCancellation(thrown, failure)
  const code = passing ? 'REGISTRY_THROTTLED' : FAULT_OF_KIND[failure.kind]
  return new Fault(code, `${operation} failed: ${describeFailure(failure)}`)
}

/** Whether a transaction was cancelled for passing reasons alone; an item without a reason has the code `None`. */
function isPassingCancellation(thrown: unknown, { name }: ServiceFailure): boolean {
  if (name !== 'TransactionCanceledException') return false
  const codes = cancellationCodes(thrown).filter((code) => code !== 'None')
  return codes.length > 0 && codes.every((code) => PASSING_REASONS.has(code))
}

function cancellationCodes(thrown: unknown): readonly string[] {
  const { CancellationReasons: reasons } = thrown as { readonly CancellationReasons?: unknown }
  if (!Array.isArray(reasons)) return []
  return reasons.map((reason: { readonly Code?: unknown } | null) => String(reason?.Code))
}
