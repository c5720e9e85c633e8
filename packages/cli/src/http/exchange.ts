import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestPlain,
} from 'node:http'
import { request as requestTls } from 'node:https'

/** Where a request goes: scheme, host and port, nothing of its path. */
export type Origin = {
  readonly protocol: 'http:' | 'https:'
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string
  readonly port: number
}

/** What a client shows and trusts in a TLS handshake. */
export type TlsMaterial = { readonly cert?: string; readonly key?: string; readonly ca?: string }

/** One request, as it goes over the wire: nothing of it is encoded, resolved or followed. */
export type OutgoingRequest = {
  readonly origin: Origin
  readonly method: string
  /** Path and query as they are sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly tls?: TlsMaterial
  readonly limits: ExchangeLimits
}

/** What an exchange may take. */
export type ExchangeLimits = {
  /** Until the connection stands, its TLS handshake included. */
  readonly connectMilliseconds: number
  /** From the start to the end of the answer. */
  readonly totalMilliseconds: number
  readonly bodyBytes: number
}

/** An answer, or the code of what kept it away (Node's, OpenSSL's, or one of ours: see `network-problem.ts`). */
export type Exchanged =
  | {
      readonly ok: true
      readonly status: number
      readonly headers: IncomingHttpHeaders
      readonly body: Buffer
    }
  | { readonly ok: false; readonly code: string }

/** Sends one request over a connection of its own and reads the answer. Never rejects, and never takes longer than its limits. */
export function exchange(outgoing: OutgoingRequest): Promise<Exchanged> {
  try {
    return answerTo(open(outgoing), outgoing)
  } catch (thrown) {
    // A certificate or key that OpenSSL cannot read shows before anything is sent.
    return Promise.resolve({ ok: false, code: codeOf(thrown) })
  }
}

function answerTo(sent: ClientRequest, { origin, limits, body }: OutgoingRequest) {
  return new Promise<Exchanged>((resolve) => {
    const fail = (code: string) => {
      resolve({ ok: false, code })
      sent.destroy()
    }
    const total = setTimeout(fail, limits.totalMilliseconds, 'ANSWER_TIMEOUT')
    const connecting = setTimeout(fail, limits.connectMilliseconds, 'CONNECT_TIMEOUT')
    sent.on('socket', (socket) => {
      const ready = origin.protocol === 'https:' ? 'secureConnect' : 'connect'
      socket.once(ready, () => clearTimeout(connecting))
    })
    sent.on('error', (thrown) => fail(codeOf(thrown)))
    sent.on('close', () => {
      clearTimeout(total)
      clearTimeout(connecting)
      fail('ECONNRESET') // of no effect where the answer is complete
    })
    sent.on('response', (response) => {
      collect(response, limits.bodyBytes, fail, (whole) => {
        const { statusCode: status = 0, headers } = response
        resolve({ ok: true, status, headers, body: whole })
      })
    })
    sent.end(body)
  })
}

function collect(
  response: IncomingMessage,
  mostBytes: number,
  fail: (code: string) => void,
  take: (whole: Buffer) => void,
): void {
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= mostBytes) chunks.push(chunk)
    else fail('ANSWER_TOO_LARGE')
  })
  response.on('error', (thrown) => fail(codeOf(thrown)))
  response.on('end', () => take(Buffer.concat(chunks)))
}

function codeOf(thrown: unknown): string {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined
  return typeof code === 'string' ? code : 'UNKNOWN'
}

function open({ origin, method, target, headers, tls }: OutgoingRequest): ClientRequest {
  const { hostname: host, port } = origin
  // A connection of its own: a pooled one would outlive the command, and hide how long connecting takes.
  const options = { host, port, method, path: target, headers, agent: false, ...tls }
  return origin.protocol === 'https:' ? requestTls(options) : requestPlain(options)
}
