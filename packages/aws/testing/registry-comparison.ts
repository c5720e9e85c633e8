/** What one record should agree with, as text: two lists that should be equal. */
export type Comparison = {
  readonly of: string
  readonly is: readonly string[]
  readonly should: readonly string[]
}

/** A record or a key as text. */
export const textOf = (value: unknown): string => JSON.stringify(value)

/** How often each key comes. */
export const tally = (keys: readonly string[]): readonly string[] =>
  [...Map.groupBy(keys, (key) => key)].map(([key, group]) => `${key}: ${group.length}`)

/** Counts as they are stored; zeros left out. */
export const counted = (pairs: Iterable<readonly [string, number]>): readonly string[] =>
  [...pairs].filter(([, count]) => count !== 0).map(([key, count]) => `${key}: ${count}`)
