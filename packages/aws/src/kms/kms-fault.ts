import { Fault, type FaultCode } from '@thingpass/core/fault'
import { describeFailure, type FailureKind, serviceFailure } from '../service-failure.ts'

const FAULT_OF_KIND = {
  timeout: 'KMS_TIMEOUT',
  unreachable: 'KMS_UNAVAILABLE',
  throttled: 'KMS_THROTTLED',
  'credentials-refused': 'KMS_REFUSED',
  'server-error': 'KMS_UNAVAILABLE',
  unreadable: 'KMS_UNREADABLE',
  refused: 'KMS_REFUSED',
} as const satisfies Record<FailureKind, FaultCode>

/** Takes a failed call of KMS as a Fault; `operation` names the call. KMS's message stays here: it may repeat what was sent. */
export function kmsFault(thrown: unknown, operation: string): Fault {
  const failure = serviceFailure(thrown)
  return new Fault(FAULT_OF_KIND[failure.kind], `${operation} failed: ${describeFailure(failure)}`)
}

/** The Fault of an answer that does not hold what was asked for. */
export function kmsUnreadable(operation: string): Fault {
  return new Fault('KMS_UNREADABLE', `${operation} answered without what was asked for`)
}
