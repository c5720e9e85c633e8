import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { CallLimits } from '../call-settings.ts'
import type { Endpoint } from './endpoint.ts'
import { type SoleAnswers, watchSoleAnswers } from './sole-answer.ts'
import { type AnswerHead, readAnswer, type WireAnswer } from './wire-answer.ts'
import { wireFailure } from './wire-failure.ts'

// Not imported: to import `node:http` reads every property that it exports, and one of them loads Node's whole WebSocket client, which takes
// longer than all the rest of a cold start here.
const http = process.getBuiltinModule('node:http')
const https = process.getBuiltinModule('node:https')

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
    ? new https.Agent({ ...kept, rejectUnauthorized: true }) // not what NODE_TLS_REJECT_UNAUTHORIZED says
    : new http.Agent(kept)
  const open = secure ? https.request : http.request
  const target = { hostname, port, agent, method: 'POST', path: '/' }
  const answers = watchSoleAnswers()
  const post: Wire['post'] = (request, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const sent = open({ ...target, headers: request.headers })
      const fail = (thrown: Error): void => {
        guard.stop()
        reject(thrown) // before the request is destroyed: that fails, too, with less to say
        sent.destroy()
      }
      const guard = guardTime(sent, { limits, signal, fail })
      sent.on('error', fail)
      sent.on('response', (response) => {
        guard.answered()
        const done = finishing(response, answers, { resolve, fail })
        const stopping = (head: AnswerHead, body: Buffer): void => {
          guard.stop()
          done(head, body)
        }
        readAnswer(response, largestAnswerBytes, { done: stopping, fail })
      })
      sent.on('socket', (socket) => send(sent, request.body, { socket, answers }))
    })
  return { post, close: () => agent.destroy() }
}

/**
 * Sends a request's body. A connection that has been idle is read first, for two turns of the loop of which one polls: an answer that was already
 * there is to nothing that was asked now.
 */
function send(
  sent: ClientRequest,
  body: string,
  { socket, answers }: { readonly socket: Socket; readonly answers: SoleAnswers },
): void {
  const now = (): void => {
    answers.expect(socket)
    sent.end(body)
  }
  if (sent.reusedSocket) setImmediate(() => setImmediate(now))
  else now()
}

type Outcome = {
  readonly resolve: (answer: WireAnswer) => void
  readonly fail: (thrown: Error) => void
}

/** Makes what takes a whole answer, when it was the only one. */
function finishing(response: IncomingMessage, answers: SoleAnswers, { resolve, fail }: Outcome) {
  const { socket, headers } = response // Node takes the connection from an answer that has ended
  return (head: AnswerHead, body: Buffer): void => {
    if (answers.wasSole(socket, headers)) {
      resolve({ ...head, body, closeConnection: () => socket.destroy() })
    } else fail(wireFailure({ name: 'SurplusAnswer', code: 'SurplusAnswer' }))
  }
}

type Guarded = {
  readonly limits: CallLimits
  readonly signal: AbortSignal
  readonly fail: (thrown: Error) => void
}

/** What ends a request that takes too long or is given up. */
type Guard = {
  /** The headers of an answer are here: from now on only silence and the signal end it. */
  readonly answered: () => void
  readonly stop: () => void
}

function guardTime(sent: ClientRequest, { limits, signal, fail }: Guarded): Guard {
  const due: { headers?: NodeJS.Timeout; connection?: NodeJS.Timeout } = {}
  // Methods, here and above: SST's bundler gives every other function its name when it is made, which costs more than to call it.
  const on = {
    late(): void {
      fail(wireFailure({ name: 'TimeoutError' }))
    },
    abort(): void {
      fail(wireFailure({ name: 'AbortError' }))
    },
  }
  due.headers = setTimeout(on.late, limits.requestMs)
  signal.addEventListener('abort', on.abort)
  sent.setTimeout(limits.socketMs, on.late)
  sent.on('socket', (socket) => {
    if (!socket.connecting) return
    due.connection = setTimeout(on.late, limits.connectionMs)
    socket.once('connect', () => clearTimeout(due.connection))
  })
  return {
    answered() {
      clearTimeout(due.headers)
    },
    stop() {
      clearTimeout(due.headers)
      clearTimeout(due.connection)
      signal.removeEventListener('abort', on.abort)
    },
  }
}
