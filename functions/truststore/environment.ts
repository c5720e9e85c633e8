import { Fault } from '@thingpass/core/fault'
import { parseRegion, type Region } from '@thingpass/core/names'

/** How a deployed publisher is set. */
export type TruststoreEnvironment = {
  readonly region: Region
  readonly tableName: string
  readonly bucketName: string
  readonly truststoreKey: string
  readonly seedKey: string
  readonly domainName: string
  /** Where the stage's metrics are, and no other stage's. */
  readonly metricNamespace: string
}

/**
 * Reads the function's environment variables: `THINGPASS_TABLE`, `THINGPASS_TRUSTSTORE_BUCKET`, `THINGPASS_TRUSTSTORE_KEY`,
 * `THINGPASS_TRUSTSTORE_SEED_KEY`, `THINGPASS_DEVICE_DOMAIN`, `THINGPASS_METRIC_NAMESPACE` (`Thingpass/` and the stage), `AWS_REGION`.
 * @throws {Fault} CONFIGURATION_INVALID
 */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): TruststoreEnvironment {
  const read = <Value>(name: string, parse: (text: string | undefined) => Value | undefined) => {
    const value = parse(environment[name])
    if (value !== undefined) return value
    throw new Fault(
      'CONFIGURATION_INVALID',
      `the environment variable ${name} is missing or invalid`,
    )
  }
  return {
    region: read('AWS_REGION', parseRegion),
    tableName: read('THINGPASS_TABLE', matching(/^[\w.-]{3,255}$/)),
    bucketName: read('THINGPASS_TRUSTSTORE_BUCKET', matching(/^[a-z0-9.-]{3,63}$/)),
    truststoreKey: read('THINGPASS_TRUSTSTORE_KEY', matching(OBJECT_KEY)),
    seedKey: read('THINGPASS_TRUSTSTORE_SEED_KEY', matching(OBJECT_KEY)),
    domainName: read('THINGPASS_DEVICE_DOMAIN', matching(/^[a-z0-9.-]{1,253}$/)),
    metricNamespace: read(
      'THINGPASS_METRIC_NAMESPACE',
      matching(/^Thingpass\/[a-zA-Z0-9-]{1,128}$/),
    ),
  }
}

const OBJECT_KEY = /^[\w./-]{1,200}$/

function matching(pattern: RegExp) {
  return (text: string | undefined) => (text !== undefined && pattern.test(text) ? text : undefined)
}
