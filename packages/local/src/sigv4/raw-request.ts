/** Headers as they came: lower-case name → its values in order. A Map, so that no name can meet a prototype. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>

/** One HTTP request before anything was decoded: a signature covers exactly these bytes. */
export type RawRequest = {
  /** Upper-case, as sent. */
  readonly method: string
  /** Path as sent, percent-encoding untouched, without the query. */
  readonly path: string
  /** Query as sent, without its `?`; empty where there is none. */
  readonly query: string
  readonly headers: HeaderValues
  readonly body: Uint8Array
}

/** Splits a request target at its first `?` into path and query. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?')
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/**
 * Collects Node's `rawHeaders` (name, value, name, value, …). The parsed forms are not used because they drop or join
 * repeated headers, and a repeated header must be seen to be refused.
 */
export function collectHeaders(rawHeaders: readonly string[]): HeaderValues {
  const headers = new Map<string, string[]>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = String(rawHeaders[index]).toLowerCase()
    const value = String(rawHeaders[index + 1])
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [value])
    else values.push(value)
  }
  return headers
}

/** The value of a header that came exactly once; undefined when it is absent or repeated. */
export function singleHeader(headers: HeaderValues, name: string): string | undefined {
  const values = headers.get(name)
  return values?.length === 1 ? values[0] : undefined
}
