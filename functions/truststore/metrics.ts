import type { Publication } from './publish-truststore.ts'

const NAMESPACE = 'Thingpass'
const DAY_MS = 86_400_000

/**
 * Writes the state of a publication as one log line in CloudWatch's embedded metric format. Without a CA, nothing expires, and the metric of
 * expiry is left out.
 * Source: CloudWatch User Guide, embedded metric format specification.
 */
export function renderTruststoreLine(
  { plan, warnings, lagSeconds }: Omit<Publication, 'outcome'>,
  outcome: Publication['outcome'] | 'failed',
  now: Date,
): string {
  const ends = plan.cas.map(({ certificate }) => certificate.notAfter.getTime())
  const values = [
    { Name: 'TruststoreLagSeconds', Unit: 'Seconds', value: Math.round(lagSeconds) },
    { Name: 'TruststoreCertificates', Unit: 'Count', value: plan.cas.length },
    { Name: 'TruststoreBytes', Unit: 'Bytes', value: plan.pem.length },
    { Name: 'TruststoreCasRefused', Unit: 'Count', value: plan.refused.length },
    { Name: 'TruststoreWarnings', Unit: 'Count', value: warnings.length },
    ...(ends.length === 0
      ? []
      : [
          {
            Name: 'TruststoreDaysToExpiry',
            Unit: 'None',
            value: daysUntil(Math.min(...ends), now),
          },
        ]),
  ]
  return JSON.stringify({
    _aws: {
      Timestamp: now.getTime(),
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [[]],
          Metrics: values.map(({ Name, Unit }) => ({ Name, Unit })),
        },
      ],
    },
    kind: 'truststore',
    outcome,
    refused: plan.refused,
    warnings,
    ...Object.fromEntries(values.map(({ Name, value }) => [Name, value])),
  })
}

const daysUntil = (end: number, now: Date): number => Math.floor((end - now.getTime()) / DAY_MS)
