import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '@thingpass/core/ports'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { collectHeaders, type RawRequest, splitTarget } from '../sigv4/raw-request.ts'
import type { Admission, AdmissionRefusal } from './admission.ts'
import { buildRestEvent } from './rest-event.ts'

/** One request, its response, and the id that both carry. */
export type Exchange = {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
}

/** What answers a request. */
export type Answering = {
  readonly accountId: string
  readonly handler: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>
  readonly admit: (request: RawRequest) => Admission
  readonly clock: Clock
  readonly log: (line: string) => void
}

/** What an event of Lambda may hold in all. Source: Lambda developer guide, quotas. */
const MAX_BODY_BYTES = 6 * 1024 * 1024

/** Answers one request; whatever happens, it neither throws nor rejects. */
export async function answerCall(exchange: Exchange, answering: Answering): Promise<void> {
  const { message, response, requestId } = exchange
  response.on('error', () => response.destroy())
  try {
    const body = await readBody(message)
    if (body === undefined) return refuse(exchange, TOO_LARGE, answering.log)
    const request = toRawRequest(message, body)
    const admission = answering.admit(request)
    if (!admission.admitted) return refuse(exchange, admission.refusal, answering.log)
    const sourceIp = message.socket.remoteAddress ?? ''
    const { caller, query } = admission
    const receivedAt = answering.clock()
    const admitted = { request, query, caller, sourceIp, requestId, receivedAt }
    write(exchange, await answering.handler(buildRestEvent(admitted, answering.accountId)))
  } catch (thrown) {
    // A message might quote what was worked on, so only the kind is told.
    answering.log(
      `request ${requestId} failed: ${thrown instanceof Error ? thrown.name : 'unknown'}`,
    )
    if (response.headersSent) response.destroy()
    else write(exchange, { statusCode: 500, body: JSON.stringify({ message: 'Internal Failure' }) })
  }
}

const TOO_LARGE: AdmissionRefusal = {
  status: 413,
  code: 'RequestEntityTooLargeException',
  message: 'Request Too Long',
}

function refuse(exchange: Exchange, refusal: AdmissionRefusal, log: (line: string) => void): void {
  const { status, code, message } = refusal
  log(`refused request ${exchange.requestId}: ${status} ${code}`)
  write(exchange, {
    statusCode: status,
    // What is left of an oversized request is not read, so the connection cannot go on.
    headers: { 'x-amzn-ErrorType': code, ...(status === 413 ? { connection: 'close' } : {}) },
    body: JSON.stringify({ message, __type: code }),
  })
}

function write({ response, requestId }: Exchange, result: APIGatewayProxyResult): void {
  const own = { 'x-amzn-RequestId': requestId, 'content-type': 'application/json' }
  response.setHeaders(new Map(Object.entries(own)))
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    response.setHeader(name, String(value))
  }
  response.setHeader('content-length', Buffer.byteLength(result.body))
  response.writeHead(result.statusCode)
  response.end(result.body)
}

function toRawRequest(message: IncomingMessage, body: Uint8Array): RawRequest {
  return {
    method: message.method ?? '',
    ...splitTarget(message.url ?? ''),
    headers: collectHeaders(message.rawHeaders),
    body,
  }
}

/** Reads the body up to its bound; undefined when it is larger, the rest then drains away unkept. */
function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    message.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) chunks.push(chunk)
      else resolve(undefined)
    })
    message.once('end', () => resolve(Buffer.concat(chunks)))
    message.once('close', () => reject(new Error('the client went away')))
  })
}
