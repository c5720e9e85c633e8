import { once } from 'node:events'
import { Readable } from 'node:stream'
import { NodeHttpHandler } from '@smithy/node-http-handler'

/** How long one attempt may take and how often it is made; all in milliseconds. */
export type CallLimits = {
  /** Until the connection stands. */
  readonly connectionMs: number
  /** Until the answer's headers are here. */
  readonly requestMs: number
  /** Until a silent connection is given up, also in the middle of a body. */
  readonly socketMs: number
  readonly maxAttempts: number
  readonly maxSockets: number
  /** Whether a success may come without a body; no service but S3 and API Gateway has such answers. */
  readonly emptyAnswers?: 'taken'
}

/** What a client of AWS's SDK takes to keep within its limits. */
export function callSettings(limits: CallLimits) {
  const agent = { keepAlive: true, maxSockets: limits.maxSockets }
  const handler = new NodeHttpHandler({
    connectionTimeout: limits.connectionMs,
    requestTimeout: limits.requestMs,
    throwOnRequestTimeout: true, // without it the handler only warns
    socketTimeout: limits.socketMs,
    httpAgent: agent,
    httpsAgent: agent,
  })
  return {
    maxAttempts: limits.maxAttempts,
    retryMode: 'standard',
    requestHandler: limits.emptyAnswers === 'taken' ? handler : refusingEmpty(handler),
  }
}

/** The SDK reads a body that is not there as an object without members: as an item that is absent, or as a change that was made. */
function refusingEmpty(handler: NodeHttpHandler): NodeHttpHandler {
  const handle = handler.handle.bind(handler)
  return Object.assign(handler, {
    handle: async (...request: Parameters<NodeHttpHandler['handle']>) => {
      const answer = await handle(...request)
      const { statusCode, headers, body } = answer.response
      const succeeded = statusCode >= 200 && statusCode < 300
      if (succeeded && (await isEmpty(headers['content-length'], body))) {
        throw emptyAnswer(statusCode)
      }
      return answer
    },
  })
}

/** A body without a length, as one in chunks, is empty when it ends before its first byte, which is put back for the SDK. */
async function isEmpty(length: string | undefined, body: unknown): Promise<boolean> {
  if (length !== undefined || !(body instanceof Readable)) return length === '0'
  await untilReadable(body)
  const start: unknown = body.read()
  if (start === null) return true
  body.unshift(start)
  return false
}

/** @throws {Error} when the body breaks before */
async function untilReadable(body: Readable): Promise<void> {
  if (body.readableLength > 0 || body.readableEnded) return
  const listening = new AbortController()
  const { signal } = listening
  await Promise.race([once(body, 'readable', { signal }), once(body, 'end', { signal })])
  listening.abort()
}

/** As the SDK's errors tell of an answer: a status of success makes it one that cannot be read. */
function emptyAnswer(httpStatusCode: number): Error {
  const error = new Error('an answer without a body')
  return Object.assign(error, { name: 'EmptyAnswer', $metadata: { httpStatusCode } })
}
