import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type LoopbackAddress, listenOnLoopback } from '../loopback-server.ts'
import { collectHeaders, splitTarget } from '../sigv4/raw-request.ts'
import { errorAnswer, refuse, type StsAnswer } from './answer.ts'
import { createLocalSts, type LocalStsSettings, type StsRequest } from './local-sts.ts'

/** A local STS that listens. */
export type RunningSts = {
  /** `http://<host>:<port>`. */
  readonly url: string
  readonly port: number
  /** Stops listening and cuts every connection. */
  readonly close: () => Promise<void>
}

/** Where the local STS listens. */
export type ListenSettings = LoopbackAddress & {
  /** How long a request may take to come in whole; 10 s when absent. */
  readonly requestTimeoutMs?: number
}

const MAX_BODY_BYTES = 65_536
const MAX_HEADER_BYTES = 16_384
const REQUEST_TIMEOUT_MS = 10_000
const CHECKING_INTERVAL_MS = 1000
const IDLE_TIMEOUT_MS = 5000
const MAX_CONNECTIONS = 1024

/**
 * Starts the local STS. Rejects with Node's error where the port cannot be had.
 * @throws {Fault} CONFIGURATION_INVALID for an address other than loopback, or a signing key that is too short
 */
export async function startLocalSts(
  settings: LocalStsSettings & ListenSettings,
): Promise<RunningSts> {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS } = settings
  const server = createStsServer(createLocalSts(settings), requestTimeoutMs)
  const { port, authority, close } = await listenOnLoopback(server, settings)
  return { url: `http://${authority}`, port, close }
}

function createStsServer(
  handle: (request: StsRequest) => StsAnswer,
  requestTimeoutMs: number,
): Server {
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    connectionsCheckingInterval: Math.min(requestTimeoutMs, CHECKING_INTERVAL_MS),
  }
  const server = createServer(limits, (message, response) => {
    readBody(message, (body) => {
      const answer = body === undefined ? TOO_LARGE : handle(toStsRequest(message, body))
      writeAnswer(response, answer, body === undefined)
    })
  })
  server.maxConnections = MAX_CONNECTIONS
  return server
}

const TOO_LARGE = errorAnswer(
  refuse('RequestEntityTooLarge', `A request may have at most ${MAX_BODY_BYTES} bytes.`),
  'request-not-read',
)

/** Reads the body up to its bound and hands it on once; undefined when it is larger. A broken request is dropped. */
function readBody(message: IncomingMessage, done: (body: Uint8Array | undefined) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  message.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= MAX_BODY_BYTES) {
      chunks.push(chunk)
      return
    }
    message.removeAllListeners('data').removeAllListeners('end').resume()
    done(undefined)
  })
  message.on('end', () => done(Buffer.concat(chunks)))
  message.on('error', () => message.destroy())
}

function toStsRequest(message: IncomingMessage, body: Uint8Array): StsRequest {
  return {
    method: message.method ?? '',
    ...splitTarget(message.url ?? ''),
    headers: collectHeaders(message.rawHeaders),
    body,
    sourceIp: message.socket.remoteAddress ?? '',
  }
}

function writeAnswer(response: ServerResponse, answer: StsAnswer, isLast: boolean): void {
  response.on('error', () => response.destroy())
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
    ...(isLast ? { connection: 'close' } : {}),
  })
  response.end(answer.body)
}
