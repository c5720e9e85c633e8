import type { AuditRecord } from '@thingpass/core/audit-record'

const COUNTED_AS = {
  credentials: {
    allow: 'CredentialExchangeSuccess',
    deny: 'CredentialExchangeDenied',
    fault: 'CredentialExchangeFault',
  },
  authorizer: { allow: 'ApiRequestAllowed', deny: 'ApiRequestDenied', fault: 'ApiRequestFault' },
} as const
/** Before a latency's name: both functions read the registry, and their times must not be one metric. */
const LATENCY_OF = { credentials: '', authorizer: 'ApiRequest' } as const
const DIMENSIONS = {
  allow: [[]],
  deny: [[], ['reason']],
  fault: [[], ['fault']],
} as const

/** Writes an audit record as one log line, without a line break. */
export type RenderMetricLine = (record: AuditRecord) => string

/**
 * Makes the writer of audit records in CloudWatch's embedded metric format: the record itself, and metrics read from it. One line for both
 * halves what logging costs. Counts by decision carry the closed reason or fault code as their only dimension; latencies are
 * milliseconds by phase. The namespace is the stage's own: a dimension would cost as much, and two stages that forget it would be one.
 * Source: CloudWatch User Guide, embedded metric format specification.
 */
export function createMetricLine(namespace: string): RenderMetricLine {
  return (record) => {
    const name = COUNTED_AS[record.kind][record.decision]
    const latencies = latenciesOf(record)
    return JSON.stringify({
      _aws: {
        Timestamp: Date.parse(record.time),
        CloudWatchMetrics: [
          {
            Namespace: namespace,
            Dimensions: DIMENSIONS[record.decision],
            Metrics: [{ Name: name, Unit: 'Count' }],
          },
          {
            Namespace: namespace,
            Dimensions: [[]],
            Metrics: latencies.map(([Name]) => ({ Name, Unit: 'Milliseconds' })),
          },
        ],
      },
      ...record,
      [name]: 1,
      ...Object.fromEntries(latencies),
    })
  }
}

function latenciesOf({ kind, timings }: AuditRecord): readonly (readonly [string, number])[] {
  return Object.entries(timings).map(([phase, milliseconds]) => [
    `${LATENCY_OF[kind]}${phase[0]?.toUpperCase()}${phase.slice(1)}Latency`,
    milliseconds,
  ])
}
