import { describe, expect, test } from 'vitest'
import { readLeanEnvironment } from './lambda-environment.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'ASIA', AWS_SECRET_ACCESS_KEY: 'a+b/c=' }

test("reads the role's credentials", () => {
  expect(readLeanEnvironment({ ...KEYS, AWS_SESSION_TOKEN: 'token' })).toEqual({
    credentials: { accessKeyId: 'ASIA', secretAccessKey: 'a+b/c=', sessionToken: 'token' },
    dynamodbEndpoint: undefined,
    stsEndpoint: undefined,
  })
  expect(readLeanEnvironment(KEYS).credentials).toEqual({
    accessKeyId: 'ASIA',
    secretAccessKey: 'a+b/c=',
  })
})

test.each([
  ['one for all', { AWS_ENDPOINT_URL: 'a' }, ['a', 'a']],
  ['one for DynamoDB', { AWS_ENDPOINT_URL_DYNAMODB: 'd' }, ['d', undefined]],
  ['one for STS', { AWS_ENDPOINT_URL_STS: 's' }, [undefined, 's']],
  ['the nearer one', { AWS_ENDPOINT_URL: 'a', AWS_ENDPOINT_URL_STS: 's' }, ['a', 's']],
])('reads other endpoints: %s', (_, variables, expected) => {
  const { dynamodbEndpoint, stsEndpoint } = readLeanEnvironment({ ...KEYS, ...variables })
  expect([dynamodbEndpoint, stsEndpoint]).toEqual(expected)
})

describe('refuses', () => {
  test.each([
    ['AWS_ACCESS_KEY_ID', undefined],
    ['AWS_ACCESS_KEY_ID', ''],
    ['AWS_ACCESS_KEY_ID', 'a b'],
    ['AWS_SECRET_ACCESS_KEY', undefined],
    ['AWS_SECRET_ACCESS_KEY', 'secret\n'],
    ['AWS_SESSION_TOKEN', ''],
    ['AWS_SESSION_TOKEN', 'secret\r\nX-Forged: 1'],
    ['AWS_SESSION_TOKEN', 'secret'.repeat(2000)],
  ])('%s of %j, and does not show it', (name, value) => {
    expect(() => readLeanEnvironment({ ...KEYS, [name]: value })).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        message: `the environment variable ${name} is missing or invalid`,
      }),
    )
  })

  test.each([
    ['AWS_USE_FIPS_ENDPOINT', 'true'],
    ['AWS_USE_FIPS_ENDPOINT', 'TRUE'],
    ['AWS_USE_DUALSTACK_ENDPOINT', 'true'],
  ])('to overlook %s=%s', (name, value) => {
    expect(() => readLeanEnvironment({ ...KEYS, [name]: value })).toThrow(
      `${name} needs the adapters of the SDK`,
    )
  })

  test('nothing where such a variable is off', () => {
    expect(() => readLeanEnvironment({ ...KEYS, AWS_USE_FIPS_ENDPOINT: 'false' })).not.toThrow()
  })
})
