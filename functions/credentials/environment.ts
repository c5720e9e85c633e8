import { parseAccountId, parseRegion, parseTenantId, type TenantId } from '@thingpass/core/names'
import {
  type Environment,
  METRIC_NAMESPACE,
  matching,
  parsePartition,
  TABLE_NAME,
  variablesOf,
} from '../environment/variables.ts'
import type { ExchangeSettings } from './exchange.ts'

/** How a deployed credentials function is set. */
export type CredentialsEnvironment = {
  readonly tableName: string
  /** The one tenant of a deployment that has one only. */
  readonly singleTenant?: TenantId
  /** Where the stage's metrics are, and no other stage's. */
  readonly metricNamespace: string
  readonly settings: ExchangeSettings
}

/** STS caps a session made from a session at one hour, and a function's role is a session. Source: IAM User Guide, role chaining. */
const CHAINED_SESSION_SECONDS = 3600

/** Milliseconds for registry and STS together; with the rest of the work an answer leaves within 3000. */
const DEADLINE_MILLISECONDS = 2800

/**
 * Reads the function's environment variables: `THINGPASS_TABLE`, `THINGPASS_ACCOUNT_ID`, `THINGPASS_HOST_NAMES` (with commas),
 * `THINGPASS_METRIC_NAMESPACE` (`Thingpass/` and the stage), `AWS_REGION`; optional `THINGPASS_PARTITION` (`aws`) and
 * `THINGPASS_SINGLE_TENANT`.
 * @throws {Fault} CONFIGURATION_INVALID
 */
export function readEnvironment(environment: Environment): CredentialsEnvironment {
  const read = variablesOf(environment)
  const single = environment.THINGPASS_SINGLE_TENANT
  return {
    tableName: read('THINGPASS_TABLE', matching(TABLE_NAME)),
    ...(single === undefined
      ? {}
      : { singleTenant: read('THINGPASS_SINGLE_TENANT', parseTenantId) }),
    metricNamespace: read('THINGPASS_METRIC_NAMESPACE', matching(METRIC_NAMESPACE)),
    settings: {
      deployment: {
        partition: read('THINGPASS_PARTITION', parsePartition),
        region: read('AWS_REGION', parseRegion),
        accountId: read('THINGPASS_ACCOUNT_ID', parseAccountId),
      },
      hostNames: read('THINGPASS_HOST_NAMES', parseHostNames),
      longestSessionSeconds: CHAINED_SESSION_SECONDS,
      deadlineMilliseconds: DEADLINE_MILLISECONDS,
    },
  }
}

function parseHostNames(text: string | undefined): readonly string[] | undefined {
  const names = (text ?? '').split(',')
  return names.every((name) => /^[a-z0-9.-]{1,253}$/.test(name)) ? names : undefined
}
