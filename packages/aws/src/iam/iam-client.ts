import { IAMClient } from '@aws-sdk/client-iam'
import { type CallLimits, callSettings } from '../call-settings.ts'
import type { ClientOptions } from '../clients.ts'

/**
 * IAM is asked up to three times for one call of an operator, who waits longer than a device: at worst 3 × 2 × 1300 ms, within
 * the 29 s that a REST API gives. A single call that is never answered leaves the whole answer within 3 s.
 * Source: API Gateway quotas (integration timeout).
 */
export const IAM_LIMITS: CallLimits = Object.freeze({
  connectionMs: 500,
  requestMs: 1300,
  socketMs: 1300,
  maxAttempts: 2,
  maxSockets: 10,
})

/** Makes the IAM client of the control plane; the region says which partition's IAM. */
export function createIamClient(
  options: ClientOptions,
  limits: CallLimits = IAM_LIMITS,
): IAMClient {
  return new IAMClient({ ...options, ...callSettings(limits) })
}
