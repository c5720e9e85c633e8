import type { FailureKind } from '../service-failure.ts'

/**
 * Bounds the retries of one process, so that they do not double the load on a service that is failing anyway: each retry takes from a stock,
 * successes fill it up again.
 * Source: smithy-typescript, the figures of its standard retry strategy.
 */
export type RetryQuota = {
  /** Takes what a retry costs; false when too little is left. */
  readonly take: (kind: FailureKind) => boolean
  /** A call has succeeded. */
  readonly refill: () => void
}

const STOCK = 500
const COST = 5
const TIMEOUT_COST = 10

/** Makes a full stock. */
export function createRetryQuota(): RetryQuota {
  let left = STOCK
  return {
    take: (kind) => {
      const cost = kind === 'timeout' ? TIMEOUT_COST : COST
      const enough = left >= cost
      if (enough) left -= cost
      return enough
    },
    refill: () => {
      left = Math.min(STOCK, left + 1)
    },
  }
}
