import { ok, strictEqual } from 'node:assert'
import { Fault } from '@thingpass/core/fault'
import {
  AUTHORIZER_FORMATS,
  createAuthorizerHandler,
} from '@thingpass/functions/authorizer/authorizer'
import { stagePorts } from '@thingpass/functions/authorizer/testing/authorizer-stage'
import {
  HOST,
  httpEvent,
  PEM,
  restEvent,
} from '@thingpass/functions/authorizer/testing/golden-events'
import { type FuzzTarget, jsonOfInput } from '../fuzz-target.ts'

const FORMATS = Object.keys(AUTHORIZER_FORMATS) as (keyof typeof AUTHORIZER_FORMATS)[]

/** Events of the custom authorizer in its three formats: nobody is let in but the certificate of the request context, on its own path. */
export const AUTHORIZER_EVENTS: FuzzTarget = {
  name: 'authorizer-events',
  format: 'json',
  seeds: () =>
    FORMATS.flatMap((format) => {
      const event = format === 'rest' ? restEvent : httpEvent
      // Where other front doors put a certificate: here it is the client's own text.
      const headers = {
        ...event.headers,
        'x-amzn-mtls-clientcert': PEM,
        'x-forwarded-client-cert': PEM,
      }
      const requestContext = { ...event.requestContext, authentication: null, identity: null }
      return [event, { ...event, headers, requestContext }].map((each) =>
        JSON.stringify({ format, event: each }),
      )
    }),
  dictionary: [
    ...[HOST, PEM, '/readings/cam-1', '/readings/cam-2', '/readings/../cam-1', '/readings//cam-1'],
    ...['%2f', '\\', ';x', '*', '?', '#', 'X-Amzn-Iot-ThingName', 'x-amzn-iot-thingname', 'cam-2'],
    ...[
      'rawPath',
      'path',
      'multiValueHeaders',
      'clientCertPem',
      'routeArn',
      'methodArn',
      ...FORMATS,
    ],
  ],
  run: async (input) => {
    const json = jsonOfInput(input)
    if (typeof json !== 'object' || json === null) return
    const { format, event } = json as { readonly format?: unknown; readonly event?: unknown }
    const known = FORMATS.find((each) => each === format)
    if (known === undefined) return
    const { ports, seen } = stagePorts()
    const handler = createAuthorizerHandler(ports, AUTHORIZER_FORMATS[known] as never)
    const answer = await handler(event as never).catch(faultOf)
    strictEqual(seen.audits.length, 1, 'one audit record')
    if (!isAllowed(answer)) return
    const isRest = known === 'rest'
    strictEqual(pemOf(event, isRest), PEM, 'let in without the certificate')
    strictEqual(pathOf(event, isRest), '/readings/cam-1', 'let in on another path')
    // What API Gateway writes itself is kept as it came; nobody else can put a certificate there.
    const records = seen.audits.map((each) => ({
      ...each,
      ...{ requestId: '', sourceIp: '', apiArn: '' },
    }))
    ok(!JSON.stringify(records).includes(PEM), 'a certificate on record')
  },
}

function faultOf(thrown: unknown): undefined {
  if (thrown instanceof Fault && thrown.cause === undefined) return undefined
  throw thrown
}

function isAllowed(answer: unknown): boolean {
  const text = String(JSON.stringify(answer))
  return text.includes('"isAuthorized":true') || text.includes('"Effect":"Allow"')
}

type Sent = {
  readonly path?: unknown
  readonly rawPath?: unknown
  readonly requestContext?: {
    readonly authentication?: { readonly clientCert?: { readonly clientCertPem?: unknown } }
    readonly identity?: { readonly clientCert?: { readonly clientCertPem?: unknown } }
  }
}

function pemOf(event: unknown, isRest: boolean): unknown {
  const { authentication, identity } = (event as Sent).requestContext ?? {}
  return (isRest ? identity : authentication)?.clientCert?.clientCertPem
}

function pathOf(event: unknown, isRest: boolean): unknown {
  const { path, rawPath } = event as Sent
  return isRest ? path : rawPath
}
