/** A memory of bounded size that forgets what was not used for longest. */
export type LeastRecentlyUsed<Value> = {
  /** What is kept under the key; being asked for counts as use. */
  readonly get: (key: string) => Value | undefined
  readonly set: (key: string, value: Value) => void
}

/**
 * Makes such a memory. The weights of all that is kept never sum to more than `capacity`; what weighs more by itself is
 * not kept.
 */
export function createLeastRecentlyUsed<Value>(
  capacity: number,
  weigh: (value: Value) => number = () => 1,
): LeastRecentlyUsed<Value> {
  const entries = new Map<string, { readonly value: Value; readonly weight: number }>() // oldest use first
  let total = 0

  const remove = (key: string): void => {
    total -= entries.get(key)?.weight ?? 0
    entries.delete(key)
  }
  return {
    get: (key) => {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      entries.set(key, entry)
      return entry.value
    },
    set: (key, value) => {
      remove(key)
      const weight = weigh(value)
      if (!(weight <= capacity)) return
      entries.set(key, { value, weight })
      total += weight
      for (const oldest of entries.keys()) {
        if (total <= capacity) break
        remove(oldest)
      }
    },
  }
}
