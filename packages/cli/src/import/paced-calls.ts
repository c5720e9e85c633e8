import type { Call } from './fleet-reader.ts'

/** Time, as pacing needs it. */
export type Pacemaker = {
  /** Milliseconds from any fixed point. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** At least 0, below 1. */
  readonly random: () => number
}

/** How calls of one service are made. */
export type Pace = {
  /** Calls per second, tries included; above 0. */
  readonly perSecond: number
  /** Tries of one call, at least 1. */
  readonly attempts: number
  readonly mayRetry: (thrown: unknown) => boolean
  /** Told of each try that is going to be repeated. */
  readonly waiting?: (thrown: unknown) => void
}

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 20_000

/**
 * Makes calls no faster than the rate, evenly and however many are in flight, and repeats what may be repeated after a wait that
 * doubles, with jitter. A wait holds back all calls: the limit is the account's, not the call's.
 */
export function createPacedCalls(pace: Pace, { now, sleep, random }: Pacemaker): Call {
  let free = 0
  const slot = async () => {
    const at = Math.max(now(), free)
    free = at + 1000 / pace.perSecond
    const wait = at - now()
    if (wait > 0) await sleep(wait)
  }
  const retreat = (attempt: number) => {
    const wait =
      Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (0.5 + random() / 2)
    free = Math.max(free, now() + wait)
  }
  return async (work) => {
    for (let attempt = 1; ; attempt += 1) {
      await slot()
      try {
        return await work()
      } catch (thrown) {
        if (attempt >= pace.attempts || !pace.mayRetry(thrown)) throw thrown
        pace.waiting?.(thrown)
        retreat(attempt)
      }
    }
  }
}
