import type { ALBEvent, ALBResult, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { Serve } from './answer-request.ts'
import { buildLoadBalancerEvent, KEEPS_CERTIFICATE_HEADERS } from './load-balancer-event.ts'
import { startTlsServer, type TlsServer, type TlsServerSettings } from './tls-server.ts'

/** A function behind the load balancer; the id stands for the one that Lambda gives an invocation. */
export type LoadBalancerHandler = (event: ALBEvent, requestId: string) => Promise<ALBResult>

/** What a load balancer is made of. */
export type LoadBalancerSettings = Omit<TlsServerSettings, 'serve'> & {
  readonly accountId: string
  readonly region: string
  /** What the header of the chain is called; the function must be told the same, and nobody else. */
  readonly certificateHeader: string
  readonly handler: LoadBalancerHandler
  /** For tests: what a client claims to be its certificate under AWS's name reaches the function. */
  readonly [KEEPS_CERTIFICATE_HEADERS]?: true
}

/**
 * Starts the front door that an Application Load Balancer in mutual-TLS passthrough mode is: each request reaches the handler as an event
 * with multi-value headers, the chain that the client presented in the one of the name that was drawn.
 * @throws {Error} of `listen`, such as EADDRINUSE or EACCES
 */
export function startLoadBalancer(settings: LoadBalancerSettings): Promise<TlsServer> {
  return startTlsServer({ ...settings, serve: serveAsLoadBalancer(settings) })
}

function serveAsLoadBalancer(settings: LoadBalancerSettings): Serve {
  return (request, body) => {
    const event = buildLoadBalancerEvent(request, body, settings)
    return event && settings.handler(event, request.requestId).then(resultOf)
  }
}

/** A load balancer with multi-value headers takes an answer's headers from the lists alone. */
function resultOf({
  statusCode,
  multiValueHeaders = {},
  body = '',
  isBase64Encoded = false,
}: ALBResult): APIGatewayProxyStructuredResultV2 {
  const headers = Object.fromEntries(
    Object.entries(multiValueHeaders).map(([name, values]) => [name, values.join(', ')]),
  )
  return { statusCode, headers, body, isBase64Encoded }
}
