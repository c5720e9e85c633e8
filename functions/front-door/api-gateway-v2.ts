import { Fault } from '@thingpass/core/fault'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { DeviceRequest } from './device-request.ts'
import { readRoute } from './route.ts'
import { readThingHeader } from './thing-header.ts'

/** The part of the request context that carries the certificate; @types/aws-lambda leaves it out of plain events. */
type MutualTlsContext = {
  readonly authentication?: { readonly clientCert?: { readonly clientCertPem?: unknown } } | null
}

/**
 * Adapts an HTTP API event, payload 2.0. The certificate comes from the request context alone, where only API Gateway
 * writes; its subject, issuer and serial strings there, and every header, are left unread. HTTP APIs hand over a decoded path.
 * @throws {Fault} EVENT_UNREADABLE
 */
export function fromApiGatewayV2(event: APIGatewayProxyEventV2): DeviceRequest {
  const context = event?.requestContext as
    | (APIGatewayProxyEventV2['requestContext'] & MutualTlsContext)
    | undefined
  const http = context?.http
  const texts = [context?.requestId, context?.domainName, http?.sourceIp, http?.method, event?.rawPath]
  if (context === undefined || http === undefined || !texts.every(isText)) {
    throw new Fault('EVENT_UNREADABLE', 'the event is not an HTTP API event of payload 2.0')
  }
  return {
    requestId: context.requestId,
    hostName: context.domainName.toLowerCase(),
    sourceIp: http.sourceIp,
    route: readRoute(http.method, event.rawPath),
    thingHeader: readThingHeader(event.headers ?? {}),
    presented: presentedBy(context),
  }
}

function presentedBy(context: MutualTlsContext): string | undefined {
  const pem = context.authentication?.clientCert?.clientCertPem
  if (pem === undefined || pem === null) return undefined
  if (isText(pem)) return pem
  throw new Fault('EVENT_UNREADABLE', 'the client certificate of the event is not text')
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
