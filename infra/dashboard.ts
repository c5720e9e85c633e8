import { region } from './account.ts'
import { control } from './control.ts'
import { credentials } from './credentials.ts'
import { LATENCIES, METRICS, NAMESPACE } from './metrics.ts'
import { nameOf } from './names.ts'
import { registry } from './registry.ts'
import { settingsOf } from './settings.ts'
import { publisher } from './truststore-publisher.ts'

const { stsQuotaPerSecond } = settingsOf($app.stage)

type Metric = readonly unknown[]
type Graph = {
  readonly title: string
  readonly metrics: readonly Metric[]
  readonly stat?: string
}

const own = (metric: { readonly name: string }, options = {}): Metric => [
  NAMESPACE,
  metric.name,
  options,
]
const expression = (text: string, label: string): Metric => [
  { expression: text, label, id: label.replace(/\W/g, '').toLowerCase() },
]

const { success, denied, fault } = METRICS
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

const REQUESTS: readonly Graph[] = [
  { title: 'Credential requests', metrics: outcomes, stat: 'Sum' },
  {
    title: "Success rate, percent of what was not the caller's fault",
    metrics: [
      ...hidden,
      expression('100 * FILL(success, 0) / (FILL(success, 0) + FILL(fault, 0))', 'Success rate'),
    ],
    stat: 'Sum',
  },
  {
    title: 'Denials by reason',
    metrics: [
      expression(
        `SEARCH('{${NAMESPACE},reason} MetricName="${denied.name}"', 'Sum', 60)`,
        'Reason',
      ),
    ],
  },
  {
    title: 'Faults by code',
    metrics: [
      expression(`SEARCH('{${NAMESPACE},fault} MetricName="${fault.name}"', 'Sum', 60)`, 'Code'),
    ],
  },
  {
    title: 'Latency by phase, p50 and p99 in milliseconds',
    metrics: LATENCIES.flatMap((name) =>
      ['p50', 'p99'].map((stat) => [NAMESPACE, name, { stat, label: `${name} ${stat}` }]),
    ),
  },
  {
    title: 'AssumeRole, percent of the quota of STS',
    metrics: [
      ...hidden,
      expression(`100 * success / PERIOD(success) / ${stsQuotaPerSecond}`, 'Quota used'),
    ],
    stat: 'Sum',
  },
]

const TRUSTSTORE: Graph = {
  title: 'Truststore: lag in seconds, CAs left out, days to the first expiry',
  metrics: [
    own(METRICS.truststoreLag),
    own(METRICS.truststoreRefused),
    own(METRICS.truststoreExpiry, { stat: 'Minimum', yAxis: 'right' }),
  ],
  stat: 'Maximum',
}

/** What AWS measures of functions and table. */
const resourceGraphs = (functions: readonly string[], table: string): readonly Graph[] => [
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

const WIDTH = 12
const HEIGHT = 6

/** What an operator looks at first: graphs, two abreast. */
new aws.cloudwatch.Dashboard('Dashboard', {
  dashboardName: nameOf('overview'),
  dashboardBody: $resolve([
    region,
    registry.name,
    credentials.name,
    control.name,
    publisher.name,
  ]).apply(([inRegion, table, ...functions]) =>
    JSON.stringify({
      widgets: [...REQUESTS, TRUSTSTORE, ...resourceGraphs(functions, table)].map(
        ({ title, metrics, stat }, index) => ({
          type: 'metric',
          x: (index % 2) * WIDTH,
          y: Math.floor(index / 2) * HEIGHT,
          width: WIDTH,
          height: HEIGHT,
          properties: { title, metrics, region: inRegion, period: 60, ...(stat && { stat }) },
        }),
      ),
    }),
  ),
})
