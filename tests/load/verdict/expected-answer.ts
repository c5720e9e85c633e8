import type { DeviceKind } from '../fleet/fleet.ts'
import type { Sample } from '../measure/sample.ts'
import type { ScenarioName } from '../scenarios/scenario.ts'

/** What the audit record of a refusal of each kind says. */
export const REASON_OF_KIND = {
  revoked: 'certificate-not-active',
  unknown: 'certificate-unknown',
  'no-policy': 'policy-does-not-allow',
  'wrong-thing': 'thing-not-attached',
  expired: 'certificate-not-valid-now',
} as const satisfies Partial<Record<DeviceKind, string>>

/** Where a scenario ran: what another front door may do that the local one does not. */
export type FrontDoor = {
  /** Whether handshakes with an expired certificate fail, as API Gateway's do; else they are answered 403. */
  readonly refusesHandshakes: boolean
}

/** Whether a request was answered as its device's kind has to be. */
export function isExpected(sample: Sample, scenario: ScenarioName, frontDoor: FrontDoor): boolean {
  const { kind, status } = sample
  if (kind === 'good') return status === 200 || (scenario === 'storm' && isToldToComeBack(sample))
  if (kind === 'noisy') return status === 200 || isToldToComeBack(sample)
  if (kind === 'expired' && frontDoor.refusesHandshakes && status === undefined) return true
  return status === 403
}

/** Whether a device was told to come back, and when. */
export function isToldToComeBack({ status, retryAfterSeconds }: Sample): boolean {
  const wait = retryAfterSeconds ?? 0
  return (status === 429 || status === 503) && wait > 0
}
