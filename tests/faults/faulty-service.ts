import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import type { FaultKind } from './fault-kind.ts'
import { type CallShape, FAILURES, type Reply, type Wire } from './wire.ts'

/** A request as it came in. */
export type Received = {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** What answers where nothing goes wrong: the base URL of a real engine, or a stand-in. */
export type Upstream = string | ((received: Received, call: string) => Reply)

/** A service that misbehaves when told to. */
export type FaultyService<Call extends string> = {
  readonly url: string
  /**
   * Spoils one kind of call from now on, on every attempt or the next few. `lost` lets it through and resets the connection instead
   * of answering.
   */
  readonly spoil: (call: Call, kind: FaultKind | 'lost', times?: number) => void
  /** Calls that were spoiled so far. */
  readonly spoiled: () => number
  readonly close: () => Promise<void>
}

type Spoiling<Call> = { call?: Call; kind?: FaultKind | 'lost'; count: number; times: number }

/** Late, and well within the limits of every adapter. */
const SLOW_MS = 250

/** Starts one before an upstream, on a free loopback port. */
export async function startFaultyService<Call extends string>(
  wire: Wire<Call>,
  upstream: Upstream,
): Promise<FaultyService<Call>> {
  const state: Spoiling<Call> = { count: 0, times: 0 }
  const server = createServer(async (incoming, response) => {
    const received = await receive(incoming)
    const call = wire.callOf(received)
    const kind = call === state.call && state.count < state.times ? state.kind : undefined
    if (kind !== undefined) state.count++
    const behave = BEHAVIOURS[kind ?? 'well']
    const outcome = await behave(wire.calls[call], () => ask(upstream, received, call))
    if (outcome === 'reset') incoming.socket.resetAndDestroy()
    else if (outcome !== 'silence') write(response, outcome)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    spoil: (call, kind, times = Number.POSITIVE_INFINITY) =>
      Object.assign(state, { call, kind, times }),
    spoiled: () => state.count,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Behaviour = (
  shape: CallShape,
  pass: () => Promise<Reply>,
) => Promise<Reply | 'silence' | 'reset'>

const failing =
  (kind: keyof typeof FAILURES): Behaviour =>
  async (shape) =>
    FAILURES[kind](shape)

const BEHAVIOURS: Readonly<Record<FaultKind | 'lost' | 'well', Behaviour>> = {
  well: (_, pass) => pass(),
  slow: (_, pass) => delay(SLOW_MS).then(pass),
  timeout: async () => 'silence',
  reset: async () => 'reset',
  lost: async (_, pass) => {
    await pass()
    return 'reset'
  },
  error: failing('error'),
  throttle: failing('throttle'),
  empty: failing('empty'),
  malformed: failing('malformed'),
  'wrong-type': failing('wrong-type'),
}

async function receive(incoming: IncomingMessage): Promise<Received> {
  const { method = '', url = '', headers } = incoming
  return { method, path: url, headers, body: await buffer(incoming) }
}

async function ask(upstream: Upstream, received: Received, call: string): Promise<Reply> {
  if (typeof upstream === 'function') return upstream(received, call)
  const { method, path, headers, body } = received
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, upstream), { method, headers }, async (answer) => {
      const headersBack = Object.fromEntries(
        Object.entries(answer.headers).flatMap(([name, value]) =>
          typeof value === 'string' && name !== 'transfer-encoding' ? [[name, value]] : [],
        ),
      )
      resolve({
        status: answer.statusCode ?? 0,
        headers: headersBack,
        body: await buffer(answer),
      })
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

function write(response: ServerResponse, { status, headers, body }: Reply): void {
  const length = String(Buffer.byteLength(body))
  response.writeHead(status, { ...headers, 'content-length': length }).end(body)
}
