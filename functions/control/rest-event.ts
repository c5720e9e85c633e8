import type { ControlRequest } from '@thingpass/control/control-request'
import { Fault } from '@thingpass/core/fault'

/** The members that are read of a REST API event (payload 1.0), before anything is known of their types. */
export type ReceivedRestEvent = {
  readonly httpMethod?: unknown
  readonly path?: unknown
  readonly headers?: Texts | null
  readonly multiValueHeaders?: Lists | null
  readonly queryStringParameters?: Texts | null
  readonly multiValueQueryStringParameters?: Lists | null
  readonly body?: unknown
  readonly isBase64Encoded?: unknown
  readonly requestContext?: {
    readonly requestId?: unknown
    readonly identity?: { readonly userArn?: unknown; readonly sourceIp?: unknown } | null
  }
}

type Texts = Readonly<Record<string, string | undefined>>
type Lists = Readonly<Record<string, readonly string[] | undefined>>

/** A call of the control plane by a caller whom IAM has authorized; without one, nobody asked. */
export type ReceivedCall =
  | { readonly kind: 'call'; readonly request: ControlRequest }
  | { readonly kind: 'anonymous'; readonly requestId: string }

/**
 * Adapts a REST API event. `path` has its encoding and no stage. The caller comes from the request context alone, where only
 * API Gateway writes, after it has verified the signature.
 * @throws {Fault} EVENT_UNREADABLE
 */
export function fromRestApi(event: ReceivedRestEvent): ReceivedCall {
  const context = event.requestContext
  const requestId = textOf(context?.requestId, 'request id')
  const callerArn = context?.identity?.userArn ?? undefined
  if (callerArn === undefined) return { kind: 'anonymous', requestId }
  return {
    kind: 'call',
    request: {
      requestId,
      callerArn: textOf(callerArn, 'caller'),
      sourceIp: textOf(context?.identity?.sourceIp, 'source address'),
      method: textOf(event.httpMethod, 'method'),
      path: textOf(event.path, 'path'),
      query: pairsOf(event.multiValueQueryStringParameters, event.queryStringParameters),
      headers: headersOf(event),
      body: bodyOf(event),
    },
  }
}

function headersOf({
  multiValueHeaders,
  headers,
}: ReceivedRestEvent): ReadonlyMap<string, readonly string[]> {
  const collected = new Map<string, string[]>()
  for (const [name, value] of pairsOf(multiValueHeaders, headers)) {
    const values = collected.get(name.toLowerCase())
    if (values === undefined) collected.set(name.toLowerCase(), [value])
    else values.push(value)
  }
  return collected
}

/** The lists tell every value; the plain form, which an event may have alone, only the last. */
function pairsOf(
  lists: Lists | null | undefined,
  texts: Texts | null | undefined,
): readonly (readonly [string, string])[] {
  const pairs = lists
    ? Object.entries(lists).flatMap(([name, values]) =>
        (values ?? []).map((value) => [name, value]),
      )
    : Object.entries(texts ?? {})
  return pairs.map(([name, value]) => [textOf(name, 'name'), textOf(value, 'parameter or header')])
}

function bodyOf({ body, isBase64Encoded }: ReceivedRestEvent): string {
  const text = body === null || body === undefined ? '' : textOf(body, 'body')
  return isBase64Encoded === true ? Buffer.from(text, 'base64').toString('utf8') : text
}

function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value
  throw new Fault('EVENT_UNREADABLE', `the event's ${what} is not text`)
}
