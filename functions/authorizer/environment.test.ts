import { describe, expect, test } from 'vitest'
import { readAuthorizerEnvironment } from './environment.ts'

const environment = {
  THINGPASS_TABLE: 'thingpass-registry',
  THINGPASS_ACCOUNT_ID: '123456789012',
  THINGPASS_HOST_NAMES: 'a.example.com',
  THINGPASS_AUTHORIZER_FORMAT: 'rest',
  THINGPASS_METRIC_NAMESPACE: 'Thingpass/dev',
  AWS_REGION: 'eu-central-1',
}

test('an authorizer is set by its environment, and tells no attributes by default', () => {
  expect(readAuthorizerEnvironment(environment)).toEqual({
    tableName: 'thingpass-registry',
    metricNamespace: 'Thingpass/dev',
    format: 'rest',
    settings: {
      deployment: { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' },
      hostNames: ['a.example.com'],
      deadlineMilliseconds: 2800,
      attributeNames: [],
    },
  })
})

test('the attributes that an API is told have spaces between them', () => {
  const more = { THINGPASS_AUTHORIZER_ATTRIBUTES: 'site floor#1' }
  expect(readAuthorizerEnvironment({ ...environment, ...more }).settings.attributeNames).toEqual([
    'site',
    'floor#1',
  ])
})

test.each(['http-simple', 'http-iam', 'rest'])('the format may be %s', (format) => {
  const more = { THINGPASS_AUTHORIZER_FORMAT: format }
  expect(readAuthorizerEnvironment({ ...environment, ...more }).format).toBe(format)
})

describe('a setting that is missing or invalid is our fault, named and not shown', () => {
  test.each([
    ['THINGPASS_TABLE', undefined],
    ['THINGPASS_METRIC_NAMESPACE', undefined],
    ['THINGPASS_METRIC_NAMESPACE', 'Thingpass'],
    ['THINGPASS_AUTHORIZER_FORMAT', undefined],
    ['THINGPASS_AUTHORIZER_FORMAT', 'http'],
    ['THINGPASS_AUTHORIZER_FORMAT', 'toString'],
    ['THINGPASS_AUTHORIZER_ATTRIBUTES', 'site  floor'],
    ['THINGPASS_AUTHORIZER_ATTRIBUTES', 'sité'],
    ['THINGPASS_AUTHORIZER_ATTRIBUTES', ' site'],
  ])('%s = %j', (name, value) => {
    expect(() => readAuthorizerEnvironment({ ...environment, [name]: value })).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        message: `the environment variable ${name} is missing or invalid`,
      }),
    )
  })
})
