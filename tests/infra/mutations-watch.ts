import type { Mistakes } from './mutations.ts'

/** Mistakes about what is watched. */
export const WATCH_MISTAKES: Mistakes = {
  'alarms tell nobody': {
    file: 'infra/alarms.ts',
    from: 'alarmActions: [topic.arn]',
    to: 'alarmActions: []',
    breaks: 'every alarm tells somebody',
  },
  'an alarm looks at a metric that nobody writes': {
    file: 'infra/metrics.ts',
    from: "own('TruststoreLagSeconds')",
    to: "own('TruststoreLag')",
    breaks: 'every alarm tells somebody',
  },
  'the dashboard looks at a latency that nobody writes': {
    file: 'infra/metrics.ts',
    from: "'IssueLatency'",
    to: "'StsLatency'",
    breaks: 'the dashboard shows metrics that are written',
  },
  'a silent publisher is taken for a quiet one': {
    file: 'infra/alarms.ts',
    from: "alarm.silence === 'alarms' ? 'breaching' : 'notBreaching'",
    to: "'notBreaching'",
    breaks: 'a silent publisher is an alarm',
  },
  'metrics of all stages are in one place': {
    file: 'infra/device-function.ts',
    from: 'THINGPASS_METRIC_NAMESPACE: METRIC_NAMESPACE',
    to: "THINGPASS_METRIC_NAMESPACE: 'Thingpass/all'",
    breaks: 'metrics are in a namespace of the stage',
  },
  'alarms look past the stage': {
    file: 'infra/metrics.ts',
    from: '({ namespace: METRIC_NAMESPACE, name })',
    to: "({ namespace: 'Thingpass', name })",
    breaks: 'every alarm tells somebody',
  },
  'an alarm is about a reason that is no dimension': {
    file: 'infra/alarm-list.ts',
    from: "dimensions: { reason: 'role-not-assumable' }",
    to: "dimensions: { cause: 'role-not-assumable' }",
    breaks: 'every alarm tells somebody',
  },
  'faults of the authorizer alarm nobody': {
    file: 'infra/alarm-list.ts',
    from: 'metric: METRICS.apiFault,',
    to: 'metric: METRICS.fault,',
    breaks: 'these are watched',
  },
  'the mean hides slow answers': {
    file: 'infra/alarms.ts',
    from: "{ extendedStatistic: 'p99', evaluateLowSampleCountPercentiles: 'ignore' }",
    to: "{ statistic: 'Average' }",
    breaks: 'slow answers are an alarm',
  },
  'the end of a CA alarms nobody': {
    file: 'infra/alarm-list.ts',
    from: 'below: 30,',
    to: 'below: 0,',
    breaks: 'a silent publisher is an alarm',
  },
  'the dashboard searches all stages': {
    file: 'infra/dashboard-graphs.ts',
    from: '{"${METRIC_NAMESPACE}",',
    to: '{"Thingpass",',
    breaks: 'the dashboard shows metrics that are written',
  },
  'the dashboard does not show whether the authorizer is throttled': {
    file: 'infra/dashboard.ts',
    from: '  authorizerHandler,\n  whoami,',
    to: '  whoami,',
    breaks: 'the dashboard shows what an operator asks first',
  },
  'the dashboard shows no p99': {
    file: 'infra/dashboard-graphs.ts',
    from: 'metrics: percentiles(API_LATENCIES)',
    to: 'metrics: []',
    breaks: 'the dashboard shows what an operator asks first',
  },
}
