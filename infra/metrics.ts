/** Where the functions' own metrics are, and by which names: those of `functions/credentials/metrics.ts` and `functions/truststore/metrics.ts`. */
export const NAMESPACE = 'Thingpass'

const own = (name: string) => ({ namespace: NAMESPACE, name })

/** What alarms and dashboard look at. */
export const METRICS = {
  success: own('CredentialExchangeSuccess'),
  denied: own('CredentialExchangeDenied'),
  fault: own('CredentialExchangeFault'),
  truststoreLag: own('TruststoreLagSeconds'),
  truststoreExpiry: own('TruststoreDaysToExpiry'),
  truststoreRefused: own('TruststoreCasRefused'),
  truststoreWarnings: own('TruststoreWarnings'),
} as const

/** Latencies by phase of a credential request, in milliseconds. */
export const LATENCIES = ['ReadLatency', 'BudgetLatency', 'IssueLatency', 'TotalLatency'] as const
