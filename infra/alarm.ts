import { registry } from './registry.ts'

/** One alarm over one metric. */
export type Alarm = {
  readonly description: string
  readonly metric: { readonly namespace: string; readonly name: string }
  readonly dimensions?: Readonly<Record<string, $util.Input<string>>>
  readonly statistic: 'Sum' | 'Maximum' | 'Minimum' | 'p99'
  readonly above?: number
  readonly below?: number
  /** Minutes in a row, of one minute each. */
  readonly minutes: number
  /** Silence is an alarm too, where something should be heard every minute. */
  readonly silence?: 'alarms'
}

/** A count of AWS's own of one function: any at all, for some minutes. */
export const functionAlarm = (
  metric: 'Errors' | 'Throttles',
  { name }: sst.aws.Function,
  rest: Pick<Alarm, 'description' | 'minutes'>,
): Alarm => ({
  metric: { namespace: 'AWS/Lambda', name: metric },
  dimensions: { FunctionName: name },
  statistic: 'Sum',
  above: 0,
  ...rest,
})

/** One request in a hundred takes two of the three seconds that an answer may take, for some minutes. */
export const slowAlarm = (metric: Alarm['metric'], description: string): Alarm => ({
  description,
  metric,
  statistic: 'p99',
  above: 2000,
  minutes: 5,
})

/** DynamoDB turns calls of the registry away. */
export const tableAlarm = (
  metric: 'ReadThrottleEvents' | 'WriteThrottleEvents',
  description: string,
): Alarm => ({
  description,
  metric: { namespace: 'AWS/DynamoDB', name: metric },
  dimensions: { TableName: registry.name },
  statistic: 'Sum',
  above: 0,
  minutes: 3,
})
