import { leanAssumeRole } from '@thingpass/aws/lean/assume-role'
import { readLeanEnvironment } from '@thingpass/aws/lean/lambda-environment'
import { leanRegistryCalls } from '@thingpass/aws/lean/registry-calls'
import type { Region } from '@thingpass/core/names'
import type { AwsServices } from './credentials-ports.ts'

/**
 * DynamoDB and STS without AWS's SDK, by the credentials and endpoints of the environment.
 * @throws {Fault} CONFIGURATION_INVALID, as `readLeanEnvironment` and `resolveEndpoint`
 */
export function leanServices(
  region: Region,
  environment: Readonly<Record<string, string | undefined>>,
): AwsServices {
  const { credentials, dynamodbEndpoint, stsEndpoint } = readLeanEnvironment(environment)
  const common = { region, credentials, clock: () => new Date(), random: Math.random }
  return {
    calls: leanRegistryCalls(at(dynamodbEndpoint)),
    assumeRole: leanAssumeRole(at(stsEndpoint)),
  }

  function at(endpoint: string | undefined) {
    return endpoint === undefined ? common : { ...common, endpoint }
  }
}
