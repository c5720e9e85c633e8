/** Headers of one message hop, which a gateway consumes. Source: RFC 9110 section 7.6.1. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Whether a header, by its lower-case name, is of one hop and goes no further. */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name)
}

/** Name (lower-case) and values of each header, in the order of first appearance. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>

/**
 * Groups Node's flat list of header names and values. Node's own `headers` object will not do: of some repeated headers
 * it keeps the first and drops the rest.
 */
export function groupHeaders(rawHeaders: readonly string[]): HeaderValues {
  const grouped = new Map<string, string[]>()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    grouped.set(name, [...(grouped.get(name) ?? []), value])
  }
  return grouped
}

/**
 * The `headers` and `cookies` of a payload 2.0 event: lower-case names, repeated values joined by comma, cookies apart.
 * Source: AWS API Gateway developer guide, "Lambda proxy integrations for HTTP APIs", payload format 2.0.
 */
export function eventHeaders(headers: HeaderValues): {
  readonly headers: Readonly<Record<string, string>>
  readonly cookies?: string[]
} {
  const passed = [...headers].filter(([name]) => name !== 'cookie' && !isHopByHop(name))
  const joined = Object.fromEntries(passed.map(([name, values]) => [name, values.join(',')]))
  const cookies = (headers.get('cookie') ?? []).flatMap((line) => line.split(/; */)).filter(Boolean)
  return cookies.length === 0 ? { headers: joined } : { headers: joined, cookies }
}
