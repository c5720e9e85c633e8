import type { ProgramState, Resource } from '../../tests/infra/program-state.ts'

/** What of a deployment is charged for, counted in the program that makes it. */
export type Deployed = {
  readonly alarms: number
  readonly dashboards: number
  readonly kmsKeys: number
  readonly loadBalancers: number
  /** Memory of all instances kept warm, together. */
  readonly provisionedMb: number
  readonly credentialsMb: number
  readonly publisherMb: number
  readonly publisherRunsPerMinute: number
  readonly publisherMetrics: number
}

/** Metrics that the publisher writes each minute: those of functions/truststore/metrics.ts. */
export const PUBLISHER_METRICS = 6

/**
 * Counts what a program declares.
 * @throws {Error} when a function or schedule that must be there is not
 */
export function countDeployed({ resources }: ProgramState): Deployed {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type)
  const count = (type: string) => ofType(type).length
  const lambdas = ofType('aws:lambda/function:Function')
  const provisioned = ofType('aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig')
  const credentialsMb = memoryOf(lambdas, 'credentials')
  const [schedule] = ofType('aws:scheduler/schedule:Schedule')
  return {
    alarms: count('aws:cloudwatch/metricAlarm:MetricAlarm'),
    dashboards: count('aws:cloudwatch/dashboard:Dashboard'),
    kmsKeys: count('aws:kms/key:Key'),
    loadBalancers: count('aws:lb/loadBalancer:LoadBalancer'),
    provisionedMb: provisioned
      .map(({ inputs }) => inputs.provisionedConcurrentExecutions * credentialsMb)
      .reduce((sum, megabytes) => sum + megabytes, 0),
    credentialsMb,
    publisherMb: memoryOf(lambdas, 'truststore'),
    publisherRunsPerMinute: runsPerMinute(schedule?.inputs.scheduleExpression),
    publisherMetrics: PUBLISHER_METRICS,
  }
}

/** Names end in what the function is. */
function memoryOf(lambdas: readonly Resource[], what: string): number {
  const found = lambdas.find(({ inputs }) => String(inputs.name).endsWith(`-${what}`))
  const memory: unknown = found?.inputs.memorySize
  if (typeof memory === 'number') return memory
  throw new Error(`the program makes no function ${what} with a memory`)
}

function runsPerMinute(expression: unknown): number {
  if (expression === 'rate(1 minute)') return 1
  throw new Error('the schedule of the publisher is not every minute')
}
