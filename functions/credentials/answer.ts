import { type ErrorAnswer, FAULT_ANSWERS, REFUSAL_ANSWERS } from '@thingpass/core/answers'
import type { Credentials } from '@thingpass/core/credentials'
import { Fault } from '@thingpass/core/fault'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Outcome } from './outcome.ts'

/** The most that clients on aws-c-auth read of a success. Source: awslabs/aws-c-auth, X509_RESPONSE_SIZE_LIMIT. */
export const LARGEST_ANSWER_BYTES = 2048

/** Seconds after which a caller is asked to come back: 1 to 3, drawn for each answer so that callers spread. */
const RETRY_SECONDS = { least: 1, spread: 3 }

/** Characters that JSON leaves as they are. Clients for small devices copy them without undoing escapes. */
const NEEDS_NO_ESCAPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** The answer that goes out, as API Gateway takes it. */
export type Answer = APIGatewayProxyStructuredResultV2 & {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Writes an outcome as AWS IoT's credentials endpoint does: compact JSON, AWS's key order, the class of an error in a
 * header. `random` gives 0 ≤ x < 1.
 * @throws {Fault} ANSWER_TOO_LARGE, STS_UNREADABLE
 */
export function renderAnswer(outcome: Outcome, requestId: string, random: () => number): Answer {
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-amzn-requestid': requestId,
  }
  if (outcome.kind === 'issued') {
    return { statusCode: 200, headers, body: successBody(outcome.credentials) }
  }
  const error = errorOf(outcome)
  return {
    statusCode: error.status,
    headers: { ...headers, 'x-amzn-errortype': error.errorType, ...advice(error, random) },
    body: JSON.stringify({ message: error.message }),
  }
}

function errorOf(outcome: Exclude<Outcome, { kind: 'issued' }>): ErrorAnswer {
  return outcome.kind === 'refused'
    ? REFUSAL_ANSWERS[outcome.reason]
    : FAULT_ANSWERS[outcome.fault.code]
}

function advice(error: ErrorAnswer, random: () => number): Record<string, string> {
  if (error.status === 405) return { allow: 'GET' } // RFC 9110 §15.5.6
  if (!error.retry) return {}
  const seconds = RETRY_SECONDS.least + Math.floor(random() * RETRY_SECONDS.spread)
  return { 'retry-after': String(seconds) }
}

function successBody(credentials: Credentials): string {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  if (![accessKeyId, secretAccessKey, sessionToken].every((text) => NEEDS_NO_ESCAPE.test(text))) {
    throw new Fault(
      'STS_UNREADABLE',
      'a part of the credentials holds a character JSON must escape',
    )
  }
  const expiration = wholeSeconds(credentials.expiration)
  const body = JSON.stringify({
    credentials: { accessKeyId, secretAccessKey, sessionToken, expiration },
  })
  if (body.length <= LARGEST_ANSWER_BYTES) return body
  throw new Fault('ANSWER_TOO_LARGE', `the answer has ${body.length} bytes of at most 2048`)
}

/** `YYYY-MM-DDTHH:MM:SSZ`: always 20 characters, rounded down so that it never says more than STS gave. */
function wholeSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}
