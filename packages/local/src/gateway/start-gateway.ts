import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Serve } from './answer-request.ts'
import { eventBody } from './event-body.ts'
import { buildEventV2 } from './event-v2.ts'
import { startTlsServer, type TlsServer, type TlsServerSettings } from './tls-server.ts'

/** What a request was before it became an event, where the event does not say it. */
export type SentRequest = {
  /** Path as it stood in the request line, escapes and all. */
  readonly path: string
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[]
}

/** A function behind the gateway, as an HTTP API calls one. */
export type GatewayHandler = (
  event: APIGatewayProxyEventV2,
  sent: SentRequest,
) => Promise<APIGatewayProxyStructuredResultV2>

/** What a gateway is made of. */
export type GatewaySettings = Omit<TlsServerSettings, 'serve'> & {
  /** Account that the events name. */
  readonly accountId: string
  readonly handler: GatewayHandler
}

/** A gateway that listens. */
export type Gateway = TlsServer

/**
 * Starts the front door that an HTTP API is: each request reaches the handler as an event of payload format 2.0.
 * @throws {Error} of `listen`, such as EADDRINUSE or EACCES
 */
export function startGateway(settings: GatewaySettings): Promise<Gateway> {
  return startTlsServer({ ...settings, serve: serveAsHttpApi(settings) })
}

function serveAsHttpApi({ accountId, handler }: GatewaySettings): Serve {
  return (request, body) => {
    const event = buildEventV2(request, accountId)
    if (event === undefined) return undefined
    const [path = ''] = request.target.split('?', 1)
    const contentType = event.headers['content-type'] ?? ''
    return handler(
      { ...event, ...eventBody(body, contentType) },
      { path, rawHeaders: request.rawHeaders },
    )
  }
}
