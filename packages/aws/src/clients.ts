import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { STSClient } from '@aws-sdk/client-sts'
import type { Region } from '@thingpass/core/names'
import { REGISTRY_LIMITS, STS_LIMITS } from './call-limits.ts'
import { type CallLimits, callSettings } from './call-settings.ts'

export { REGISTRY_LIMITS, STS_LIMITS }

/** Access keys given outright, for local engines; a deployed function takes its role's from the environment. */
export type StaticCredentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Where a client's service is. */
export type ClientOptions = {
  readonly region: Region
  /** Base URL of another endpoint than the region's own. */
  readonly endpoint?: string
  readonly credentials?: StaticCredentials
}

/** Makes the DynamoDB client of the registry. */
export function createDynamoClient(
  options: ClientOptions,
  limits: CallLimits = REGISTRY_LIMITS,
): DynamoDBClient {
  return new DynamoDBClient({ ...options, ...callSettings(limits) })
}

/** Makes the STS client of the issuer. */
export function createStsClient(
  options: ClientOptions,
  limits: CallLimits = STS_LIMITS,
): STSClient {
  return new STSClient({ ...options, ...callSettings(limits) })
}
