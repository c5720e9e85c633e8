import type { CallLimits } from './call-settings.ts'

/**
 * The whole answer is due within 3000 ms, and the caller's deadline ends every call whatever stands here. These limits
 * leave room for a second attempt inside it: two registry attempts take at most 2 × 700 ms and a pause of 50 ms (1000 ms
 * after throttling), of which a warm request makes one round.
 * Sockets: a thing's closure holds at most 70 groups, which are read at once.
 * Source: smithy-typescript retries (pauses before a second attempt: up to 50 ms, up to 1000 ms when throttled).
 */
export const REGISTRY_LIMITS: CallLimits = Object.freeze({
  connectionMs: 400,
  requestMs: 700,
  socketMs: 700,
  maxAttempts: 2,
  maxSockets: 100,
})

/** AssumeRole is slower than a read and comes last: two attempts take at most 2 × 1200 ms. See `REGISTRY_LIMITS`. */
export const STS_LIMITS: CallLimits = Object.freeze({
  connectionMs: 500,
  requestMs: 1200,
  socketMs: 1200,
  maxAttempts: 2,
  maxSockets: 50,
})
