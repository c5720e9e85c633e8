import type { Publication } from './publish-truststore.ts'

const DAY_MS = 86_400_000

/** Writes the state of a publication as one log line, without a line break. */
export type RenderTruststoreLine = (
  publication: Omit<Publication, 'outcome'>,
  outcome: Publication['outcome'] | 'failed',
  now: Date,
) => string

/**
 * Makes the writer of publications in CloudWatch's embedded metric format, in the namespace of the stage. Without a CA, nothing expires, and
 * the metric of expiry is left out.
 * Source: CloudWatch User Guide, embedded metric format specification.
 */
export function createTruststoreLine(namespace: string): RenderTruststoreLine {
  return (publication, outcome, now) => {
    const { plan, warnings } = publication
    const values = valuesOf(publication, now)
    return JSON.stringify({
      _aws: {
        Timestamp: now.getTime(),
        CloudWatchMetrics: [
          {
            Namespace: namespace,
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
}

function valuesOf({ plan, warnings, lagSeconds }: Omit<Publication, 'outcome'>, now: Date) {
  const ends = plan.cas.map(({ certificate }) => certificate.notAfter.getTime())
  const values = [
    { Name: 'TruststoreLagSeconds', Unit: 'Seconds', value: Math.round(lagSeconds) },
    { Name: 'TruststoreCertificates', Unit: 'Count', value: plan.cas.length },
    { Name: 'TruststoreBytes', Unit: 'Bytes', value: plan.pem.length },
    { Name: 'TruststoreCasRefused', Unit: 'Count', value: plan.refused.length },
    { Name: 'TruststoreWarnings', Unit: 'Count', value: warnings.length },
  ]
  if (ends.length === 0) return values
  const days = daysUntil(Math.min(...ends), now)
  return [...values, { Name: 'TruststoreDaysToExpiry', Unit: 'None', value: days }]
}

const daysUntil = (end: number, now: Date): number => Math.floor((end - now.getTime()) / DAY_MS)
