import { parseRegion, type Region } from '@thingpass/core/names'
import {
  type Environment,
  METRIC_NAMESPACE,
  matching,
  TABLE_NAME,
  variablesOf,
} from '../environment/variables.ts'

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
export function readEnvironment(environment: Environment): TruststoreEnvironment {
  const read = variablesOf(environment)
  return {
    region: read('AWS_REGION', parseRegion),
    tableName: read('THINGPASS_TABLE', matching(TABLE_NAME)),
    bucketName: read('THINGPASS_TRUSTSTORE_BUCKET', matching(/^[a-z0-9.-]{3,63}$/)),
    truststoreKey: read('THINGPASS_TRUSTSTORE_KEY', matching(OBJECT_KEY)),
    seedKey: read('THINGPASS_TRUSTSTORE_SEED_KEY', matching(OBJECT_KEY)),
    domainName: read('THINGPASS_DEVICE_DOMAIN', matching(/^[a-z0-9.-]{1,253}$/)),
    metricNamespace: read('THINGPASS_METRIC_NAMESPACE', matching(METRIC_NAMESPACE)),
  }
}

const OBJECT_KEY = /^[\w./-]{1,200}$/
