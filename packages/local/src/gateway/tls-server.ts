import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { createInFlightCount } from '../in-flight.ts'
import { listenOnLoopback } from '../loopback-server.ts'
import { chooseProtocol } from './alpn.ts'
import { type AuditRefusal, answerRequest, refuseOverrun, type Serve } from './answer-request.ts'
import { MAX_HEAD_BYTES } from './request-size.ts'
import {
  BAD_REQUEST,
  type GatewayRefusal,
  HEAD_TOO_LARGE,
  refusalBody,
  TIMED_OUT,
} from './write-answer.ts'

/** What every front door on this machine is made of. */
export type TlsServerSettings = {
  /** 0 = any free port. */
  readonly port: number
  /** `127.0.0.1` when absent; loopback only. */
  readonly host?: string
  /** PEM. */
  readonly serverKey: string
  /** PEM: the server's certificate, then its intermediates. */
  readonly serverCertificate: string
  readonly serve: Serve
  /** Called before the answer to a request that never reached the handler. */
  readonly refused: AuditRefusal
  /** Takes one line about what the gateway itself refused or failed at; never a secret or a PEM. */
  readonly log: (line: string) => void
  /** Milliseconds that a handler may take. Default 30,000, as an HTTP API's integration. */
  readonly handlerTimeoutMs?: number
  /** Milliseconds until request line and headers must be here. Default 10,000. */
  readonly headersTimeoutMs?: number
}

/** A front door that listens. */
export type TlsServer = {
  readonly port: number
  /** `https://localhost:<port>`; without the port where it is 443. */
  readonly url: string
  /** Stops listening, lets running requests finish for a moment, then ends every connection. */
  readonly close: () => Promise<void>
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 20_000
/** How often connections are held against the two timeouts. */
const CHECKING_INTERVAL_MS = 1_000
const KEEP_ALIVE_TIMEOUT_MS = 60_000
const HANDSHAKE_TIMEOUT_MS = 10_000
const CLOSE_GRACE_MS = 1_000
const LINGER_MS = 1_000
/** One process's worth of devices; a socket more is closed at once. */
const MAX_CONNECTIONS = 4_096
const HANDLER_TIMEOUT_MS = 30_000

/**
 * Starts a front door: mutual TLS, each request handed to whatever makes an event of it. Like AWS IoT's own endpoint it asks for
 * a certificate, names no CA and lets every handshake pass; whom to trust is the function's to decide.
 * Rejects with Node's error, such as EADDRINUSE or EACCES, where the port cannot be had.
 * @throws {Fault} CONFIGURATION_INVALID for an address other than loopback
 */
export async function startTlsServer(settings: TlsServerSettings): Promise<TlsServer> {
  const server = createTlsServer(settings)
  const timeoutMs = settings.handlerTimeoutMs ?? HANDLER_TIMEOUT_MS
  const countInFlight = createInFlightCount()
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const exchange = { request, response, requestId: randomUUID() }
    const verdict = countInFlight(request, response)
    if (verdict === 'answer') void answerRequest(exchange, { ...settings, timeoutMs })
    if (verdict === 'refuse') void refuseOverrun(exchange, settings)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    void answerUnparsable(error, socket, settings)
  })
  const { port, close } = await listenOnLoopback(server, settings, {
    graceMs: CLOSE_GRACE_MS,
    notAccepted: ({ code }) => settings.log(`not accepted: ${code}`),
  })
  const authority = port === 443 ? 'localhost' : `localhost:${port}`
  return { port, url: `https://${authority}`, close }
}

function createTlsServer(settings: TlsServerSettings): Server {
  const server = createServer({
    key: settings.serverKey,
    cert: settings.serverCertificate,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    requestCert: true,
    // Without `ca` the list of CAs in the handshake is empty: a Java client that does not find its issuer in it sends no certificate.
    rejectUnauthorized: false,
    ALPNCallback: ({ protocols }) => chooseProtocol(protocols),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    headersTimeout: settings.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    maxHeaderSize: MAX_HEAD_BYTES,
    // The gateway answers a missing Host itself, in JSON.
    requireHostHeader: false,
  })
  // Node would silently drop headers over 2,000; their size is bounded already.
  server.maxHeadersCount = 0
  server.maxConnections = MAX_CONNECTIONS
  // A renegotiation could change the certificate of a connection in the middle of a request.
  server.on('secureConnection', (socket: TLSSocket) => socket.disableRenegotiation())
  return server
}

const HANGING_UP = new Set(['ECONNRESET', 'EPIPE'])

/** Says why a request could not be read, where HTTP was spoken at all; a connection that failed below HTTP is only ended. */
async function answerUnparsable(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  { log, refused }: Pick<TlsServerSettings, 'log' | 'refused'>,
): Promise<void> {
  const { code = 'unknown' } = error
  const refusal = refusalOf(code)
  if (refusal === undefined || !socket.writable) {
    // A client that hangs up tells nothing; one that does not trust this server's CA does.
    if (!HANGING_UP.has(code)) log(`connection failed: ${code}`)
    socket.destroy()
    return
  }
  log(`refused a request that cannot be read: ${refusal.status} ${code}`)
  const requestId = randomUUID()
  try {
    await refused({ requestId, status: refusal.status })
  } catch {
    log(`request ${requestId} could not be audited`)
  }
  socket.end(rawAnswer(refusal, requestId, new Date()))
  // Half-open, or not reading: after the answer had its time the connection is gone.
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

function refusalOf(code: string): GatewayRefusal | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return HEAD_TOO_LARGE
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return TIMED_OUT
  return code.startsWith('HPE_') ? BAD_REQUEST : undefined
}

/** Where the parser gave up there is no response object; the answer is written out by hand. */
function rawAnswer(refusal: GatewayRefusal, requestId: string, now: Date): string {
  const body = refusalBody(refusal)
  return [
    `HTTP/1.1 ${refusal.status} ${refusal.message}`,
    `Date: ${now.toUTCString()}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `x-amzn-RequestId: ${requestId}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}
