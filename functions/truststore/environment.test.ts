import { expect, test } from 'vitest'
import { readEnvironment } from './environment.ts'

const environment = {
  AWS_REGION: 'eu-central-1',
  THINGPASS_TABLE: 'thingpass-registry',
  THINGPASS_TRUSTSTORE_BUCKET: 'thingpass-truststore-1',
  THINGPASS_TRUSTSTORE_KEY: 'truststore.pem',
  THINGPASS_TRUSTSTORE_SEED_KEY: 'seed.pem',
  THINGPASS_DEVICE_DOMAIN: 'devices.credentials.iot.eu-central-1.example.com',
  THINGPASS_METRIC_NAMESPACE: 'Thingpass/dev',
}

test('a publisher is set by its environment', () => {
  expect(readEnvironment(environment)).toEqual({
    region: 'eu-central-1',
    tableName: 'thingpass-registry',
    bucketName: 'thingpass-truststore-1',
    truststoreKey: 'truststore.pem',
    seedKey: 'seed.pem',
    domainName: 'devices.credentials.iot.eu-central-1.example.com',
    metricNamespace: 'Thingpass/dev',
  })
})

test.each(
  Object.keys(environment).flatMap((name) =>
    [undefined, '', 'a b'].map((value) => [name, value] as const),
  ),
)('%s = %j is our fault, named and not shown', (name, value) => {
  expect(() => readEnvironment({ ...environment, [name]: value })).toThrow(
    expect.objectContaining({
      code: 'CONFIGURATION_INVALID',
      message: `the environment variable ${name} is missing or invalid`,
    }),
  )
})

test.each(['Thingpass', 'Thingpass/', 'AWS/Lambda', 'Thingpass/dev/more'])(
  'metrics of a stage are not in %s',
  (THINGPASS_METRIC_NAMESPACE) => {
    expect(() => readEnvironment({ ...environment, THINGPASS_METRIC_NAMESPACE })).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID' }),
    )
  },
)
