/** A sequence of numbers that looks random and is the same for the same seed. */
export type Random = {
  /** A whole number from 0 to below − 1. */
  readonly below: (below: number) => number
  /** True once in so many times. */
  readonly oneIn: (times: number) => boolean
  /** One item of a list that is not empty. */
  readonly pick: <Item>(items: readonly Item[]) => Item
}

/** Makes a sequence (mulberry32). Not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: (items) => items[below(items.length)]!,
  }
}
