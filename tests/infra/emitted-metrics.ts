import { renderMetricLine } from '@thingpass/functions/credentials/metrics'
import { renderTruststoreLine } from '@thingpass/functions/truststore/metrics'

const NOON = new Date('2026-06-01T12:00:00Z')

/** Names of the metrics that the functions write, read from what they write. */
export function emittedMetrics(): readonly string[] {
  const decisions = (['allow', 'deny', 'fault'] as const).map((decision) =>
    renderMetricLine({
      kind: 'credentials',
      time: NOON.toISOString(),
      requestId: 'request',
      decision,
      status: 200,
      timings: { read: 1, budget: 1, issue: 1, total: 3 },
    }),
  )
  const certificate = { pem: '', subject: '', issuer: '', notBefore: NOON, notAfter: NOON }
  const ca = {
    certificate: { ...certificate, publicKey: new Uint8Array(), isSignedBy: () => false },
    registeredAt: NOON,
    modifiedAt: NOON,
  }
  const plan = { pem: '', cas: [ca as never], refused: [] }
  const truststore = renderTruststoreLine({ plan, warnings: [], lagSeconds: 0 }, 'unchanged', NOON)
  return [...decisions, truststore].flatMap(namesIn)
}

function namesIn(line: string): readonly string[] {
  const groups: readonly { readonly Metrics: readonly { readonly Name: string }[] }[] =
    JSON.parse(line)._aws.CloudWatchMetrics
  return groups.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name))
}
