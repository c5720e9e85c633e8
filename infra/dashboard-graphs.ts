import { API_LATENCIES, LATENCIES, METRIC_NAMESPACE, METRICS } from './metrics.ts'
import { settingsOf } from './settings.ts'

const { stsQuotaPerSecond } = settingsOf($app.stage)

type Metric = readonly unknown[]
/** One graph of the dashboard. */
export type Graph = {
  readonly title: string
  readonly metrics: readonly Metric[]
  readonly stat?: string
}

const own = (metric: { readonly name: string }, options = {}): Metric => [
  METRIC_NAMESPACE,
  metric.name,
  options,
]
const expression = (text: string, label: string): Metric => [
  { expression: text, label, id: label.replace(/\W/g, '').toLowerCase() },
]

/** One line per value of a dimension. Source: CloudWatch User Guide, search expressions: names that have more than letters and digits are quoted. */
const each = (dimension: string, { name }: { readonly name: string }, label: string): Metric =>
  expression(
    `SEARCH('{"${METRIC_NAMESPACE}",${dimension}} MetricName="${name}"', 'Sum', 60)`,
    label,
  )

/** Half of the requests are faster than p50, one in a hundred is slower than p99. */
const percentiles = (names: readonly string[]): readonly Metric[] =>
  names.flatMap((name) =>
    ['p50', 'p99'].map((stat) => [METRIC_NAMESPACE, name, { stat, label: `${name} ${stat}` }]),
  )

const { success, denied, fault, apiAllowed, apiDenied, apiFault } = METRICS
const outcomes = [
  own(success, { id: 'success', label: 'issued' }),
  own(denied, { id: 'denied', label: 'denied' }),
  own(fault, { id: 'fault', label: 'failed' }),
]
const hidden = outcomes.map(([space, name, options]) => [
  space,
  name,
  { ...(options as object), visible: false },
])

/** Requests for credentials. */
export const REQUESTS: readonly Graph[] = [
  { title: 'Credential requests', metrics: outcomes, stat: 'Sum' },
  {
    title: "Success rate, percent of what was not the caller's fault",
    metrics: [
      ...hidden,
      expression('100 * FILL(success, 0) / (FILL(success, 0) + FILL(fault, 0))', 'Success rate'),
    ],
    stat: 'Sum',
  },
  { title: 'Denials by reason', metrics: [each('reason', denied, 'Reason')] },
  { title: 'Faults by code', metrics: [each('fault', fault, 'Code')] },
  { title: 'Latency by phase, p50 and p99 in milliseconds', metrics: percentiles(LATENCIES) },
  {
    title: 'AssumeRole, percent of the quota of STS',
    metrics: [
      ...hidden,
      expression(`100 * success / PERIOD(success) / ${stsQuotaPerSecond}`, 'Quota used'),
    ],
    stat: 'Sum',
  },
]

/** Requests to the routes behind the authorizer. */
export const PROTECTED_ROUTES: readonly Graph[] = [
  {
    title: 'Requests to protected routes',
    metrics: [
      own(apiAllowed, { label: 'let in' }),
      own(apiDenied, { label: 'denied' }),
      own(apiFault, { label: 'failed' }),
    ],
    stat: 'Sum',
  },
  {
    title: 'Denials before protected routes by reason',
    metrics: [each('reason', apiDenied, 'Reason')],
  },
  { title: 'Faults before protected routes by code', metrics: [each('fault', apiFault, 'Code')] },
  {
    title: 'Latency of the authorizer by phase, p50 and p99 in milliseconds',
    metrics: percentiles(API_LATENCIES),
  },
]

/** Who is let in at all. */
export const TRUSTSTORE: Graph = {
  title: 'Truststore: lag in seconds, CAs left out, days to the first expiry',
  metrics: [
    own(METRICS.truststoreLag),
    own(METRICS.truststoreRefused),
    own(METRICS.truststoreExpiry, { stat: 'Minimum', yAxis: 'right' }),
  ],
  stat: 'Maximum',
}

/** The second front door, by the name that CloudWatch has for it. */
export const loadBalancerGraph = (balancer: string): Graph => ({
  title: 'Load balancer: requests, answers of its own with 5xx, refused TLS',
  metrics: ['RequestCount', 'HTTPCode_ELB_5XX_Count', 'ClientTLSNegotiationErrorCount'].map(
    (name) => ['AWS/ApplicationELB', name, 'LoadBalancer', balancer],
  ),
  stat: 'Sum',
})

/** What AWS measures of functions and table. */
export const resourceGraphs = (functions: readonly string[], table: string): readonly Graph[] => [
  {
    title: 'Throttles',
    metrics: [
      ...functions.map((name) => ['AWS/Lambda', 'Throttles', 'FunctionName', name]),
      ['AWS/DynamoDB', 'ReadThrottleEvents', 'TableName', table],
      ['AWS/DynamoDB', 'WriteThrottleEvents', 'TableName', table],
    ],
    stat: 'Sum',
  },
  {
    title: 'Errors of functions',
    metrics: functions.map((name) => ['AWS/Lambda', 'Errors', 'FunctionName', name]),
    stat: 'Sum',
  },
]
