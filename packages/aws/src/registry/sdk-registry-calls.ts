import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { RegistryCalls, RegistryReads, RegistryUpdate } from './registry-calls.ts'

/** Makes all calls through AWS's SDK. */
export function sdkRegistryCalls(client: DynamoDBClient): RegistryCalls {
  return { ...sdkRegistryReads(client), ...sdkRegistryUpdate(client) }
}

/** Makes the calls that read; a function that only reads carries no more. */
export function sdkRegistryReads(client: DynamoDBClient): RegistryReads {
  return {
    query: (input, abortSignal) => client.send(new QueryCommand(input), { abortSignal }),
    batchGet: (input, abortSignal) => client.send(new BatchGetItemCommand(input), { abortSignal }),
  }
}

/** Makes the call that counts. */
export function sdkRegistryUpdate(client: DynamoDBClient): RegistryUpdate {
  return {
    update: async (input, abortSignal) => {
      try {
        const { Attributes } = await client.send(new UpdateItemCommand(input), { abortSignal })
        return { written: true, attributes: Attributes }
      } catch (thrown) {
        if (!(thrown instanceof ConditionalCheckFailedException)) throw thrown
        return { written: false, attributes: thrown.Item }
      }
    },
  }
}
