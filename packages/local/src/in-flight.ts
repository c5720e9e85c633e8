import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Most requests of one connection that are worked on at once. No client that is known sends a second before the first answer. */
export const MOST_IN_FLIGHT = 16

/** What is to become of a request: answered; refused, and the last of its connection; or, behind that one, not looked at. */
export type InFlightVerdict = 'answer' | 'refuse' | 'ignore'

/**
 * Makes the count of requests that a connection has in flight. Node starts on every pipelined request as it comes in, however many wait
 * for their answers: one socket could otherwise keep the registry busy with thousands. A connection that exceeds the limit is
 * read no further.
 */
export function createInFlightCount(
  most: number = MOST_IN_FLIGHT,
): (request: IncomingMessage, response: ServerResponse) => InFlightVerdict {
  const counts = new WeakMap<Socket, number>()
  const exceeded = new WeakSet<Socket>()
  return ({ socket }, response) => {
    if (exceeded.has(socket)) return 'ignore'
    const count = counts.get(socket) ?? 0
    if (count >= most) {
      exceeded.add(socket)
      socket.pause()
      return 'refuse'
    }
    counts.set(socket, count + 1)
    response.once('close', () => counts.set(socket, (counts.get(socket) ?? 1) - 1))
    return 'answer'
  }
}
