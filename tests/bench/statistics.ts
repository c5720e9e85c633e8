/** One round of a comparison: both sides measured one right after the other, in the same unit. */
export type Pair = { readonly ours: number; readonly base: number }

/** How many times one side is the other, with the interval that holds 95 of 100 resamples. */
export type Ratio = { readonly value: number; readonly low: number; readonly high: number }

const RESAMPLES = 2_000
const SEED = 0x5eed

/**
 * The middle value; the mean of the two middle ones of an even number.
 * @throws {RangeError} without a value
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  if (upper === undefined || lower === undefined) throw new RangeError('no median of nothing')
  return (lower + upper) / 2
}

/**
 * Median of ours over median of the base. The interval is a percentile bootstrap over whole rounds, so that what slowed both
 * sides of a round down does not widen it; equal pairs give equal intervals.
 */
export function ratioOf(pairs: readonly Pair[], resamples = RESAMPLES): Ratio {
  const random = createRandom(SEED)
  const drawn = Array.from({ length: resamples }, () =>
    ratioOfMedians(pairs.map(() => pairs[Math.floor(random() * pairs.length)] as Pair)),
  ).sort((one, other) => one - other)
  const at = (part: number) => drawn[Math.round(part * (drawn.length - 1))] ?? Number.NaN
  return { value: ratioOfMedians(pairs), low: at(0.025), high: at(0.975) }
}

function ratioOfMedians(pairs: readonly Pair[]): number {
  return median(pairs.map(({ ours }) => ours)) / median(pairs.map(({ base }) => base))
}

/** A repeatable source of 0 ≤ x < 1. Source: Tommy Ettinger, mulberry32 (public domain). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
