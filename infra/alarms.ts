import { control } from './control.ts'
import { credentials } from './credentials.ts'
import { METRICS } from './metrics.ts'
import { nameOf } from './names.ts'
import { registry } from './registry.ts'
import { settingsOf } from './settings.ts'
import { publisher } from './truststore-publisher.ts'

const { alarmEmail, stsQuotaPerSecond } = settingsOf($app.stage)

/** Whom alarms tell. */
const topic = new sst.aws.SnsTopic('Alarms')
if (alarmEmail !== undefined) {
  new aws.sns.TopicSubscription('AlarmEmail', {
    topic: topic.arn,
    protocol: 'email',
    endpoint: alarmEmail,
  })
}

type Alarm = {
  readonly description: string
  readonly metric: { readonly namespace: string; readonly name: string }
  readonly dimensions?: Readonly<Record<string, $util.Input<string>>>
  readonly statistic: 'Sum' | 'Maximum' | 'Minimum'
  readonly above?: number
  readonly below?: number
  /** Minutes in a row, of one minute each. */
  readonly minutes: number
  /** Silence is an alarm too, where something should be heard every minute. */
  readonly silence?: 'alarms'
}

const lambda = (name: string) => ({ namespace: 'AWS/Lambda', name })

const ALARMS: Readonly<Record<string, Alarm>> = {
  CredentialFaults: {
    description: 'Devices get 5xx: the fault code is in the log and a dimension of the metric',
    metric: METRICS.fault,
    statistic: 'Sum',
    above: 0,
    minutes: 3,
  },
  RolesNotAssumable: {
    description:
      'STS refuses a role behind an alias: its trust policy, its absence, or our permission',
    metric: METRICS.denied,
    dimensions: { reason: 'role-not-assumable' },
    statistic: 'Sum',
    above: 0,
    minutes: 5,
  },
  CredentialsErrors: {
    description: 'The credentials function ends without an answer of ours',
    metric: lambda('Errors'),
    dimensions: { FunctionName: credentials.name },
    statistic: 'Sum',
    above: 0,
    minutes: 2,
  },
  CredentialsThrottles: {
    description: 'The credentials function has reached its concurrency',
    metric: lambda('Throttles'),
    dimensions: { FunctionName: credentials.name },
    statistic: 'Sum',
    above: 0,
    minutes: 2,
  },
  ControlErrors: {
    description: 'The control plane ends without an answer of ours',
    metric: lambda('Errors'),
    dimensions: { FunctionName: control.name },
    statistic: 'Sum',
    above: 0,
    minutes: 3,
  },
  RegistryReadThrottles: {
    description: 'DynamoDB throttles reads of the registry: devices get 503',
    metric: { namespace: 'AWS/DynamoDB', name: 'ReadThrottleEvents' },
    dimensions: { TableName: registry.name },
    statistic: 'Sum',
    above: 0,
    minutes: 3,
  },
  StsQuota: {
    description: 'Four fifths of the AssumeRole calls that STS grants the account are used',
    metric: METRICS.success,
    statistic: 'Sum',
    above: stsQuotaPerSecond * 60 * 0.8,
    minutes: 3,
  },
  PublisherErrors: {
    description: 'The truststore is not being published; the last good one stays',
    metric: lambda('Errors'),
    dimensions: { FunctionName: publisher.name },
    statistic: 'Sum',
    above: 0,
    minutes: 5,
  },
  TruststoreLag: {
    description: 'A registered CA has waited ten minutes to be let in, or the publisher is silent',
    metric: METRICS.truststoreLag,
    statistic: 'Maximum',
    above: 600,
    minutes: 5,
    silence: 'alarms',
  },
  TruststoreRefusals: {
    description:
      "Registered CAs are left out of the truststore: the publisher's log says which and why",
    metric: METRICS.truststoreRefused,
    statistic: 'Maximum',
    above: 0,
    minutes: 10,
  },
  TruststoreWarnings: {
    description: 'API Gateway finds something wrong with a CA that it lets devices in by',
    metric: METRICS.truststoreWarnings,
    statistic: 'Maximum',
    above: 0,
    minutes: 10,
  },
  TruststoreExpiry: {
    description:
      'A CA in the truststore ends within 30 days: API Gateway says nothing when it does',
    metric: METRICS.truststoreExpiry,
    statistic: 'Minimum',
    below: 30,
    minutes: 5,
  },
}

for (const [name, alarm] of Object.entries(ALARMS)) {
  new aws.cloudwatch.MetricAlarm(name, {
    name: nameOf(name),
    alarmDescription: alarm.description,
    namespace: alarm.metric.namespace,
    metricName: alarm.metric.name,
    dimensions: alarm.dimensions ?? {},
    statistic: alarm.statistic,
    period: 60,
    evaluationPeriods: alarm.minutes,
    comparisonOperator: alarm.below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
    threshold: alarm.below ?? alarm.above ?? 0,
    treatMissingData: alarm.silence === 'alarms' ? 'breaching' : 'notBreaching',
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  })
}
