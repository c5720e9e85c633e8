import type { X509Certificate } from 'node:crypto'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { clientCertificateOf } from './client-certificate.ts'
import { eventHeaders, groupHeaders, type HeaderValues } from './event-headers.ts'
import { matchRoute, parseRequestTarget } from './request-target.ts'

/** One request as the TLS server received it. */
export type ReceivedRequest = {
  readonly method: string
  /** Request target as it stood in the request line. */
  readonly target: string
  /** `1.0` or `1.1`. */
  readonly httpVersion: string
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[]
  /** Address of the peer, as the socket gives it. */
  readonly remoteAddress: string
  /** Port that the request came in on. */
  readonly localPort: number
  /** The peer's certificate on this connection; undefined when it presented none. */
  readonly certificate: X509Certificate | undefined
  readonly requestId: string
  readonly receivedAt: Date
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const STAGE = '$default'
const API_ID = 'local'

/**
 * Builds the event that an API Gateway HTTP API (payload format 2.0) would send for the request. Undefined when the
 * request cannot become one: no single Host, a target that is no path, escapes that are no UTF-8.
 * Source: AWS API Gateway developer guide, "Lambda proxy integrations for HTTP APIs", payload format 2.0.
 */
export function buildEventV2(
  request: ReceivedRequest,
  accountId: string,
): APIGatewayProxyEventV2 | undefined {
  const target = parseRequestTarget(request.target)
  const received = groupHeaders(request.rawHeaders)
  const domainName = domainNameOf(received)
  if (target === undefined || domainName === undefined) return undefined
  const route = matchRoute(request.method, target.path)
  const queried = Object.keys(target.query).length > 0
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: target.path,
    rawQueryString: target.rawQuery,
    ...eventHeaders(withForwarding(received, request)),
    ...(queried && { queryStringParameters: target.query }),
    requestContext: requestContext(request, {
      accountId,
      domainName,
      path: target.path,
      routeKey: route.routeKey,
      userAgent: received.get('user-agent')?.join(',') ?? '',
    }),
    ...(route.pathParameters && { pathParameters: route.pathParameters }),
    isBase64Encoded: false,
  }
}

function requestContext(
  request: ReceivedRequest,
  known: {
    accountId: string
    domainName: string
    path: string
    routeKey: string
    userAgent: string
  },
): APIGatewayProxyEventV2['requestContext'] {
  const { certificate } = request
  return {
    accountId: known.accountId,
    apiId: API_ID,
    ...(certificate && { authentication: { clientCert: clientCertificateOf(certificate) } }),
    domainName: known.domainName,
    domainPrefix: known.domainName.split('.')[0] ?? '',
    http: {
      method: request.method,
      path: known.path,
      protocol: `HTTP/${request.httpVersion}`,
      sourceIp: sourceIpOf(request),
      userAgent: known.userAgent,
    },
    requestId: request.requestId,
    routeKey: known.routeKey,
    stage: STAGE,
    time: commonLogTime(request.receivedAt),
    timeEpoch: request.receivedAt.getTime(),
  }
}

/** Host without port and brackets, lower-case. More than one Host is an attack on whoever reads only one of them. */
function domainNameOf(headers: HeaderValues): string | undefined {
  const hosts = headers.get('host') ?? []
  const [host] = hosts
  if (hosts.length !== 1 || host === undefined) return undefined
  const parts = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@,[\]]+))(?::\d{1,5})?$/i.exec(host)
  return (parts?.[1] ?? parts?.[2])?.toLowerCase()
}

/** An IPv4 peer of a dual-stack socket is shown in its IPv4 form. */
export function sourceIpOf(request: Pick<ReceivedRequest, 'remoteAddress'>): string {
  return request.remoteAddress.replace(/^::ffff:(?=\d+\.)/i, '')
}

/** Adds what API Gateway adds. What the client claims in `x-forwarded-for` stays in front, as there; nothing may trust it. */
function withForwarding(headers: HeaderValues, request: ReceivedRequest): HeaderValues {
  const claimed = headers.get('x-forwarded-for') ?? []
  return new Map([
    ...headers,
    ['x-forwarded-for', [[...claimed, sourceIpOf(request)].join(', ')]],
    ['x-forwarded-port', [String(request.localPort)]],
    ['x-forwarded-proto', ['https']],
  ])
}

/** `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(instant: Date): string {
  const [date = '', clock = ''] = instant.toISOString().split(/[T.]/)
  const [year, month, day] = date.split('-')
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`
}
