import type { IncomingMessage } from 'node:http'
import { wireFailure } from './wire-failure.ts'

/** What is looked at of an answer's head. */
export type AnswerHead = {
  readonly status: number
  readonly requestId: string | undefined
  /** Error name as a header. */
  readonly errorType: string | undefined
  /** When the service says that it answered. */
  readonly date: string | undefined
  /** CRC-32 of the body, decimal. */
  readonly crc32: string | undefined
}

/** A whole answer. */
export type WireAnswer = AnswerHead & {
  readonly body: Buffer
  /** For an answer to something else than was asked: nothing more is to come over its connection. */
  readonly closeConnection: () => void
}

/** Where an answer ends. */
export type AnswerSink = {
  readonly done: (head: AnswerHead, body: Buffer) => void
  readonly fail: (thrown: Error) => void
}

/** Reads an answer to its end, as long as its body has no more than `largestBytes`. */
export function readAnswer(
  response: IncomingMessage,
  largestBytes: number,
  { done, fail }: AnswerSink,
): void {
  const head = headOf(response)
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= largestBytes) chunks.push(chunk)
    else fail(wireFailure({ name: 'AnswerTooLarge', ...head }))
  })
  response.on('error', fail) // a connection that breaks in the middle is one
  response.on('end', () => done(head, whole(chunks)))
}

function headOf({ statusCode = 0, headers }: IncomingMessage): AnswerHead {
  return {
    status: statusCode,
    requestId: single(headers['x-amzn-requestid']),
    errorType: single(headers['x-amzn-errortype']),
    date: headers.date,
    crc32: single(headers['x-amz-crc32']),
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function whole(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
}
