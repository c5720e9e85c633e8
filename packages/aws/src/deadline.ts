import type { Clock } from '@thingpass/core/ports'

/** Longest delay of a Node timer; more would fire at once. Source: Node.js timers, `setTimeout`. */
const LONGEST_DELAY_MS = 2 ** 31 - 1

/**
 * Runs `work` with a signal that aborts at the deadline or when the work fails, and settles by then whether or not the work heeds the signal:
 * the SDK does not look at it while it resolves credentials or reads an answer's body.
 * @throws {Error} named `TimeoutError` at the deadline; at once, without a call, when the deadline has passed
 */
export async function beforeDeadline<Result>(
  due: { readonly deadline: Date; readonly clock: Clock },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const remaining = due.deadline.getTime() - due.clock().getTime()
  const inTime = remaining > 0 // an invalid date is not
  if (!inTime) throw timeoutError()
  const controller = new AbortController()
  const { promise: expiry, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(timeoutError()), Math.min(remaining, LONGEST_DELAY_MS))
  try {
    return await Promise.race([work(controller.signal), expiry])
  } catch (thrown) {
    controller.abort() // also what else is under way when one of several calls has failed
    throw thrown
  } finally {
    clearTimeout(timer)
  }
}

function timeoutError(): Error {
  return Object.assign(new Error('the deadline has come'), { name: 'TimeoutError' })
}
