import { Fault, type FaultCode } from '@thingpass/core/fault'
import { describeFailure, type FailureKind, serviceFailure } from '../service-failure.ts'

const FAULT_OF_KIND = {
  timeout: 'IAM_TIMEOUT',
  unreachable: 'IAM_UNAVAILABLE',
  throttled: 'IAM_THROTTLED',
  'credentials-refused': 'IAM_REFUSED',
  'server-error': 'IAM_UNAVAILABLE',
  unreadable: 'IAM_UNREADABLE',
  refused: 'IAM_REFUSED',
} as const satisfies Record<FailureKind, FaultCode>

/** Takes a failed call of IAM as a Fault; `operation` names the call. IAM's message stays here: it may repeat what was sent. */
export function iamFault(thrown: unknown, operation: string): Fault {
  const failure = serviceFailure(thrown)
  return new Fault(FAULT_OF_KIND[failure.kind], `${operation} failed: ${describeFailure(failure)}`)
}

/** The Fault of an answer that does not hold what was asked for. */
export function iamUnreadable(operation: string): Fault {
  return new Fault('IAM_UNREADABLE', `${operation} answered without what was asked for`)
}
