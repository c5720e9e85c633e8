import type { ControlSettings } from '@thingpass/control/ports'
import { parseAccountId, parseRegion } from '@thingpass/core/names'
import {
  type Environment,
  matching,
  parsePartition,
  TABLE_NAME,
  variablesOf,
} from '../environment/variables.ts'

/** How a deployed control function is set. */
export type ControlEnvironment = {
  readonly tableName: string
  /** Begins the aliases of the keys that sign for tenants, in KMS; the tenant follows. */
  readonly caKeyAliasPrefix: string
  readonly settings: ControlSettings
}

/** STS caps a session made from a session at one hour, and a function's role is a session. Source: IAM User Guide, role chaining. */
const CHAINED_SESSION_SECONDS = 3600

/** As on the data plane: an explanation that took longer would explain an answer that no device gets. */
const DEADLINE_MILLISECONDS = 2800

/**
 * Reads the function's environment variables: `THINGPASS_TABLE`, `THINGPASS_ACCOUNT_ID`, `THINGPASS_CREDENTIALS_ENDPOINT` (host name
 * that devices connect to, with `:port` only where it is not 443), `THINGPASS_CA_KEY_ALIAS_PREFIX`, `AWS_REGION`; optional
 * `THINGPASS_PARTITION` (`aws`).
 * @throws {Fault} CONFIGURATION_INVALID
 */
export function readEnvironment(environment: Environment): ControlEnvironment {
  const read = variablesOf(environment)
  return {
    tableName: read('THINGPASS_TABLE', matching(TABLE_NAME)),
    caKeyAliasPrefix: read('THINGPASS_CA_KEY_ALIAS_PREFIX', matching(/^alias\/[\w/-]{1,128}$/)),
    settings: {
      deployment: {
        partition: read('THINGPASS_PARTITION', parsePartition),
        region: read('AWS_REGION', parseRegion),
        accountId: read('THINGPASS_ACCOUNT_ID', parseAccountId),
      },
      credentialsEndpoint: read(
        'THINGPASS_CREDENTIALS_ENDPOINT',
        matching(/^[a-z0-9.-]{1,253}(?::\d{1,5})?$/),
      ),
      longestSessionSeconds: CHAINED_SESSION_SECONDS,
      deadlineMilliseconds: DEADLINE_MILLISECONDS,
    },
  }
}
