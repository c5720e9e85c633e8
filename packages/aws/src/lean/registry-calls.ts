import type { ConsumedCapacity, KeysAndAttributes } from '@aws-sdk/client-dynamodb'
import { REGISTRY_LIMITS } from '../call-limits.ts'
import type { Item } from '../registry/attributes.ts'
import type { RegistryCalls, UpdateOutcome } from '../registry/registry-calls.ts'
import { asItem, asItems, asList, asRecord } from './attribute-values.ts'
import { readable, readJsonAnswer } from './json-answer.ts'
import { createSignedCall, type LeanOptions } from './signed-call.ts'
import type { WireAnswer } from './wire-answer.ts'

/** The registry's calls, and an end to their connections. */
export type LeanRegistryCalls = RegistryCalls & { readonly close: () => void }

/** A BatchGetItem gives at most 16 MB of items; JSON takes more for bytes and escapes. Source: DynamoDB quotas. */
const LARGEST_ANSWER_BYTES = 32 * 1024 * 1024

const TARGET = 'DynamoDB_20120810'

/** Makes the calls over Node's own HTTP client. Values that are sent must be texts and numbers: bytes would need another form. */
export function leanRegistryCalls(options: LeanOptions): LeanRegistryCalls {
  const { limits = REGISTRY_LIMITS } = options
  const call = { service: 'dynamodb', limits, largestAnswerBytes: LARGEST_ANSWER_BYTES } as const
  const { send, close } = createSignedCall(options, call)
  const request = (operation: string, input: object) => ({
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `${TARGET}.${operation}`,
    },
    body: JSON.stringify(input),
  })
  return {
    query: (input, signal) => send(request('Query', input), signal, readQuery),
    batchGet: (input, signal) => send(request('BatchGetItem', input), signal, readBatchGet),
    update: (input, signal) => send(request('UpdateItem', input), signal, readUpdate),
    close,
  }
}

function readQuery(answer: WireAnswer): Awaited<ReturnType<RegistryCalls['query']>> {
  const body = succeeded(answer)
  return readable(answer, () => ({
    Items: optional(body.Items, asItems),
    LastEvaluatedKey: optional(body.LastEvaluatedKey, asItem),
    ConsumedCapacity: optional(body.ConsumedCapacity, asCapacity),
  }))
}

function readBatchGet(answer: WireAnswer): Awaited<ReturnType<RegistryCalls['batchGet']>> {
  const body = succeeded(answer)
  return readable(answer, () => ({
    Responses: optional(body.Responses, asTables),
    UnprocessedKeys: optional(body.UnprocessedKeys, asLeftOver),
    ConsumedCapacity: optional(body.ConsumedCapacity, (value) => asList(value).map(asCapacity)),
  }))
}

/** A condition that does not hold comes back with the item that is in the way, if there is one. */
function readUpdate(answer: WireAnswer): UpdateOutcome {
  const read = readJsonAnswer(answer)
  const written = read.ok
  if (!(written || read.error.name === CONDITION_FAILED)) throw read.error
  const found = written ? read.body.Attributes : read.body.Item
  return { written, attributes: readable(answer, () => optional(found, asItem)) }
}

const CONDITION_FAILED = 'ConditionalCheckFailedException'

function succeeded(answer: WireAnswer): Readonly<Record<string, unknown>> {
  const read = readJsonAnswer(answer)
  if (!read.ok) throw read.error
  return read.body
}

function optional<Value>(value: unknown, take: (value: unknown) => Value): Value | undefined {
  return value === undefined || value === null ? undefined : take(value)
}

function asTables(value: unknown): Record<string, Item[]> {
  const tables = asRecord(value)
  for (const rows of Object.values(tables)) asItems(rows)
  return tables as Record<string, Item[]>
}

/** Whether any keys are left is all that is asked. */
function asLeftOver(value: unknown): Record<string, KeysAndAttributes> {
  return asRecord(value) as Record<string, KeysAndAttributes>
}

function asCapacity(value: unknown): ConsumedCapacity {
  const { CapacityUnits: units } = asRecord(value)
  return typeof units === 'number' ? { CapacityUnits: units } : {}
}
