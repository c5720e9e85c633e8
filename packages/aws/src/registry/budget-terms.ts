/** A tenant's rate as the arithmetic of its counter; times in whole microseconds, so that nothing is rounded in its favour. */
export type BudgetTerms = {
  /** Time that one request takes up: 1 / rate. */
  readonly costMicros: number
  /** How far the counter may run ahead of the clock. */
  readonly toleranceMicros: number
  /** How long leased requests may be used, from the instant before the lease was asked for. */
  readonly lifeMicros: number
  /** Most requests of one lease. */
  readonly largestLease: number
}

const LONGEST_LIFE_MICROS = 1_000_000

/**
 * Longest time that a whole burst takes to come back, about 63 years: with it every sum with an instant of this century is a
 * whole number that a double holds, whatever was set.
 */
const LONGEST_BURST_MICROS = 2e15

/** Budgets of fewer requests are not leased ahead: each request asks. */
const SMALLEST_LEASED_BURST = 8

/**
 * Makes the terms of a rate.
 *
 * The counter is a theoretical arrival time (GCRA): a lease of n at `now` moves it from max(counter, now) by n × cost, and
 * is granted while it stays within now + tolerance. Whatever is admitted in a window was leased in the window or up to one
 * life before it, so with tolerance = burst × cost − life at most burst + rate × window is admitted in any window, however
 * many instances lease. The price is that a burst after a pause is shorter by rate × life: at most a quarter of it.
 * Clocks of instances that differ by s add rate × s; an answer of the registry that takes longer than a life adds as much.
 * Source: ATM Forum Traffic Management 4.0, 4.4.3 (generic cell rate algorithm).
 */
export function budgetTerms(rate: {
  readonly perSecond: number
  readonly burst: number
}): BudgetTerms {
  const burst = rate.burst >= 1 ? Math.min(Math.floor(rate.burst), LONGEST_BURST_MICROS) : 0
  const costMicros = costOf(rate.perSecond, Math.floor(LONGEST_BURST_MICROS / Math.max(burst, 1)))
  const quarterMicros = Math.floor((burst * costMicros) / 4)
  const lifeMicros =
    burst < SMALLEST_LEASED_BURST ? 0 : Math.min(LONGEST_LIFE_MICROS, quarterMicros)
  return {
    costMicros,
    toleranceMicros: burst * costMicros - lifeMicros,
    lifeMicros,
    largestLease: lifeMicros > 0 ? Math.floor(burst / 4) : 1,
  }
}

/** A rate that is no positive number takes the longest there is: the burst, and then none. */
function costOf(perSecond: number, longestMicros: number): number {
  if (!(perSecond > 0)) return longestMicros
  return Math.min(Math.max(Math.ceil(1_000_000 / perSecond), 1), longestMicros)
}

/** How many requests fit when the counter stands at `arrivalMicros`. */
export function roomFor(terms: BudgetTerms, arrivalMicros: number, nowMicros: number): number {
  const free = nowMicros + terms.toleranceMicros - Math.max(arrivalMicros, nowMicros)
  return Math.max(0, Math.floor(free / terms.costMicros))
}
