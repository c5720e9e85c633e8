import { readAuthorizerEnvironment } from '@thingpass/functions/authorizer/environment'
import { readEnvironment } from '@thingpass/functions/credentials/environment'
import { createMetricLine } from '@thingpass/functions/credentials/metrics'
import { readEnvironment as readTruststoreEnvironment } from '@thingpass/functions/truststore/environment'
import { createTruststoreLine } from '@thingpass/functions/truststore/metrics'
import { environmentOf } from './environment-of.ts'
import type { ProgramState } from './program-state.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const timings = { read: 1, budget: 1, issue: 1, total: 3 }
const authorizerTimings = { read: 1, total: 1 }

/**
 * The metrics that a deployment's functions write, read from what they write in the environment that they are given: namespace, name, and
 * names of dimensions, with spaces.
 */
export function emittedMetrics(state: ProgramState): readonly string[] {
  const credentials = readEnvironment(environmentOf(state, 'CredentialsFunction'))
  const authorizer = readAuthorizerEnvironment(environmentOf(state, 'AuthorizerFunction'))
  const truststore = readTruststoreEnvironment(environmentOf(state, 'TruststorePublisherFunction'))
  return [
    ...decisions('credentials', credentials.metricNamespace, timings),
    ...decisions('authorizer', authorizer.metricNamespace, authorizerTimings),
    publication(truststore.metricNamespace),
  ].flatMap(metricsIn)
}

function decisions(
  kind: 'credentials' | 'authorizer',
  namespace: string,
  phases: Readonly<Record<string, number>>,
): readonly string[] {
  const render = createMetricLine(namespace)
  return (['allow', 'deny', 'fault'] as const).map((decision) =>
    render({
      kind,
      time: NOON.toISOString(),
      requestId: 'request',
      decision,
      status: 200,
      timings: phases,
    }),
  )
}

function publication(namespace: string): string {
  const certificate = { pem: '', subject: '', issuer: '', notBefore: NOON, notAfter: NOON }
  const ca = {
    certificate: { ...certificate, publicKey: new Uint8Array(), isSignedBy: () => false },
    registeredAt: NOON,
    modifiedAt: NOON,
  }
  const plan = { pem: '', cas: [ca as never], refused: [] }
  return createTruststoreLine(namespace)({ plan, warnings: [], lagSeconds: 0 }, 'unchanged', NOON)
}

type Group = {
  readonly Namespace: string
  readonly Dimensions: readonly (readonly string[])[]
  readonly Metrics: readonly { readonly Name: string }[]
}

function metricsIn(line: string): readonly string[] {
  const groups: readonly Group[] = JSON.parse(line)._aws.CloudWatchMetrics
  return groups.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) => Dimensions.map((names) => [Namespace, Name, ...names].join(' '))),
  )
}
