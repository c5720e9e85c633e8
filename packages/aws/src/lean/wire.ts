import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { CallLimits } from '../call-settings.ts'
import type { Endpoint } from './endpoint.ts'
import { type AnswerHead, readAnswer, type WireAnswer } from './wire-answer.ts'
import { wireFailure } from './wire-failure.ts'

/** One POST to `/`: all headers that are sent, and the body as UTF-8. */
export type WireRequest = {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Posts to one endpoint over connections that are kept. */
export type Wire = {
  /**
   * Posts once.
   * @throws {Error} with the name `TimeoutError` or `AbortError`, or Node's `code`
   */
  readonly post: (request: WireRequest, signal: AbortSignal) => Promise<WireAnswer>
  /** Closes the connections. */
  readonly close: () => void
}

/** Where to, within which limits, and how long an answer may be. */
export type WireOptions = {
  readonly endpoint: Endpoint
  readonly limits: CallLimits
  readonly largestAnswerBytes: number
}

/** Makes a wire. Certificates are verified whatever the environment says, by Node's own trust store. */
export function createWire({ endpoint, limits, largestAnswerBytes }: WireOptions): Wire {
  const { secure, hostname, port } = endpoint
  const kept = { keepAlive: true, maxSockets: limits.maxSockets }
  const agent = secure
    ? new HttpsAgent({ ...kept, rejectUnauthorized: true }) // not what NODE_TLS_REJECT_UNAUTHORIZED says
    : new HttpAgent(kept)
  const open = secure ? httpsRequest : httpRequest
  const target = { hostname, port, agent, method: 'POST', path: '/' }
  const post: Wire['post'] = (request, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const sent = open({ ...target, headers: request.headers })
      const stop = guardTime(sent, { limits, signal, fail })
      sent.on('error', fail)
      sent.on('response', (response) => {
        stop.waiting()
        readAnswer(response, largestAnswerBytes, { fail, done })
      })
      sent.end(request.body)

      function done(head: AnswerHead, body: Buffer): void {
        stop.all()
        resolve({ ...head, body })
      }
      function fail(thrown: Error): void {
        stop.all()
        reject(thrown) // before the request is destroyed: that fails, too, with less to say
        sent.destroy()
      }
    })
  return { post, close: () => agent.destroy() }
}

type Guard = {
  readonly limits: CallLimits
  readonly signal: AbortSignal
  readonly fail: (thrown: Error) => void
}

/** Ends a request that takes too long or is given up. `waiting` ends once the headers of an answer are here. */
function guardTime(sent: ClientRequest, { limits, signal, fail }: Guard) {
  const late = () => fail(wireFailure({ name: 'TimeoutError' }))
  const abort = () => fail(wireFailure({ name: 'AbortError' }))
  const headers = setTimeout(late, limits.requestMs)
  let connection: NodeJS.Timeout | undefined
  signal.addEventListener('abort', abort)
  sent.setTimeout(limits.socketMs, late)
  sent.on('socket', (socket) => {
    if (!socket.connecting) return
    connection = setTimeout(late, limits.connectionMs)
    socket.once('connect', () => clearTimeout(connection))
  })
  const waiting = (): void => {
    clearTimeout(headers)
    clearTimeout(connection)
  }
  const all = (): void => {
    waiting()
    signal.removeEventListener('abort', abort)
  }
  return { waiting, all }
}
