import { API_ERROR_STATUS, type ApiError, type Result } from './api-error.ts'
import type { ControlAnswer } from './control-request.ts'

/** Status of every success. Source: AWS IoT API model, all operations. */
const OK = 200

/** Operators are few: unlike devices they need not be spread. */
const RETRY_AFTER_SECONDS = '2'

/** Writes the result of an operation as AWS IoT's control plane does. */
export function renderAnswer(result: Result, requestId: string): ControlAnswer {
  return result.ok
    ? jsonAnswer(OK, result.output, { 'x-amzn-RequestId': requestId })
    : renderError(result.error, requestId)
}

/**
 * Writes an error. The code goes into the body too: a REST API renames some headers on the way, and SDKs look in both
 * places.
 */
function renderError(error: ApiError, requestId: string): ControlAnswer {
  const { code, message, resource } = error
  const body = { message, __type: code, resourceId: resource?.id, resourceArn: resource?.arn }
  const headers = {
    'x-amzn-RequestId': requestId,
    'x-amzn-ErrorType': code,
    ...(API_ERROR_STATUS[code] === 503 && { 'retry-after': RETRY_AFTER_SECONDS }),
  }
  return jsonAnswer(API_ERROR_STATUS[code], body, headers)
}

function jsonAnswer(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>>,
): ControlAnswer {
  const json = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  return { status, headers: { ...json, ...headers }, body: JSON.stringify(body) }
}
