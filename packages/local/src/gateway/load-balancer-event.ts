import type { X509Certificate } from 'node:crypto'
import type { ALBEvent } from 'aws-lambda'
import { eventBody } from './event-body.ts'
import { groupHeaders, type HeaderValues, isHopByHop } from './event-headers.ts'
import { type ReceivedRequest, sourceIpOf } from './event-v2.ts'

/**
 * For tests alone: the load balancer does not take away a certificate header of AWS's name that the client sent; nobody knows whether AWS's does. A
 * symbol, so that no flag, file or environment can set it.
 */
export const KEEPS_CERTIFICATE_HEADERS: unique symbol = Symbol('keeps certificate headers')

/** What events say of the load balancer. */
export type LoadBalancerPlace = {
  readonly accountId: string
  readonly region: string
  /** What the header of the chain is called instead of AWS's name for it. */
  readonly certificateHeader: string
  readonly [KEEPS_CERTIFICATE_HEADERS]?: true
}

/** Begins the names that AWS gives headers about certificates. */
const KNOWN_HEADERS = 'x-amzn-mtls-clientcert'
/** A chain longer than any that is of use ends here; Node makes a chain of what the client sent, whatever that is. */
const MOST_CERTIFICATES = 10

/**
 * Builds the event that an Application Load Balancer (passthrough mode, multi-value headers) would send for the request: the path and
 * the query with their escapes, header names in lower case, every value of each. Undefined when the request cannot become one.
 * Source: Application Load Balancer guide, "Lambda functions as targets", "Mutual authentication with TLS", "HTTP header modification",
 * "X-Forwarded-For".
 */
export function buildLoadBalancerEvent(
  request: ReceivedRequest,
  body: Buffer,
  place: LoadBalancerPlace,
): ALBEvent | undefined {
  const received = groupHeaders(request.rawHeaders)
  if (!request.target.startsWith('/') || received.get('host')?.length !== 1) return undefined
  const [path = '', ...query] = request.target.split('?')
  const { body: text = '', isBase64Encoded } = eventBody(
    body,
    received.get('content-type')?.[0] ?? '',
  )
  return {
    requestContext: { elb: { targetGroupArn: targetGroupArn(place) } },
    httpMethod: request.method,
    path,
    multiValueQueryStringParameters: queryLists(query.join('?')),
    multiValueHeaders: Object.fromEntries(eventHeaderLists(received, request, place)),
    body: text,
    isBase64Encoded,
  }
}

function targetGroupArn({ accountId, region }: LoadBalancerPlace): string {
  return `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/local/0000000000000000`
}

function eventHeaderLists(
  received: HeaderValues,
  request: ReceivedRequest,
  place: LoadBalancerPlace,
): Map<string, string[]> {
  const lists = new Map<string, string[]>()
  for (const [name, values] of received) {
    const claimed = name.startsWith(KNOWN_HEADERS) && !place[KEEPS_CERTIFICATE_HEADERS]
    if (!isHopByHop(name) && !claimed) lists.set(name, [...values])
  }
  const { certificate } = request
  if (certificate !== undefined) {
    const name = place.certificateHeader.toLowerCase()
    lists.set(name, [...(lists.get(name) ?? []), encodedChain(certificate)])
  }
  const claimed = lists.get('x-forwarded-for') ?? []
  lists.set('x-forwarded-for', [[...claimed, sourceIpOf(request)].join(', ')])
  lists.set('x-forwarded-port', [String(request.localPort)])
  lists.set('x-forwarded-proto', ['https'])
  return lists
}

/** URL-encoded PEM of all that the client sent, the leaf first, with `+`, `=` and `/` as they are. */
function encodedChain(leaf: X509Certificate): string {
  const chain: string[] = []
  for (let next: X509Certificate | undefined = leaf; next !== undefined; next = issuerOf(next)) {
    chain.push(next.toString())
    if (chain.length === MOST_CERTIFICATES) break
  }
  return encodeURIComponent(chain.join('')).replace(/%2B|%3D|%2F/g, decodeURIComponent)
}

/** A certificate that signed itself is its own issuer, and the end. */
function issuerOf(certificate: X509Certificate): X509Certificate | undefined {
  const { issuerCertificate } = certificate
  return issuerCertificate?.fingerprint256 === certificate.fingerprint256
    ? undefined
    : issuerCertificate
}

/** Names and values as they came: a load balancer does not decode them. */
function queryLists(rawQuery: string): Record<string, string[]> {
  const lists = new Map<string, string[]>()
  for (const part of rawQuery.split('&').filter(Boolean)) {
    const [name = '', ...value] = part.split('=')
    lists.set(name, [...(lists.get(name) ?? []), value.join('=')])
  }
  return Object.fromEntries(lists)
}
