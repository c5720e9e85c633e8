import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { Clock } from '@thingpass/core/ports'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'
import { createInFlightCount } from '../in-flight.ts'
import { type LoopbackAddress, listenOnLoopback } from '../loopback-server.ts'
import { createVerifier } from '../sigv4/verify.ts'
import { type AccessKey, createFindKey } from './access-keys.ts'
import { createAdmission } from './admission.ts'
import { answerCall } from './answer-call.ts'

/** What a local control plane is made of. */
export type ControlPlaneSettings = LoopbackAddress & {
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
  const { port, authority, close } = await listenOnLoopback(createControlServer(settings), settings)
  return { url: `http://${authority}`, port, close }
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
  const countInFlight = createInFlightCount()
  const server = createServer(limits, (message, response) => {
    const verdict = countInFlight(message, response)
    if (verdict !== 'answer') {
      if (verdict === 'refuse') settings.log('connection ended: too many requests in flight')
      message.socket.destroy()
      return
    }
    // SDKs set their clock by an answer's date: it has to be of the clock that signatures are judged by.
    response.setHeader('date', clock().toUTCString())
    void answerCall({ message, response, requestId: randomUUID() }, { ...settings, admit })
  })
  server.maxConnections = MAX_CONNECTIONS
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
    else socket.destroy()
  })
  return server
}
