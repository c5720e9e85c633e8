import { createDynamoClient, createStsClient } from '@thingpass/aws/clients'
import { sdkRegistryCalls } from '@thingpass/aws/registry/sdk-registry-calls'
import { sdkAssumeRole } from '@thingpass/aws/sts/sdk-assume-role'
import type { Region } from '@thingpass/core/names'
import type { AwsServices } from './credentials-ports.ts'

/** DynamoDB and STS through AWS's SDK, which finds credentials and endpoints by itself. */
export function sdkServices(region: Region): AwsServices {
  return {
    calls: sdkRegistryCalls(createDynamoClient({ region })),
    assumeRole: sdkAssumeRole(createStsClient({ region })),
  }
}
