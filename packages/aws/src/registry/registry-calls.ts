import type {
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import type { Item } from './attributes.ts'

/**
 * The two calls that facts are read by, in DynamoDB's own words. One that fails is thrown as the service or the network gave it; `dynamoFault`
 * reads it. Answers are the wire's: whoever asked checks that they belong to the question.
 */
export type RegistryReads = {
  readonly query: (
    input: QueryCommandInput,
    signal: AbortSignal,
  ) => Promise<Pick<QueryCommandOutput, 'Items' | 'LastEvaluatedKey' | 'ConsumedCapacity'>>
  readonly batchGet: (
    input: BatchGetItemCommandInput,
    signal: AbortSignal,
  ) => Promise<
    Pick<BatchGetItemCommandOutput, 'Responses' | 'UnprocessedKeys' | 'ConsumedCapacity'>
  >
}

/** The one call that a budget is counted by. It fails as `RegistryReads` do. */
export type RegistryUpdate = {
  /** A condition that does not hold is an answer here, not a failure. */
  readonly update: (input: UpdateItemCommandInput, signal: AbortSignal) => Promise<UpdateOutcome>
}

/** All that the data plane asks of DynamoDB. */
export type RegistryCalls = RegistryReads & RegistryUpdate

/** Whether the change was made, and the attributes that came back: those written, or those found in the way. */
export type UpdateOutcome = { readonly written: boolean; readonly attributes: Item | undefined }
