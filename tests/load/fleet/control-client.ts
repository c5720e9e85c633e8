import { Agent as PlainAgent, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import { signRequest } from '@thingpass/local/sigv4/sign'

/** Keys of whoever makes the fleet. */
export type OperatorKeys = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** A control plane, without a tenant's prefix, and who calls it. */
export type ControlPlace = {
  readonly url: URL
  readonly region: string
  readonly keys: OperatorKeys
}

/** One call of an operation. */
export type ControlCall = {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** From `/`, percent-encoded, with the tenant's prefix where it is not the administrator's. */
  readonly path: string
  /** Percent-encoded, without `?`. */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  /** AWS's error codes that are as good as success: what is there already may stay. */
  readonly unless?: readonly string[]
}

/** What a client answers: the members of the answer, and ends its connections. */
export type ControlClient = {
  readonly call: (call: ControlCall) => Promise<Readonly<Record<string, unknown>>>
  readonly close: () => void
}

const TIMEOUT_MS = 30_000

/**
 * Makes a client of a control plane that keeps its connections and signs in the process: a fleet is thousands of calls.
 * A call that is refused rejects with the operation's place and AWS's code, nothing else.
 */
export function createControlClient(place: ControlPlace, connections: number): ControlClient {
  const secure = place.url.protocol === 'https:'
  const settings = { keepAlive: true, maxSockets: connections }
  const agent = secure ? new TlsAgent(settings) : new PlainAgent(settings)
  return {
    call: async (call) => {
      const { options, body } = signed(call, place)
      const answer = await send(secure, { ...options, agent, timeout: TIMEOUT_MS }, body)
      if (answer.status === 200) return JSON.parse(answer.text === '' ? '{}' : answer.text)
      const code = answer.errorType.split(':')[0] ?? ''
      if (call.unless?.includes(code)) return {}
      throw new Error(
        `control plane: ${call.method} ${call.path}: ${answer.status} ${code || 'no code'}`,
      )
    },
    close: () => agent.destroy(),
  }
}

function signed(
  { method, path, query = '', headers = {}, body }: ControlCall,
  { url, region, keys }: ControlPlace,
): { readonly options: RequestOptions; readonly body: Buffer } {
  const base = url.pathname.replace(/\/+$/, '')
  const octets = Buffer.from(body === undefined ? '' : JSON.stringify(body))
  const request = signRequest(
    {
      ...{ method, path: `${base}${path}`, query, body: octets },
      headers: new Map([
        ['host', [url.host]],
        ...(body === undefined ? [] : [['content-type', ['application/json']] as const]),
        ...Object.entries(headers).map(([name, value]) => [name, [value]] as const),
      ]),
    },
    {
      ...keys,
      ...{ region, service: 'execute-api', pathRule: 'segments-encoded-again', now: new Date() },
    },
  )
  if (request === undefined) throw new Error(`control plane: ${method} ${path} cannot be signed`)
  const sent = [...request.headers].map(([name, values]) => [name, values.join()])
  const target = query === '' ? request.path : `${request.path}?${query}`
  return {
    options: {
      ...{ method, path: target, host: url.hostname, port: url.port },
      headers: Object.fromEntries(sent),
    },
    body: octets,
  }
}

type Answer = { readonly status: number; readonly errorType: string; readonly text: string }

function send(secure: boolean, options: RequestOptions, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = (secure ? requestTls : requestPlain)(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          errorType: String(response.headers['x-amzn-errortype'] ?? ''),
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.on('timeout', () => sent.destroy(new Error('control plane: no answer')))
    sent.on('error', reject)
    sent.end(body)
  })
}
