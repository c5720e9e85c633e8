import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Watches that a connection brings one answer for each request, and nothing else. HTTP ties answers to requests by their order alone: after one
 * answer too many every caller would get that of the caller before.
 */
export type SoleAnswers = {
  /** A request is about to be sent: from now on, and not before, an answer may come. */
  readonly expect: (socket: Socket) => void
  /** The answer has ended: whether it was all that came. If not, the connection is closed. */
  readonly wasSole: (socket: Socket, headers: IncomingHttpHeaders) => boolean
}

/** What has come over a connection since its last answer ended. */
type Received = {
  expected: boolean
  bytes: number
  /** The beginning, as long as the head's end is not in it. */
  start: Buffer
  headBytes: number
  end: Buffer
}

const HEAD_END = '\r\n\r\n'
/** Last chunk and no trailers. Source: RFC 9112 §7.1. */
const BODY_END = '0\r\n\r\n'
const NONE = Buffer.alloc(0)

/** Makes the watch over the connections of one agent. */
export function watchSoleAnswers(): SoleAnswers {
  const connections = new WeakMap<Socket, Received>()
  const watch = (socket: Socket): Received => {
    const received = nothing()
    connections.set(socket, received)
    socket.on('data', (chunk: Buffer) => take(received, chunk)) // while it is idle Node closes it by itself
    return received
  }
  return {
    expect(socket) {
      const received = connections.get(socket) ?? watch(socket)
      received.expected = true
    },
    wasSole(socket, headers) {
      const received = connections.get(socket)
      // Node closes a connection by itself at the head of a second answer.
      const sole = received !== undefined && !socket.destroyed && endsWithAnswer(received, headers)
      if (received !== undefined) Object.assign(received, nothing())
      if (!sole) socket.destroy()
      return sole
    },
  }
}

function nothing(): Received {
  return { expected: false, bytes: 0, start: NONE, headBytes: 0, end: NONE }
}

function take(received: Received, chunk: Buffer): void {
  received.bytes += chunk.length
  received.end = Buffer.concat([received.end, chunk.subarray(-BODY_END.length)])
  received.end = received.end.subarray(-BODY_END.length)
  if (received.headBytes > 0) return
  received.start = received.start.length === 0 ? chunk : Buffer.concat([received.start, chunk])
  const at = received.start.indexOf(HEAD_END)
  if (at < 0) return
  received.headBytes = at + HEAD_END.length
  received.start = NONE
}

/** Whether the last byte that came is the answer's own. */
function endsWithAnswer(received: Received, headers: IncomingHttpHeaders): boolean {
  const { expected, bytes, headBytes, end } = received
  if (headers['transfer-encoding'] !== undefined) return expected && end.toString() === BODY_END
  return expected && bytes === headBytes + Number(headers['content-length'] ?? 0)
}
