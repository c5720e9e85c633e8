import { Fault, type FaultCode } from '@thingpass/core/fault'
import type { IssueRefusal } from '@thingpass/core/refusal'
import { describeFailure, type FailureKind, serviceFailure } from '../service-failure.ts'

/**
 * STS's words for "this role cannot be assumed by us". AWS answers AccessDenied for a missing role, a trust policy that
 * refuses, and a permission of ours that is missing, and does not tell them apart; other engines say NoSuchEntity.
 * RegionDisabledException stands here and not among our own failures because it is the role's account that has STS
 * switched off in our region: like the trust policy, it is the role owner's to mend, and a retry does not help.
 * Source: STS API reference, AssumeRole, Errors.
 */
const NOT_ASSUMABLE = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'NoSuchEntity',
  'NoSuchEntityException',
  'RegionDisabled',
  'RegionDisabledException',
])

/**
 * A ValidationError that says the role's own limit, or the one-hour limit of role chaining, is below what was asked. The
 * constraint on the parameter itself ("Value … at 'durationSeconds' failed …") is not among them: that is our mistake.
 */
const OVER_ROLE_MAXIMUM =
  /\bDurationSeconds exceeds\b|\bMaxSessionDuration\b|\b1 hour session limit\b/

const PACKED_TOO_LARGE = new Set(['PackedPolicyTooLarge', 'PackedPolicyTooLargeException'])

const FAULT_OF_KIND = {
  timeout: 'STS_TIMEOUT',
  unreachable: 'STS_UNAVAILABLE',
  throttled: 'STS_THROTTLED',
  'credentials-refused': 'STS_CREDENTIALS_REFUSED',
  'server-error': 'STS_UNAVAILABLE',
  unreadable: 'STS_UNREADABLE',
  refused: 'STS_REQUEST_REFUSED',
} as const satisfies Record<FailureKind, FaultCode>

/** The refusal that a failed AssumeRole stands for; absent when the failure is ours. */
export function stsRefusal(thrown: unknown): IssueRefusal | undefined {
  const { kind, name } = serviceFailure(thrown)
  if (kind !== 'refused') return undefined
  if (NOT_ASSUMABLE.has(name)) return 'role-not-assumable'
  const tooLong = thrown instanceof Error && OVER_ROLE_MAXIMUM.test(thrown.message)
  return name === 'ValidationError' && tooLong ? 'duration-over-role-maximum' : undefined
}

/**
 * Takes a failed AssumeRole as a Fault. Neither STS's message nor the SDK's error goes with it: the one may repeat what
 * we sent, the other holds the raw answer.
 */
export function stsFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown
  const failure = serviceFailure(thrown)
  const packed = failure.kind === 'refused' && PACKED_TOO_LARGE.has(failure.name)
  const code = packed ? 'STS_PACKED_POLICY_TOO_LARGE' : FAULT_OF_KIND[failure.kind]
  return new Fault(code, `AssumeRole failed: ${describeFailure(failure)}`)
}
