import { asRecord } from './attribute-values.ts'
import { crc32 } from './crc32.ts'
import type { WireAnswer } from './wire-answer.ts'
import { serviceError, unreadableAnswer, wireFailure } from './wire-failure.ts'

/** A JSON answer: what the operation gave, or the error that the service named. */
export type JsonAnswer =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: Error; readonly body: Readonly<Record<string, unknown>> }

/**
 * Reads an answer of AWS's JSON protocol. An error may have any body: it counts by status and, where it has one, name.
 * @throws {Error} for a success that is not an object, and for a body that is not what was sent by its checksum
 */
export function readJsonAnswer(answer: WireAnswer): JsonAnswer {
  requireChecksum(answer)
  const { status, requestId } = answer
  const body = parseRecord(answer.body)
  const succeeded = status >= 200 && status < 300
  if (succeeded) {
    if (body === undefined) throw unreadableAnswer(answer)
    return { ok: true, body }
  }
  const name = errorName(answer.errorType ?? body?.code ?? body?.__type)
  return { ok: false, error: serviceError({ name, status, requestId }), body: body ?? {} }
}

/**
 * Makes of a success what `take` makes of it.
 * @throws {Error} an unreadable answer, when `take` throws
 */
export function readable<Result>(answer: WireAnswer, take: () => Result): Result {
  try {
    return take()
  } catch {
    throw unreadableAnswer(answer)
  }
}

/** DynamoDB sends a checksum along and asks clients to compare it. Source: DynamoDB Developer Guide, "DynamoDB low-level API". */
function requireChecksum({ crc32: expected, body }: WireAnswer): void {
  const intact = expected === undefined || expected === String(crc32(body))
  if (!intact) throw wireFailure({ name: 'ChecksumDiffers', code: 'ChecksumDiffers' })
}

function parseRecord(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    return asRecord(JSON.parse(body.toString('utf8')))
  } catch {
    return undefined
  }
}

/** `prefix#Name:url` → `Name`. Source: Smithy, AWS JSON 1.0 protocol, "Operation error serialization". */
function errorName(type: unknown): string {
  const [name = ''] = typeof type === 'string' ? type.split(/[:,]/) : []
  return name.slice(name.lastIndexOf('#') + 1) || 'Unknown'
}
