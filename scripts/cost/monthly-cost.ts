import type { Deployed } from './deployed.ts'
import { PRICES, type Priced } from './prices.ts'

/** What a month is taken for. */
export const HOURS_PER_MONTH = 730
const MINUTES_PER_MONTH = HOURS_PER_MONTH * 60
const SECONDS_PER_MONTH = MINUTES_PER_MONTH * 60

/** What is not in the program: how it is used. Each is an assumption, and printed as one. */
export type Usage = {
  /** Registered CAs: the publisher reads them every minute. */
  readonly cas: number
  /** Milliseconds that Lambda bills for a credential, on average. */
  readonly credentialMs: number
  /** Milliseconds that Lambda bills for a run of the publisher. */
  readonly publisherMs: number
}

/** Read units of a warm credential request; asserted in packages/aws/src/registry/read-facts-cost.test.ts. */
export const READ_UNITS_PER_CREDENTIAL = 6

/** Bytes that a credential request leaves in logs: decision with metrics, Lambda's own three lines, API Gateway's access line. */
export const LOG_BYTES_PER_CREDENTIAL = 3200

/** Metrics of a month in which credentials are given: three outcomes and four latencies. Each reason and fault that occurs is one more. */
export const DECISION_METRICS = 7

/** Bytes that a run of the publisher leaves. */
const LOG_BYTES_PER_PUBLISHER_RUN = 1200

const BYTES_PER_GB = 2 ** 30
const MB_PER_GB = 1024

/** One line of a bill. */
export type CostLine = {
  readonly what: string
  readonly priced: Priced
  readonly quantity: number
  readonly usd: number
}

const line = (what: string, priced: Priced, quantity: number): CostLine => ({
  what,
  priced,
  quantity,
  usd: quantity * PRICES[priced],
})

/** What a deployment costs in a month in which no device asks for anything. */
export function idleCost(deployed: Deployed, usage: Usage): readonly CostLine[] {
  const runs = deployed.publisherRunsPerMinute * MINUTES_PER_MONTH
  const publisherSeconds = (runs * usage.publisherMs) / 1000
  const lines = [
    line('alarms', 'alarmMonth', deployed.alarms),
    line('dashboards', 'dashboardMonth', deployed.dashboards),
    line('metrics of the publisher', 'customMetricMonth', deployed.publisherMetrics),
    line('hosted zone of the domain', 'hostedZoneMonth', 1),
    line("keys of tenants' CAs", 'kmsKeyMonth', deployed.kmsKeys),
    line('publisher: runs', 'lambdaRequest', runs),
    line(
      'publisher: time',
      'lambdaGbSecondArm',
      (publisherSeconds * deployed.publisherMb) / MB_PER_GB,
    ),
    line('publisher: reads', 'dynamoReadUnit', runs * (1 + usage.cas)),
    line('publisher: log', 'logIngestedGb', (runs * LOG_BYTES_PER_PUBLISHER_RUN) / BYTES_PER_GB),
    line(
      'instances kept warm',
      'lambdaProvisionedGbSecondArm',
      (deployed.provisionedMb / MB_PER_GB) * SECONDS_PER_MONTH,
    ),
    line('load balancers', 'loadBalancerHour', deployed.loadBalancers * HOURS_PER_MONTH),
  ]
  return lines.filter(({ quantity }) => quantity > 0)
}

/** What so many credentials cost in a month, beside the month itself. STS asks nothing. */
export function credentialsCost(
  deployed: Deployed,
  usage: Usage,
  credentials: number,
): readonly CostLine[] {
  const gbSeconds = (usage.credentialMs / 1000) * (deployed.credentialsMb / MB_PER_GB)
  return [
    line('HTTP API requests', 'httpApiRequest', credentials),
    line('credentials function: requests', 'lambdaRequest', credentials),
    line('credentials function: time', 'lambdaGbSecondArm', credentials * gbSeconds),
    line('registry reads', 'dynamoReadUnit', credentials * READ_UNITS_PER_CREDENTIAL),
    line('logs', 'logIngestedGb', (credentials * LOG_BYTES_PER_CREDENTIAL) / BYTES_PER_GB),
    line('metrics of decisions', 'customMetricMonth', DECISION_METRICS),
  ]
}

/** Dollars of all lines together. */
export const totalOf = (lines: readonly CostLine[]): number =>
  lines.reduce((sum, { usd }) => sum + usd, 0)
