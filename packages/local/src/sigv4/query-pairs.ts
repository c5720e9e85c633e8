import { percentDecode, percentEncode } from './percent-encoding.ts'

/** A decoded parameter. */
export type QueryPair = readonly [name: string, value: string]

/**
 * Reads a query (without its `?`) the way its signature does: every `&` parts two parameters, the first `=` name and value, a second
 * `?` belongs to a name, a `+` is a space. In the order of the signed text, which is the same for every order that was sent: among
 * values of one name, too, so that nobody can change which one comes last. Undefined when a part is not percent-encoded UTF-8. Whoever
 * reads parameters of a signed request reads them here: URLSearchParams drops a leading `?`, empty parts and bytes that are no UTF-8.
 * Source: AWS IAM User Guide, "Create a signed AWS API request", step 1 (canonical query string).
 */
export function readQueryPairs(query: string): readonly QueryPair[] | undefined {
  if (query === '') return []
  const pairs: QueryPair[] = []
  for (const part of query.split('&')) {
    const equals = part.indexOf('=')
    const name = percentDecode(equals < 0 ? part : part.slice(0, equals))
    const value = percentDecode(equals < 0 ? '' : part.slice(equals + 1))
    if (name === undefined || value === undefined) return undefined
    pairs.push([name, value])
  }
  return pairs.sort(byNameThenValue)
}

function byNameThenValue(one: QueryPair, other: QueryPair): number {
  return compare(one[0], other[0]) || compare(one[1], other[1])
}

/** As the signed text sorts: encoded, by code unit, which is by byte there. */
function compare(one: string, other: string): number {
  const [encodedOne, encodedOther] = [percentEncode(one), percentEncode(other)]
  if (encodedOne === encodedOther) return 0
  return encodedOne < encodedOther ? -1 : 1
}
