import type { ServerResponse } from 'node:http'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

/** What the gateway says by itself, without the handler, in API Gateway's form. */
export type GatewayRefusal = { readonly status: number; readonly message: string }

/** The request is not one that can be handed on. */
export const BAD_REQUEST: GatewayRefusal = { status: 400, message: 'Bad Request' }
/** The request did not arrive in time. */
export const TIMED_OUT: GatewayRefusal = { status: 408, message: 'Request Timeout' }
/** The body is over its bound. */
export const BODY_TOO_LARGE: GatewayRefusal = { status: 413, message: 'Request Entity Too Large' }
/** Request line and headers are over their bound. */
export const HEAD_TOO_LARGE: GatewayRefusal = {
  status: 431,
  message: 'Request Header Fields Too Large',
}
/** The connection has more requests in flight than it may. */
export const TOO_MANY_IN_FLIGHT: GatewayRefusal = { status: 429, message: 'Too Many Requests' }
/** The handler failed, or gave no answer that can be sent. */
export const HANDLER_FAILED: GatewayRefusal = { status: 500, message: 'Internal Server Error' }
/** The handler took too long. */
export const HANDLER_LATE: GatewayRefusal = { status: 503, message: 'Service Unavailable' }

/** The refusal's body. */
export function refusalBody(refusal: GatewayRefusal): string {
  return JSON.stringify({ message: refusal.message })
}

/** Sends a refusal of the gateway's own. */
export function writeRefusal(
  response: ServerResponse,
  refusal: GatewayRefusal,
  requestId: string,
): void {
  writeAnswer(response, { statusCode: refusal.status, body: refusalBody(refusal) }, requestId)
}

/**
 * Sends a handler's result. Nothing is sent before the whole head has been found valid.
 * @throws {TypeError} when the result has no valid status or a header that HTTP does not allow
 */
export function writeAnswer(
  response: ServerResponse,
  result: APIGatewayProxyStructuredResultV2,
  requestId: string,
): void {
  const { statusCode, cookies = [] } = result
  if (statusCode === undefined || !Number.isInteger(statusCode) || statusCode < 200) {
    throw new TypeError('the handler gave no HTTP status')
  }
  const { body: text = '', isBase64Encoded = false } = result
  // Text stays text: then head and body leave in one write.
  const body = isBase64Encoded ? Buffer.from(text, 'base64') : text
  response.setHeaders(answerHeaders(result, requestId))
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies)
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.writeHead(statusCode)
  response.end(body)
}

/** The handler's headers over the gateway's own, whatever their letter case. */
function answerHeaders(
  result: APIGatewayProxyStructuredResultV2,
  requestId: string,
): Map<string, string> {
  const own = { 'Content-Type': 'application/json', 'x-amzn-RequestId': requestId }
  const given = Object.entries(result.headers ?? {})
  const names = new Set(given.map(([name]) => name.toLowerCase()))
  const kept = Object.entries(own).filter(([name]) => !names.has(name.toLowerCase()))
  return new Map([...kept, ...given].map(([name, value]) => [name, String(value)]))
}
