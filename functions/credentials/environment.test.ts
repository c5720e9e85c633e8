import { describe, expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

const environment = {
  THINGPASS_TABLE: 'thingpass-registry',
  THINGPASS_ACCOUNT_ID: '123456789012',
  THINGPASS_HOST_NAMES: 'a.example.com,b.example.com',
  THINGPASS_METRIC_NAMESPACE: 'Thingpass/dev',
  AWS_REGION: 'eu-central-1',
}

test('a function is set by its environment', () => {
  expect(readEnvironment(environment)).toEqual({
    tableName: 'thingpass-registry',
    metricNamespace: 'Thingpass/dev',
    settings: {
      deployment: { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' },
      hostNames: ['a.example.com', 'b.example.com'],
      longestSessionSeconds: 3600,
      deadlineMilliseconds: 2800,
    },
  })
})

test('partition and single tenant can be set', () => {
  const more = { THINGPASS_PARTITION: 'aws-cn', THINGPASS_SINGLE_TENANT: 'acme' }
  expect(readEnvironment({ ...environment, ...more })).toMatchObject({
    singleTenant: 'acme',
    settings: { deployment: { partition: 'aws-cn' } },
  })
})

describe('a setting that is missing or invalid is our fault, named and not shown', () => {
  test.each([
    ['THINGPASS_TABLE', undefined],
    ['THINGPASS_TABLE', 'a b'],
    ['THINGPASS_PARTITION', ''],
    ['THINGPASS_PARTITION', 'aws:*'],
    ['THINGPASS_ACCOUNT_ID', undefined],
    ['THINGPASS_ACCOUNT_ID', '12'],
    ['THINGPASS_HOST_NAMES', undefined],
    ['THINGPASS_HOST_NAMES', ''],
    ['THINGPASS_HOST_NAMES', 'a.example.com,'],
    ['THINGPASS_HOST_NAMES', 'A.example.com'],
    ['AWS_REGION', undefined],
    ['AWS_REGION', 'here'],
    ['THINGPASS_SINGLE_TENANT', 'No Tenant'],
    ['THINGPASS_METRIC_NAMESPACE', undefined],
    ['THINGPASS_METRIC_NAMESPACE', 'Thingpass'],
    ['THINGPASS_METRIC_NAMESPACE', 'Thingpass/'],
    ['THINGPASS_METRIC_NAMESPACE', 'AWS/Lambda'],
    ['THINGPASS_METRIC_NAMESPACE', 'Thingpass/dev/more'],
  ])('%s = %j', (name, value) => {
    expect(() => readEnvironment({ ...environment, [name]: value })).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        message: `the environment variable ${name} is missing or invalid`,
      }),
    )
  })
})
