import { expect } from 'vitest'
import { emittedMetrics } from './emitted-metrics.ts'
import type { ProgramState } from './program-state.ts'
import type { Properties } from './properties.ts'
import { hasLoadBalancer, ofType, only } from './statements.ts'

const ALARM = 'aws:cloudwatch/metricAlarm:MetricAlarm'

type Graph = { readonly title: string; readonly metrics: readonly (readonly unknown[])[] }

function graphsOf(state: ProgramState): readonly Graph[] {
  const { dashboardBody } = only(state, 'aws:cloudwatch/dashboard:Dashboard').inputs
  const widgets: readonly { readonly properties: Graph }[] = JSON.parse(dashboardBody).widgets
  return widgets.map(({ properties }) => properties)
}

/** Metrics of ours that a line of a graph looks at, as `emittedMetrics` has them: one metric, or a search over a dimension. */
function lookedAt([first, name]: readonly unknown[]): readonly string[] {
  if (typeof first === 'string') return first.startsWith('AWS/') ? [] : [`${first} ${name}`]
  const { expression } = first as { readonly expression: string }
  const search = /^SEARCH\('\{"([^"]+)",(\w+)\} MetricName="(\w+)"', 'Sum', 60\)$/.exec(expression)
  if (search !== null) return [`${search[1]} ${search[3]} ${search[2]}`]
  expect(expression).not.toContain('SEARCH')
  return []
}

const BALANCED = [
  'LoadBalancerErrors Errors credentials-load-balancer',
  'LoadBalancerFailures HTTPCode_ELB_5XX_Count lb/1',
  'LoadBalancerThrottles Throttles credentials-load-balancer',
]

/** What holds of what is watched. */
export const WATCH_PROPERTIES: Properties = {
  'metrics are in a namespace of the stage': (state) => {
    const namespaces = emittedMetrics(state).map((metric) => metric.split(' ')[0])
    expect([...new Set(namespaces)]).toEqual([`Thingpass/${state.app.stage}`])
  },
  'every alarm tells somebody, and those on our own metrics look at metrics that are written': (
    state,
  ) => {
    const topic = only(state, 'aws:sns/topic:Topic')
    const written = emittedMetrics(state)
    for (const { inputs } of ofType(state, ALARM)) {
      const tells = [expect.stringContaining(topic.inputs.name ?? topic.name)]
      expect(inputs).toMatchObject({ alarmActions: tells, okActions: tells })
      if (inputs.namespace.startsWith('AWS/')) continue
      const { namespace, metricName, dimensions } = inputs
      expect(written).toContain([namespace, metricName, ...Object.keys(dimensions)].join(' '))
    }
  },
  'these are watched, and each alarm is about its own function or table': (state) => {
    const alarms = ofType(state, ALARM).map(({ name, inputs }) => {
      const about = Object.values(inputs.dimensions).map((value) =>
        String(value).replace(/^(?:app\/)?thingpass-[a-z]+-/, ''),
      )
      return [name, inputs.metricName, ...about].join(' ')
    })
    const table = only(state, 'aws:dynamodb/table:Table').inputs.name.replace(
      /^thingpass-[a-z]+-/,
      '',
    )
    expect(alarms).toEqual([
      'AuthorizerErrors Errors authorizer',
      'AuthorizerFaults ApiRequestFault',
      'AuthorizerSlow ApiRequestTotalLatency',
      'AuthorizerThrottles Throttles authorizer',
      'ControlErrors Errors control',
      'CredentialFaults CredentialExchangeFault',
      'CredentialsErrors Errors credentials',
      'CredentialsSlow TotalLatency',
      'CredentialsThrottles Throttles credentials',
      ...(hasLoadBalancer(state) ? BALANCED : []),
      'PublisherErrors Errors truststore',
      `RegistryReadThrottles ReadThrottleEvents ${table}`,
      `RegistryWriteThrottles WriteThrottleEvents ${table}`,
      'RolesNotAssumable CredentialExchangeDenied role-not-assumable',
      'StsQuota CredentialExchangeSuccess',
      'TruststoreExpiry TruststoreDaysToExpiry',
      'TruststoreLag TruststoreLagSeconds',
      'TruststoreRefusals TruststoreCasRefused',
      'TruststoreWarnings TruststoreWarnings',
    ])
  },
  'slow answers are an alarm before they are none': (state) => {
    for (const name of ['AuthorizerSlow', 'CredentialsSlow']) {
      const { statistic, extendedStatistic, threshold } = only(state, ALARM, name).inputs
      expect([statistic, extendedStatistic, threshold]).toEqual([undefined, 'p99', 2000])
    }
  },
  'a silent publisher is an alarm, and so is a CA that ends within a month': (state) => {
    expect(only(state, ALARM, 'TruststoreLag').inputs).toMatchObject({
      treatMissingData: 'breaching',
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 600,
    })
    expect(only(state, ALARM, 'TruststoreExpiry').inputs).toMatchObject({
      comparisonOperator: 'LessThanThreshold',
      threshold: 30,
    })
  },
  'the dashboard shows metrics that are written': (state) => {
    const written = emittedMetrics(state)
    for (const { title, metrics } of graphsOf(state)) {
      for (const metric of metrics.flatMap(lookedAt)) expect(written, title).toContain(metric)
    }
  },
  'the dashboard shows what an operator asks first': (state) => {
    const graphs = graphsOf(state)
    expect(graphs.map(({ title }) => title)).toEqual([
      'Credential requests',
      "Success rate, percent of what was not the caller's fault",
      'Denials by reason',
      'Faults by code',
      'Latency by phase, p50 and p99 in milliseconds',
      'AssumeRole, percent of the quota of STS',
      ...(hasLoadBalancer(state)
        ? ['Load balancer: requests, answers of its own with 5xx, refused TLS']
        : []),
      'Requests to protected routes',
      'Denials before protected routes by reason',
      'Faults before protected routes by code',
      'Latency of the authorizer by phase, p50 and p99 in milliseconds',
      'Truststore: lag in seconds, CAs left out, days to the first expiry',
      'Throttles',
      'Errors of functions',
    ])
    const functions = ofType(state, 'aws:lambda/function:Function').map(({ inputs }) => inputs.name)
    for (const metric of ['Throttles', 'Errors']) {
      const lines = graphs.flatMap(({ metrics }) => metrics).filter(([, name]) => name === metric)
      expect(lines.map((line) => line[3]).toSorted()).toEqual(functions.toSorted())
    }
    const shown = graphs.flatMap(({ metrics }) => metrics.flatMap(lookedAt))
    for (const metric of emittedMetrics(state)) {
      if (!/Truststore(?:Certificates|Bytes|Warnings)$/.test(metric))
        expect(shown).toContain(metric)
    }
  },
}
