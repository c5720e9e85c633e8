/*
 * In the account: an alarm for each of `infra/alarm-list.ts`, a topic, and the subscription of the setting `alarmEmail`.
 * May: CloudWatch publishes to the topic, and whom IAM of the account lets.
 */

import {
  API_ALARMS,
  CREDENTIALS_ALARMS,
  LOAD_BALANCER_ALARMS,
  TRUSTSTORE_ALARMS,
} from './alarm-list.ts'
import { nameOf } from './names.ts'
import { settingsOf } from './settings.ts'

const { alarmEmail } = settingsOf($app.stage)

/** Whom alarms tell. */
const topic = new sst.aws.SnsTopic('Alarms')
if (alarmEmail !== undefined) {
  new aws.sns.TopicSubscription('AlarmEmail', {
    topic: topic.arn,
    protocol: 'email',
    endpoint: alarmEmail,
  })
}

const ALARMS = {
  ...CREDENTIALS_ALARMS,
  ...API_ALARMS,
  ...TRUSTSTORE_ALARMS,
  ...LOAD_BALANCER_ALARMS,
}

for (const [name, alarm] of Object.entries(ALARMS)) {
  new aws.cloudwatch.MetricAlarm(name, {
    name: nameOf(name),
    alarmDescription: alarm.description,
    namespace: alarm.metric.namespace,
    metricName: alarm.metric.name,
    dimensions: alarm.dimensions ?? {},
    ...(alarm.statistic === 'p99'
      ? { extendedStatistic: 'p99', evaluateLowSampleCountPercentiles: 'ignore' }
      : { statistic: alarm.statistic }),
    period: 60,
    evaluationPeriods: alarm.minutes,
    comparisonOperator: alarm.below === undefined ? 'GreaterThanThreshold' : 'LessThanThreshold',
    threshold: alarm.below ?? alarm.above ?? 0,
    treatMissingData: alarm.silence === 'alarms' ? 'breaching' : 'notBreaching',
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  })
}
