import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { ReceivedRequest } from './event-v2.ts'
import { headBytes, MAX_BODY_BYTES, MAX_HEAD_BYTES } from './request-size.ts'
import {
  BAD_REQUEST,
  BODY_TOO_LARGE,
  type GatewayRefusal,
  HANDLER_FAILED,
  HANDLER_LATE,
  HEAD_TOO_LARGE,
  TOO_MANY_IN_FLIGHT,
  writeAnswer,
  writeRefusal,
} from './write-answer.ts'

/** One request, its response, and the id that both carry. */
export type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
}

/**
 * Hands a request on to the function behind a front door, as an event of that front door, and takes its result. Undefined when the
 * request cannot become an event.
 */
export type Serve = (
  request: ReceivedRequest,
  body: Buffer,
) => Promise<APIGatewayProxyStructuredResultV2> | undefined

/** What answers a request. */
export type Answering = {
  readonly serve: Serve
  readonly refused: AuditRefusal
  readonly log: (line: string) => void
  readonly timeoutMs: number
}

/** Keeps an audit record of a request that no handler saw. */
export type AuditRefusal = (refused: {
  readonly requestId: string
  readonly status: number
}) => Promise<void>

type Outcome =
  | { readonly kind: 'answered'; readonly result: APIGatewayProxyStructuredResultV2 }
  | { readonly kind: 'refused'; readonly refusal: GatewayRefusal }

const refused = (refusal: GatewayRefusal): Outcome => ({ kind: 'refused', refusal })

/** Answers one request; whatever happens, it neither throws nor rejects. */
export async function answerRequest(exchange: Exchange, answering: Answering): Promise<void> {
  const { request, response, requestId } = exchange
  try {
    const outcome = await outcomeOf(exchange, answering)
    if (outcome.kind === 'refused') await refuse(exchange, outcome.refusal, answering)
    else writeAnswer(response, outcome.result, requestId)
  } catch (thrown) {
    if (request.socket.destroyed) return
    answering.log(`request ${requestId} failed: ${nameOf(thrown)}`)
    if (response.headersSent) response.destroy()
    else failPlainly(response, requestId)
  }
}

/** Refuses the one request too many of a connection, and ends the connection behind it; neither throws nor rejects. */
export async function refuseOverrun(
  exchange: Exchange,
  answering: Pick<Answering, 'log' | 'refused'>,
): Promise<void> {
  try {
    await refuse(exchange, TOO_MANY_IN_FLIGHT, answering)
  } catch {
    exchange.request.socket.destroy()
  }
}

async function outcomeOf(exchange: Exchange, answering: Answering): Promise<Outcome> {
  const { request, requestId } = exchange
  const { method = '', url: target = '', rawHeaders, httpVersion, socket } = request
  if (headBytes({ method, target, rawHeaders }) > MAX_HEAD_BYTES) return refused(HEAD_TOO_LARGE)
  const body = await readBody(request)
  if (body === undefined) return refused(BODY_TOO_LARGE)
  const received: ReceivedRequest = {
    ...{ method, target, rawHeaders, httpVersion, requestId },
    remoteAddress: socket.remoteAddress ?? '',
    localPort: socket.localPort ?? 0,
    certificate: socket instanceof TLSSocket ? certificateOf(socket) : undefined,
    receivedAt: new Date(),
  }
  const serving = answering.serve(received, body)
  return serving === undefined ? refused(BAD_REQUEST) : answerInTime(serving, answering.timeoutMs)
}

const certificates = new WeakMap<TLSSocket, X509Certificate | undefined>()

/**
 * The certificate whose key the connection proved to hold, resumed or not. Taken from the connection once: without renegotiation it
 * cannot change, and making it anew costs more than all else that the gateway does for a request.
 */
function certificateOf(socket: TLSSocket): X509Certificate | undefined {
  if (!certificates.has(socket)) certificates.set(socket, socket.getPeerX509Certificate())
  return certificates.get(socket)
}

/** Waits for the handler, but not for ever: a device holds its connection open meanwhile. */
async function answerInTime(
  serving: Promise<APIGatewayProxyStructuredResultV2>,
  timeoutMs: number,
): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve(refused(HANDLER_LATE)), timeoutMs)
  })
  const result = serving.then((answer): Outcome => ({ kind: 'answered', result: answer }))
  return Promise.race([result, late]).finally(() => clearTimeout(timer))
}

/**
 * Reads the body to its end. Undefined when it is over its bound; the rest is then left unread. (Leaving an async iterator early
 * would destroy the socket, and with it the answer.)
 */
function readBody(request: IncomingMessage): Buffer | Promise<Buffer | undefined> {
  if (!hasBody(request)) return NO_BODY
  return new Promise((resolve, reject) => {
    let bytes = 0
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes <= MAX_BODY_BYTES) {
        chunks.push(chunk)
        return
      }
      request.pause()
      resolve(undefined)
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('close', () => {
      if (!request.readableEnded) reject(new Error('the client went away'))
    })
  })
}

const NO_BODY = Buffer.alloc(0)

/** Source: RFC 9112 §6.3: a request without either has no body. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

async function refuse(
  exchange: Exchange,
  refusal: GatewayRefusal,
  { log, refused: audit }: Pick<Answering, 'log' | 'refused'>,
): Promise<void> {
  const { response, requestId } = exchange
  const { status, message } = refusal
  log(`refused request ${requestId}: ${status} ${message}`)
  // The handler audits what it has seen, also when it is late.
  if (refusal !== HANDLER_LATE) await audit({ requestId, status })
  // What is left of an oversized request, or behind one too many, is not read, so the connection cannot go on.
  if (refusal === BODY_TOO_LARGE || refusal === TOO_MANY_IN_FLIGHT)
    response.setHeader('connection', 'close')
  writeRefusal(response, refusal, requestId)
}

function failPlainly(response: ServerResponse, requestId: string): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name)
  writeRefusal(response, HANDLER_FAILED, requestId)
}

/** The kind of a failure; its message might quote what the handler worked on. */
function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : typeof thrown
}
