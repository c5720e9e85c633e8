import type { DeviceCredentials } from './device-credentials.ts'

/** What is remembered between two calls. */
export type Memory = {
  readonly held?: HeldCredentials
  readonly failure?: RememberedFailure
}

/** Credentials, and when others should be asked for. */
export type HeldCredentials = DeviceCredentials & {
  readonly receivedAt: Date
  readonly refreshAt: Date
}

/** A failure that is not asked after again before `until`. */
export type RememberedFailure = {
  readonly at: Date
  readonly until: Date
  /** One line for people; no secret. */
  readonly message: string
}

/** What to do for a caller. `spare` = what may still be given when asking fails. */
export type Plan =
  | { readonly do: 'give'; readonly credentials: DeviceCredentials }
  | { readonly do: 'ask'; readonly spare?: DeviceCredentials }
  | { readonly do: 'refuse'; readonly failure: RememberedFailure }

/**
 * Decides what a caller gets at an instant. Nothing is ever given at or past its expiry; a clock that was set back makes
 * memories doubtful, and leads to asking.
 */
export function plan({ held, failure }: Memory, now: Date): Plan {
  const live = held !== undefined && now < held.expiration ? held : undefined
  const fresh = live !== undefined && live.receivedAt <= now && now < live.refreshAt
  const pausing = failure !== undefined && failure.at <= now && now < failure.until
  if (live !== undefined && (fresh || pausing)) return { do: 'give', credentials: live }
  if (pausing) return { do: 'refuse', failure }
  return { do: 'ask', ...(live === undefined ? {} : { spare: live }) }
}

/** STS gives no longer sessions. A life beyond it tells of a wrong clock here. */
const LONGEST_LIFE_MS = 12 * 60 * 60 * 1000
/** Of the life that credentials came with, this share is left when others are asked for: at least the first, less than the sum. */
const LEAST_SHARE_LEFT = 0.25
const RANDOM_SHARE = 0.25

/**
 * What to remember of new credentials. Others are asked for when a random share of a quarter to a half of their life is left:
 * random, so that a fleet that started together does not ask together; a quarter at least, so that of an hour there are always
 * the 15 minutes left below which botocore asks at every call. `random` is from 0 to less than 1.
 */
export function rememberCredentials(
  credentials: DeviceCredentials,
  now: Date,
  random: number,
): Memory {
  const life = Math.min(credentials.expiration.getTime() - now.getTime(), LONGEST_LIFE_MS)
  const share = LEAST_SHARE_LEFT + RANDOM_SHARE * random
  const refreshAt = new Date(now.getTime() + Math.max(0, life) * (1 - share))
  return { held: { ...credentials, receivedAt: now, refreshAt } }
}

/** What to remember of a failure: what was held stays; nobody asks again before `holdSeconds` and up to half as much more are over. */
export function rememberFailure(
  { held }: Memory,
  failed: { readonly message: string; readonly holdSeconds: number },
  at: Date,
  random: number,
): Memory {
  const until = new Date(at.getTime() + failed.holdSeconds * 1000 * (1 + random / 2))
  const failure = { at, until, message: failed.message }
  return { ...(held === undefined ? {} : { held }), failure }
}
