import { KMSClient } from '@aws-sdk/client-kms'
import { type CallLimits, callSettings } from '../call-settings.ts'
import type { ClientOptions } from '../clients.ts'

/**
 * KMS is asked up to four times for one call of an operator: key and signature for the tenant's CA and for the certificate. At worst 4 × 2 × 1300 ms,
 * within the 29 s that a REST API gives. A single call that is never answered leaves the whole answer within 3 s.
 * Source: API Gateway quotas (integration timeout).
 */
export const KMS_LIMITS: CallLimits = Object.freeze({
  connectionMs: 500,
  requestMs: 1300,
  socketMs: 1300,
  maxAttempts: 2,
  maxSockets: 10,
})

/** Makes the KMS client of the control plane. */
export function createKmsClient(
  options: ClientOptions,
  limits: CallLimits = KMS_LIMITS,
): KMSClient {
  return new KMSClient({ ...options, ...callSettings(limits) })
}
