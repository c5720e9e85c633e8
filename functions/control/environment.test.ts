import { describe, expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

const environment = {
  THINGPASS_TABLE: 'thingpass-registry',
  THINGPASS_ACCOUNT_ID: '123456789012',
  THINGPASS_CREDENTIALS_ENDPOINT: 'a.credentials.iot.eu-central-1.example.com',
  THINGPASS_CA_KEY_ALIAS_PREFIX: 'alias/thingpass-dev-ca-',
  AWS_REGION: 'eu-central-1',
}

test('a function is set by its environment', () => {
  expect(readEnvironment(environment)).toEqual({
    tableName: 'thingpass-registry',
    caKeyAliasPrefix: 'alias/thingpass-dev-ca-',
    settings: {
      deployment: { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' },
      credentialsEndpoint: 'a.credentials.iot.eu-central-1.example.com',
      longestSessionSeconds: 3600,
      deadlineMilliseconds: 2800,
    },
  })
})

test('partition and port can be set', () => {
  const more = { THINGPASS_PARTITION: 'aws-cn', THINGPASS_CREDENTIALS_ENDPOINT: 'a.example:8443' }
  expect(readEnvironment({ ...environment, ...more })).toMatchObject({
    settings: { deployment: { partition: 'aws-cn' }, credentialsEndpoint: 'a.example:8443' },
  })
})

describe('a setting that is missing or invalid is our fault, named and not shown', () => {
  test.each([
    ['THINGPASS_TABLE', undefined],
    ['THINGPASS_TABLE', 'a b'],
    ['THINGPASS_ACCOUNT_ID', undefined],
    ['THINGPASS_ACCOUNT_ID', '12'],
    ['THINGPASS_CREDENTIALS_ENDPOINT', undefined],
    ['THINGPASS_CREDENTIALS_ENDPOINT', ''],
    ['THINGPASS_CREDENTIALS_ENDPOINT', 'https://a.example.com'],
    ['THINGPASS_CREDENTIALS_ENDPOINT', 'a.example.com:'],
    ['THINGPASS_CA_KEY_ALIAS_PREFIX', undefined],
    ['THINGPASS_CA_KEY_ALIAS_PREFIX', 'thingpass-dev-ca-'],
    ['THINGPASS_CA_KEY_ALIAS_PREFIX', 'alias/'],
    ['AWS_REGION', undefined],
    ['AWS_REGION', 'here'],
    ['THINGPASS_PARTITION', ''],
    ['THINGPASS_PARTITION', 'AWS'],
  ])('%s = %j', (name, value) => {
    expect(() => readEnvironment({ ...environment, [name]: value })).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        message: `the environment variable ${name} is missing or invalid`,
      }),
    )
  })
})
