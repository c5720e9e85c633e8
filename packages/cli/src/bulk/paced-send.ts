import type { SendApi } from '../api/send-api.ts'

/** Time, as pacing needs it. */
export type Pacemaker = {
  /** Milliseconds from any fixed point. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

/** Sends calls evenly and no faster than the rate, however many are in flight. `perSecond` is above 0. */
export function createPacedSend(
  send: SendApi,
  perSecond: number,
  { now, sleep }: Pacemaker,
): SendApi {
  let free = 0
  return async (request) => {
    const at = Math.max(now(), free)
    free = at + 1000 / perSecond
    const wait = at - now()
    if (wait > 0) await sleep(wait)
    return send(request)
  }
}
