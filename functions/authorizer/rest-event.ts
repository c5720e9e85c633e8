import { Fault } from '@thingpass/core/fault'
import type { ThingHeader } from '@thingpass/core/request'
import { textOf } from '../front-door/front-door.ts'
import { readThingHeaderLists } from '../front-door/thing-header.ts'
import { type AuthorizerRequest, routeOf } from './authorizer-request.ts'

/** The members that are read of a REST API's REQUEST authorizer event, before anything is known of their types. */
export type ReceivedRestEvent = {
  readonly type?: unknown
  readonly methodArn?: unknown
  readonly httpMethod?: unknown
  readonly path?: unknown
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined
  readonly multiValueHeaders?: Readonly<Record<string, unknown>> | null | undefined
  readonly requestContext?: RestContext | undefined
}

type RestContext = {
  readonly requestId?: unknown
  readonly apiId?: unknown
  readonly stage?: unknown
  readonly domainName?: unknown
  readonly identity?:
    | {
        readonly sourceIp?: unknown
        readonly clientCert?: { readonly clientCertPem?: unknown } | null | undefined
      }
    | null
    | undefined
}

/**
 * Adapts a REST API's REQUEST authorizer event. The certificate comes from the request context alone. `path` keeps its escapes, so
 * that a path with any is refused later.
 * @throws {Fault} EVENT_UNREADABLE
 */
export function fromRestAuthorizer(event: ReceivedRestEvent): AuthorizerRequest {
  if (event.type !== 'REQUEST') throw new Fault('EVENT_UNREADABLE', 'the event is no REQUEST event')
  const context = event.requestContext
  const pem = context?.identity?.clientCert?.clientCertPem ?? undefined
  return {
    requestId: textOf(context?.requestId, 'request id'),
    hostName: textOf(context?.domainName, 'domain name').toLowerCase(),
    sourceIp: textOf(context?.identity?.sourceIp, 'source address'),
    thingHeader: thingHeaderOf(event),
    presented: pem === undefined ? undefined : textOf(pem, 'client certificate'),
    gatewayArn: textOf(event.methodArn, 'method ARN'),
    route: routeOf({
      apiId: context?.apiId,
      stage: context?.stage,
      method: event.httpMethod,
      path: event.path,
    }),
  }
}

/** `headers` holds the last value of a repeated header only; which of two things is meant must not depend on who reads. */
function thingHeaderOf({ headers, multiValueHeaders }: ReceivedRestEvent): ThingHeader {
  const single = headers ?? undefined
  const multiple = multiValueHeaders ?? undefined
  if (multiple === undefined && single !== undefined) {
    throw new Fault('EVENT_UNREADABLE', 'the event has no multi-value headers')
  }
  return readThingHeaderLists(multiple ?? {})
}
