import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb'
import { Fault } from '@thingpass/core/fault'

/** What a write asks for, so that its answer says something: without it a success may be an object without members, as anything unreadable is. */
export const ANSWER_OF_WRITE = { ReturnConsumedCapacity: 'TOTAL' } as const

/**
 * Takes an answer for a write that was made only when it says what the write has cost. Otherwise the write may have been made or not.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function requireWritten(
  operation: string,
  answer: { readonly ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] | undefined },
): void {
  const costs = [answer.ConsumedCapacity].flat() // of one row it is no list
  const written = costs.length > 0 && costs.every(isCost)
  if (!written) throw new Fault('REGISTRY_UNREADABLE', `${operation} answered no capacity`)
}

function isCost(cost: ConsumedCapacity | null | undefined): boolean {
  const { TableName: table, CapacityUnits: units } = cost ?? {}
  return typeof table === 'string' && typeof units === 'number' && units > 0
}
