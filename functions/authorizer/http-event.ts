import { Fault } from '@thingpass/core/fault'
import { textOf } from '../front-door/front-door.ts'
import { readThingHeader } from '../front-door/thing-header.ts'
import { type AuthorizerRequest, routeOf } from './authorizer-request.ts'

/** The members that are read of an HTTP API's authorizer event, payload 2.0, before anything is known of their types. */
export type ReceivedHttpEvent = {
  readonly version?: unknown
  readonly routeArn?: unknown
  readonly rawPath?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined
  readonly requestContext?: HttpContext | undefined
}

type HttpContext = {
  readonly requestId?: unknown
  readonly apiId?: unknown
  readonly stage?: unknown
  readonly domainName?: unknown
  readonly http?: { readonly method?: unknown; readonly sourceIp?: unknown } | undefined
  readonly authentication?:
    | { readonly clientCert?: { readonly clientCertPem?: unknown } | null }
    | null
    | undefined
}

/**
 * Adapts an HTTP API's authorizer event, payload 2.0. The certificate comes from the request context alone, where only API
 * Gateway writes. The path is decoded already, as the integration will get it.
 * @throws {Fault} EVENT_UNREADABLE
 */
export function fromHttpAuthorizer(event: ReceivedHttpEvent): AuthorizerRequest {
  if (event.version !== '2.0') throw new Fault('EVENT_UNREADABLE', 'the event is not payload 2.0')
  const context = event.requestContext
  const pem = context?.authentication?.clientCert?.clientCertPem ?? undefined
  return {
    requestId: textOf(context?.requestId, 'request id'),
    hostName: textOf(context?.domainName, 'domain name').toLowerCase(),
    sourceIp: textOf(context?.http?.sourceIp, 'source address'),
    thingHeader: readThingHeader(event.headers ?? {}),
    presented: pem === undefined ? undefined : textOf(pem, 'client certificate'),
    gatewayArn: textOf(event.routeArn, 'route ARN'),
    route: routeOf({
      apiId: context?.apiId,
      stage: context?.stage,
      method: context?.http?.method,
      path: event.rawPath,
    }),
  }
}
