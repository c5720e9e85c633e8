/**
 * Where the functions' own metrics are: in a namespace of the stage's own, so that two stages of one account never add up. A dimension would cost
 * the same, but every graph and alarm would have to name it, and one that did not would see nothing.
 */
export const METRIC_NAMESPACE = `Thingpass/${$app.stage}`

const own = (name: string) => ({ namespace: METRIC_NAMESPACE, name })

/** What alarms and dashboard look at, by the names of `functions/credentials/metrics.ts` and `functions/truststore/metrics.ts`. */
export const METRICS = {
  success: own('CredentialExchangeSuccess'),
  denied: own('CredentialExchangeDenied'),
  fault: own('CredentialExchangeFault'),
  latency: own('TotalLatency'),
  apiAllowed: own('ApiRequestAllowed'),
  apiDenied: own('ApiRequestDenied'),
  apiFault: own('ApiRequestFault'),
  apiLatency: own('ApiRequestTotalLatency'),
  truststoreLag: own('TruststoreLagSeconds'),
  truststoreExpiry: own('TruststoreDaysToExpiry'),
  truststoreRefused: own('TruststoreCasRefused'),
  truststoreWarnings: own('TruststoreWarnings'),
} as const

/** Latencies by phase of a credential request, in milliseconds. */
export const LATENCIES = ['ReadLatency', 'BudgetLatency', 'IssueLatency', 'TotalLatency'] as const

/** Latencies by phase of what the authorizer does. */
export const API_LATENCIES = ['ApiRequestReadLatency', 'ApiRequestTotalLatency'] as const
