import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Fault } from '@thingpass/core/fault'
import type { Clock } from '@thingpass/core/ports'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { collectHeaders, type RawRequest, splitTarget } from '../sigv4/raw-request.ts'
import { createVerifier } from '../sigv4/verify.ts'
import { type AccessKey, createFindKey } from './access-keys.ts'
import { type Admission, type AdmissionRefusal, createAdmission } from './admission.ts'
import { buildRestEvent } from './rest-event.ts'

/** What a local control plane is made of. */
export type ControlPlaneSettings = {
  /** 0 or absent = any free port. */
  readonly port?: number
  /** A loopback address; `127.0.0.1` when absent. */
  readonly host?: string
  readonly accountId: string
  /** The region that signatures must be made for. */
  readonly region: string
  /** Who may call: `default` everything, a tenant's profile its own prefix. */
  readonly accessKeys: readonly AccessKey[]
  /** The control function's handler. */
  readonly handler: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>
  readonly clock: Clock
  /** Takes one line about what the server itself refused or failed at; never a secret. */
  readonly log: (line: string) => void
}

/** A local control plane that listens. */
export type RunningControlPlane = {
  /** `http://<host>:<port>`: the base URL for `--endpoint-url`. */
  readonly url: string
  readonly port: number
  /** Stops listening and cuts every connection. */
  readonly close: () => Promise<void>
}

const LOOPBACK = new Set(['127.0.0.1', '::1'])
const MAX_BODY_BYTES = 1024 * 1024
const MAX_HEADER_BYTES = 16_384
const HEADERS_TIMEOUT_MS = 5000
const REQUEST_TIMEOUT_MS = 20_000
const IDLE_TIMEOUT_MS = 5000
const MAX_CONNECTIONS = 1024

/**
 * Starts the local control plane: what API Gateway with IAM authorization does in a deployment, on loopback. Rejects with Node's error
 * where the port cannot be had.
 * @throws {Fault} CONFIGURATION_INVALID for an address other than loopback
 */
export async function startControlPlane(
  settings: ControlPlaneSettings,
): Promise<RunningControlPlane> {
  const { port = 0, host = '127.0.0.1' } = settings
  if (!LOOPBACK.has(host)) {
    throw new Fault('CONFIGURATION_INVALID', 'the local control plane listens on loopback only')
  }
  const server = createControlServer(settings)
  await listen(server, port, host)
  const address = server.address() as AddressInfo
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shownHost}:${address.port}`,
    port: address.port,
    close: () => closeServer(server),
  }
}

function createControlServer(settings: ControlPlaneSettings): Server {
  const { accountId, region, accessKeys, clock } = settings
  const admit = createAdmission(
    createVerifier({
      services: ['iot', 'execute-api'],
      regions: [region],
      pathRule: 'segments-encoded-again',
      clock,
      findKey: createFindKey(accessKeys, accountId),
    }),
  )
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    connectionsCheckingInterval: 1000,
  }
  const server = createServer(limits, (message, response) => {
    // SDKs set their clock by an answer's date: it has to be of the clock that signatures are judged by.
    response.setHeader('date', clock().toUTCString())
    void answer({ message, response, requestId: randomUUID() }, settings, admit)
  })
  server.maxConnections = MAX_CONNECTIONS
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  return server
}

type Exchange = {
  readonly message: IncomingMessage
  readonly response: ServerResponse
  readonly requestId: string
}

/** Answers one request; whatever happens, it neither throws nor rejects. */
async function answer(
  exchange: Exchange,
  settings: ControlPlaneSettings,
  admit: (request: RawRequest) => Admission,
): Promise<void> {
  const { message, response, requestId } = exchange
  response.on('error', () => response.destroy())
  try {
    const body = await readBody(message)
    if (body === undefined) return refuse(exchange, TOO_LARGE, settings.log)
    const request = toRawRequest(message, body)
    const admission = admit(request)
    if (!admission.admitted) return refuse(exchange, admission.refusal, settings.log)
    const sourceIp = message.socket.remoteAddress ?? ''
    const { caller } = admission
    const receivedAt = settings.clock()
    const admitted = { request, caller, sourceIp, requestId, receivedAt }
    write(exchange, await settings.handler(buildRestEvent(admitted, settings.accountId)))
  } catch (thrown) {
    // A message might quote what was worked on, so only the kind is told.
    settings.log(
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

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      // A failed accept (too many open files) costs that connection, never the process.
      server.on('error', () => undefined)
      resolve()
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
