import { STATUS_CODES } from 'node:http'
import { isIP } from 'node:net'
import { Fault } from '@thingpass/core/fault'
import type { ALBResult } from 'aws-lambda'
import type { Answer } from '../credentials/answer.ts'
import { leafOfEncodedChain } from './certificate-chain.ts'
import type { DeviceRequest, Route, UnusableCertificate } from './device-request.ts'
import { type FrontDoor, type Invocation, textOf } from './front-door.ts'
import { readRoute } from './route.ts'
import { readThingHeaderLists } from './thing-header.ts'

/** The members that are read of a load balancer's event with multi-value headers, before anything is known of their types. */
export type ReceivedLoadBalancerEvent = {
  readonly httpMethod?: unknown
  readonly path?: unknown
  readonly multiValueHeaders?: Readonly<Record<string, unknown>> | null | undefined
}

/** How the load balancer in front is set. */
export type LoadBalancerDoorSettings = {
  /** What its listener calls the header of the chain, in any letter case; drawn at random, so never to be shown. */
  readonly certificateHeader: string
}

/**
 * An Application Load Balancer in mutual-TLS passthrough mode, with multi-value headers: a repeated header would else hide behind its last value.
 * Identity comes from a header here, as nowhere else: the listener gives it a name that no client can know, and whatever is not exactly one value of it is
 * refused. AWS's own name for it is never read: anybody could send that, and it may be left in.
 * Source: Application Load Balancer guide, "Lambda functions as targets", "Mutual authentication with TLS", "HTTP header modification".
 */
export function createLoadBalancerDoor({
  certificateHeader,
}: LoadBalancerDoorSettings): FrontDoor<ReceivedLoadBalancerEvent, ALBResult> {
  const header = certificateHeader.toLowerCase()
  return {
    read: (event, invocation) => readEvent(event, invocation, header),
    // The trace header will not do: a load balancer keeps the root that the client sends. Lambda's own id is nobody's to choose.
    requestIdOf: (_, invocation) => invocation?.awsRequestId,
    write: loadBalancerResult,
  }
}

/** @throws {Fault} EVENT_UNREADABLE */
function readEvent(
  event: ReceivedLoadBalancerEvent,
  invocation: Invocation | undefined,
  certificateHeader: string,
): DeviceRequest {
  const headers = event.multiValueHeaders ?? undefined
  if (headers === undefined) {
    throw new Fault('EVENT_UNREADABLE', 'the event has no multi-value headers: switch them on')
  }
  return {
    requestId: textOf(invocation?.awsRequestId, 'request id'),
    hostName: hostNameOf(valuesOf(headers, 'host')),
    sourceIp: sourceIpOf(valuesOf(headers, 'x-forwarded-for')),
    route: routeOf(textOf(event.httpMethod, 'method'), textOf(event.path, 'path')),
    thingHeader: readThingHeaderLists(headers),
    presented: presentedIn(valuesOf(headers, certificateHeader, 'certificate header')),
  }
}

/**
 * Every value of a header, under whatever letter case its name came; a fault says `what`, never a name that is secret.
 * @throws {Fault} EVENT_UNREADABLE
 */
function valuesOf(
  headers: Readonly<Record<string, unknown>>,
  name: string,
  what = name,
): readonly string[] {
  return Object.entries(headers)
    .filter(([candidate]) => candidate.toLowerCase() === name)
    .flatMap(([, values]) => {
      if (!Array.isArray(values)) throw new Fault('EVENT_UNREADABLE', `${what} is no list`)
      return values.map((value) => textOf(value, what))
    })
}

function presentedIn(values: readonly string[]): string | UnusableCertificate | undefined {
  const [value, ...more] = values
  if (value === undefined) return undefined
  return more.length === 0 ? leafOfEncodedChain(value) : { refused: 'certificate-malformed' }
}

/** The host without its port, lower-case; empty, which no deployment serves, unless exactly one was named. */
function hostNameOf(values: readonly string[]): string {
  const [host = ''] = values.length === 1 ? values : []
  const parts = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@,[\]]+))(?::\d{1,5})?$/i.exec(host)
  return (parts?.[1] ?? parts?.[2] ?? '').toLowerCase()
}

/**
 * The address that the load balancer itself added: the last one. What stands before it is the client's own text.
 * Source: Application Load Balancer guide, "X-Forwarded-For" (mode `append`, the default; without the client's port).
 */
function sourceIpOf(values: readonly string[]): string {
  const last = values.at(-1)?.split(',').at(-1)?.trim() ?? ''
  // A zone index (`fe80::1%eth0`) means something on one host only, and a load balancer sends none.
  if (isIP(last) !== 0 && !last.includes('%')) return last
  throw new Fault('EVENT_UNREADABLE', "the event's source address is not one")
}

/** A load balancer leaves escapes in the path as they came: they are decoded once, here, and never again. */
function routeOf(method: string, encodedPath: string): Route {
  try {
    return readRoute(method, decodeURIComponent(encodedPath))
  } catch {
    return { kind: 'refused', reason: 'request-malformed' }
  }
}

/** With multi-value headers on, an answer's headers must be lists, too. */
function loadBalancerResult({ statusCode, headers, body }: Answer): ALBResult {
  const lists = Object.entries(headers).map(([name, value]) => [name, [value]])
  return {
    statusCode,
    statusDescription: `${statusCode} ${STATUS_CODES[statusCode] ?? ''}`.trimEnd(),
    multiValueHeaders: Object.fromEntries(lists),
    body,
    isBase64Encoded: false,
  }
}
