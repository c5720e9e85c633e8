import { foldCase } from './fold-case.ts'

/** Value of a condition key: one text, or several (never none). */
export type ContextValue = string | readonly string[]

/** Facts of one request by condition key. Key names are case-insensitive; values are not. */
export type RequestContext = {
  /** Keys as they were given, with their values. */
  readonly entries: ReadonlyMap<string, ContextValue>
  /** Value of a key in any letter case; `undefined` = the request has no such key. */
  readonly get: (key: string) => ContextValue | undefined
}

/**
 * Makes a context. A key with an empty list is absent: AWS treats the two alike in every operator. Of keys that differ in
 * letter case only (two thing attributes, say), each is found by its exact spelling and none by another, so that no
 * policy is decided by the order of entries.
 */
export function createRequestContext(
  entries: Iterable<readonly [key: string, value: ContextValue]>,
): RequestContext {
  const exact = new Map<string, ContextValue>()
  for (const [key, value] of entries) {
    if (value.length > 0 || typeof value === 'string') exact.set(key, value)
  }
  const folded = new Map<string, ContextValue | undefined>()
  for (const [key, value] of exact) {
    const name = foldCase(key)
    folded.set(name, folded.has(name) ? undefined : value)
  }
  return Object.freeze({
    entries: exact,
    get: (key: string) => exact.get(key) ?? folded.get(foldCase(key)),
  })
}
