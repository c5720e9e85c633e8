import type { AuditRecord } from '@thingpass/core/audit-record'

const NAMESPACE = 'Thingpass'
const COUNTED_AS = {
  credentials: {
    allow: 'CredentialExchangeSuccess',
    deny: 'CredentialExchangeDenied',
    fault: 'CredentialExchangeFault',
  },
  authorizer: { allow: 'ApiRequestAllowed', deny: 'ApiRequestDenied', fault: 'ApiRequestFault' },
} as const
const DIMENSIONS = {
  allow: [[]],
  deny: [[], ['reason']],
  fault: [[], ['fault']],
} as const

/**
 * Writes an audit record as one log line in CloudWatch's embedded metric format: the record itself, and metrics read
 * from it. One line for both halves what logging costs. Counts by decision carry the closed reason or fault code as their only
 * dimension; latencies are milliseconds by phase.
 * Source: CloudWatch User Guide, embedded metric format specification.
 */
export function renderMetricLine(record: AuditRecord): string {
  const name = COUNTED_AS[record.kind][record.decision]
  const dimensions = DIMENSIONS[record.decision]
  const latencies = Object.entries(record.timings).map(([phase, milliseconds]) => ({
    name: `${phase[0]?.toUpperCase()}${phase.slice(1)}Latency`,
    milliseconds,
  }))
  return JSON.stringify({
    _aws: {
      Timestamp: Date.parse(record.time),
      CloudWatchMetrics: [
        { Namespace: NAMESPACE, Dimensions: dimensions, Metrics: [{ Name: name, Unit: 'Count' }] },
        {
          Namespace: NAMESPACE,
          Dimensions: [[]],
          Metrics: latencies.map((latency) => ({ Name: latency.name, Unit: 'Milliseconds' })),
        },
      ],
    },
    ...record,
    [name]: 1,
    ...Object.fromEntries(latencies.map((latency) => [latency.name, latency.milliseconds])),
  })
}
