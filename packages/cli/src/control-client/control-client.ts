import type { RawRequest } from '@thingpass/local/sigv4/raw-request'
import { signRequest } from '@thingpass/local/sigv4/sign'
import type { UsageProblem } from '../command-io.ts'
import { type Exchanged, type ExchangeLimits, exchange, type Origin } from '../http/exchange.ts'
import { describeNetworkCode } from '../http/network-problem.ts'
import { type ControlError, readControlError } from './control-error.ts'
import { baseUrlOf, type ControlTarget } from './target.ts'
import type { AccessKeys, FindAccessKeys } from './target-credentials.ts'

/** One call of an operation. */
export type ControlCall = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From `/`, each segment percent-encoded; the tenant's prefix is put before it. */
  readonly path: string
  /** Percent-encoded, without `?`. */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
}

/** What the control plane answered. A control plane that cannot be asked at all is a problem of usage. */
export type ControlAnswer =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly error: ControlError }
  | UsageProblem

/** Calls one operation of a control plane, signed. Never rejects. */
export type CallControl = (call: ControlCall) => Promise<ControlAnswer>

/** API Gateway gives up on a function after 29 s, and takes and gives at most 10 MB. */
const LIMITS: ExchangeLimits = {
  connectMilliseconds: 5000,
  totalMilliseconds: 32_000,
  bodyBytes: 10_485_760,
}

/** What a client is made of. */
export type ControlClientParts = {
  readonly target: ControlTarget
  readonly findAccessKeys: FindAccessKeys
  readonly clock: () => Date
  readonly limits?: ExchangeLimits
}

/**
 * Makes a client for the operations that no SDK knows. Signs for `execute-api`, the only name that API Gateway takes; the local
 * control plane takes it too.
 */
export function createControlClient(parts: ControlClientParts): CallControl {
  const { target, findAccessKeys, clock, limits = LIMITS } = parts
  const { origin } = target
  return async (call) => {
    const keys = await findAccessKeys()
    if ('problem' in keys) return keys
    const signed = sign(call, target, { ...keys, now: clock() })
    if (signed === undefined) return { problem: 'the query of the request is malformed' }
    const { method, path, query, body } = signed
    const headers = Object.fromEntries(
      [...signed.headers].map(([name, values]) => [name, values.join()]),
    )
    const aim = query === '' ? path : `${path}?${query}`
    return judge(await exchange({ method, origin, target: aim, headers, body, limits }), origin)
  }
}

function sign(
  call: ControlCall,
  { origin, basePath, region }: ControlTarget,
  keys: AccessKeys & { readonly now: Date },
): RawRequest | undefined {
  const request = {
    method: call.method,
    path: `${basePath}${call.path}`,
    query: call.query ?? '',
    headers: headersOf(call, origin),
    body: Buffer.from(call.body === undefined ? '' : JSON.stringify(call.body)),
  }
  const pathRule = 'segments-encoded-again'
  return signRequest(request, { ...keys, region, service: 'execute-api', pathRule })
}

/** The value of `Host` for an origin: the port only where it is not the scheme's own. */
export function hostHeaderOf({ protocol, hostname, port }: Origin): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  return port === (protocol === 'https:' ? 443 : 80) ? host : `${host}:${port}`
}

function headersOf(call: ControlCall, origin: Origin): ReadonlyMap<string, readonly string[]> {
  return new Map([
    ['host', [hostHeaderOf(origin)]],
    ...(call.body === undefined ? [] : [['content-type', ['application/json']] as const]),
    ...Object.entries(call.headers ?? {}).map(([name, value]) => [name, [value]] as const),
  ])
}

function judge(exchanged: Exchanged, origin: Origin): ControlAnswer {
  if (!exchanged.ok) {
    const where = baseUrlOf({ origin, basePath: '' })
    return { problem: `no control plane at ${where}: ${describeNetworkCode(exchanged.code)}` }
  }
  const { status, headers, body } = exchanged
  const json = readJson(body)
  if (status === 200) return { ok: true, json }
  return { ok: false, error: readControlError(status, headers['x-amzn-errortype'], json) }
}

/** An empty body is an empty answer, as SDKs take it; undefined where it is no JSON. */
function readJson(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
