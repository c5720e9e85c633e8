import type { Clock } from '@thingpass/core/ports'

/** A clock that follows the service's where ours is off by so much that signatures are refused. */
export type ServiceClock = {
  readonly now: Clock
  /** Takes over the time of an answer's `Date` header; false where it agrees with ours, or is none. */
  readonly correct: (date: string | undefined) => boolean
}

/** Signatures hold for five minutes before and after; a minute of it is left to the way. Source: IAM User Guide, "Signature Version 4 request elements". */
const TOLERATED_MS = 240_000

/** Makes a clock that is ours until it is corrected. It serves signatures only: certificates are judged by our own. */
export function createServiceClock(clock: Clock): ServiceClock {
  let offsetMs = 0
  const now = () => new Date(clock().getTime() + offsetMs)
  return {
    now,
    correct: (date) => {
      const skewMs = Date.parse(date ?? '') - now().getTime()
      const skewed = Math.abs(skewMs) >= TOLERATED_MS
      if (skewed) offsetMs += skewMs
      return skewed
    },
  }
}
