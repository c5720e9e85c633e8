import { type Alarm, functionAlarm, slowAlarm, tableAlarm } from './alarm.ts'
import { authorizerHandler } from './authorizer.ts'
import { control } from './control.ts'
import { credentials } from './credentials.ts'
import { loadBalancer } from './load-balancer.ts'
import { METRICS } from './metrics.ts'
import { settingsOf } from './settings.ts'
import { publisher } from './truststore-publisher.ts'

const { stsQuotaPerSecond } = settingsOf($app.stage)

/** What devices notice when they ask for credentials. */
export const CREDENTIALS_ALARMS: Readonly<Record<string, Alarm>> = {
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
  CredentialsErrors: functionAlarm('Errors', credentials, {
    description: 'The credentials function ends without an answer of ours',
    minutes: 2,
  }),
  CredentialsThrottles: functionAlarm('Throttles', credentials, {
    description: 'The credentials function has reached its concurrency',
    minutes: 2,
  }),
  CredentialsSlow: slowAlarm(
    METRICS.latency,
    'One device in a hundred waits two seconds: the dashboard shows in which phase',
  ),
  RegistryReadThrottles: tableAlarm(
    'ReadThrottleEvents',
    'DynamoDB throttles reads of the registry: devices get 503',
  ),
  RegistryWriteThrottles: tableAlarm(
    'WriteThrottleEvents',
    "DynamoDB throttles writes of the registry: budgets can't be counted, and operators get 503",
  ),
  StsQuota: {
    description:
      'Four fifths of the AssumeRole calls that STS grants the account are used, by this stage alone',
    metric: METRICS.success,
    statistic: 'Sum',
    above: stsQuotaPerSecond * 60 * 0.8,
    minutes: 3,
  },
}

/** What devices notice that call a route behind the authorizer, and operators. */
export const API_ALARMS: Readonly<Record<string, Alarm>> = {
  AuthorizerFaults: {
    description: 'Devices get 500 before protected routes: the fault code is in the log',
    metric: METRICS.apiFault,
    statistic: 'Sum',
    above: 0,
    minutes: 3,
  },
  AuthorizerErrors: functionAlarm('Errors', authorizerHandler, {
    description: 'The authorizer ends without an answer: every fault, and what left no record',
    minutes: 3,
  }),
  AuthorizerThrottles: functionAlarm('Throttles', authorizerHandler, {
    description: 'The authorizer has reached its concurrency: nobody is let in',
    minutes: 2,
  }),
  AuthorizerSlow: slowAlarm(
    METRICS.apiLatency,
    'One request in a hundred waits two seconds before its protected route',
  ),
  ControlErrors: functionAlarm('Errors', control, {
    description: 'The control plane ends without an answer of ours',
    minutes: 3,
  }),
}

/** What keeps new devices out, or will keep all of a CA's out. */
export const TRUSTSTORE_ALARMS: Readonly<Record<string, Alarm>> = {
  PublisherErrors: functionAlarm('Errors', publisher, {
    description: 'The truststore is not being published; the last good one stays',
    minutes: 5,
  }),
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

/** What devices notice that come in by the load balancer, where there is one. */
export const LOAD_BALANCER_ALARMS: Readonly<Record<string, Alarm>> =
  loadBalancer === undefined
    ? {}
    : {
        LoadBalancerErrors: functionAlarm('Errors', loadBalancer.handler, {
          description: 'The function behind the load balancer ends without an answer of ours',
          minutes: 2,
        }),
        LoadBalancerThrottles: functionAlarm('Throttles', loadBalancer.handler, {
          description: 'The function behind the load balancer has reached its concurrency',
          minutes: 2,
        }),
        LoadBalancerFailures: {
          description: 'The load balancer answers 5xx itself: it cannot invoke its function',
          metric: { namespace: 'AWS/ApplicationELB', name: 'HTTPCode_ELB_5XX_Count' },
          dimensions: { LoadBalancer: loadBalancer.balancer.arnSuffix },
          statistic: 'Sum',
          above: 0,
          minutes: 3,
        },
      }
