import { KMSClient } from '@aws-sdk/client-kms'
import { type CallLimits, callSettings } from '../call-settings.ts'
import type { ClientOptions } from '../clients.ts'

/**
 * KMS is asked up to four times for one call of an operator: key and signature for the tenant's CA and for the certificate. At worst 4 × 2 × 1500 ms,
 * well within the 29 s that a REST API gives.
 * Source: API Gateway quotas (integration timeout).
 */
export const KMS_LIMITS: CallLimits = Object.freeze({
  connectionMs: 500,
  requestMs: 1500,
  socketMs: 1500,
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
