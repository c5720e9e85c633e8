import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { RegistryCalls } from './registry-calls.ts'

/** Makes the calls through AWS's SDK. */
export function sdkRegistryCalls(client: DynamoDBClient): RegistryCalls {
  return {
    query: (input, abortSignal) => client.send(new QueryCommand(input), { abortSignal }),
    batchGet: (input, abortSignal) => client.send(new BatchGetItemCommand(input), { abortSignal }),
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
