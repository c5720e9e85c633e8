import type { Answer } from '../credentials/answer.ts'
import type { DeviceRequest } from './device-request.ts'
import { type FrontDoor, textOf } from './front-door.ts'
import { readRoute } from './route.ts'
import { readThingHeader } from './thing-header.ts'

/** The members that are read of an HTTP API event, payload 2.0, before anything is known of their types. */
export type ReceivedEventV2 = {
  readonly rawPath?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined
  readonly requestContext?: ReceivedContext | undefined
}

type ReceivedContext = {
  readonly requestId?: unknown
  readonly domainName?: unknown
  readonly http?: { readonly method?: unknown; readonly sourceIp?: unknown } | undefined
  readonly authentication?:
    | { readonly clientCert?: { readonly clientCertPem?: unknown } | null }
    | null
    | undefined
}

/**
 * Adapts an HTTP API event, payload 2.0. The certificate comes from the request context alone, where only API Gateway
 * writes; its subject, issuer and serial strings there, and every header, are left unread. HTTP APIs hand over a decoded
 * path.
 * @throws {Fault} EVENT_UNREADABLE
 */
export function fromApiGatewayV2(event: ReceivedEventV2): DeviceRequest {
  const context = event.requestContext
  const method = textOf(context?.http?.method, 'method')
  const pem = context?.authentication?.clientCert?.clientCertPem ?? undefined
  return {
    requestId: textOf(context?.requestId, 'request id'),
    hostName: textOf(context?.domainName, 'domain name').toLowerCase(),
    sourceIp: textOf(context?.http?.sourceIp, 'source address'),
    route: readRoute(method, textOf(event.rawPath, 'path')),
    thingHeader: readThingHeader(event.headers ?? {}),
    presented: pem === undefined ? undefined : textOf(pem, 'client certificate'),
  }
}

/** An HTTP API, payload 2.0: what the credentials function is deployed behind unless told otherwise. */
export const API_GATEWAY: FrontDoor<ReceivedEventV2, Answer> = {
  read: fromApiGatewayV2,
  requestIdOf: (event) => event?.requestContext?.requestId,
  write: (answer) => answer,
}
