import { foldCase } from './fold-case.ts'

/** Value of a condition key: one text, or several (never none). */
export type ContextValue = string | readonly string[]

type Entry = readonly [key: string, value: ContextValue]

/** Facts of one request by condition key. Key names are case-insensitive; values are not. */
export type RequestContext = {
  /** Keys as they were given, with their values. */
  readonly entries: ReadonlyMap<string, ContextValue>
  /** Value of a key in any letter case; `undefined` = the request has no such key, or nobody can tell which is meant. */
  readonly get: (key: string) => ContextValue | undefined
  /**
   * Whether the request has several keys that differ from this one in letter case only, and none that is spelled like it. Who
   * takes such a key for a missing one lets an attribute `SITE` beside `Site` switch off a Deny on `site`.
   */
  readonly isAmbiguous: (key: string) => boolean
}

/**
 * Makes a context. A key with an empty list is absent: AWS treats the two alike in every operator. Of keys that differ in
 * letter case only (two thing attributes, say), each is found by its exact spelling and none by another, so that no
 * policy is decided by the order of entries.
 */
export function createRequestContext(entries: Iterable<Entry>): RequestContext {
  const exact = new Map<string, ContextValue>()
  for (const [key, value] of entries) {
    if (value.length > 0 || typeof value === 'string') exact.set(key, value)
  }
  // Made when a key is first asked for that is not spelled like this: most requests never need it.
  let spellings: ReadonlyMap<string, readonly Entry[]> | undefined
  function spellingsOf(key: string): readonly Entry[] {
    spellings ??= Map.groupBy(exact, ([own]) => foldCase(own))
    return spellings.get(foldCase(key)) ?? []
  }
  return Object.freeze({
    entries: exact,
    get(key: string) {
      const value = exact.get(key)
      if (value !== undefined) return value
      const [only, ...others] = spellingsOf(key)
      return others.length === 0 ? only?.[1] : undefined
    },
    isAmbiguous(key: string) {
      return !exact.has(key) && spellingsOf(key).length > 1
    },
  })
}
