import { createHash } from 'node:crypto'
import { percentDecode, percentEncode } from './percent-encoding.ts'
import type { HeaderValues, RawRequest } from './raw-request.ts'

/**
 * How the path enters the signature. `root-only`: the service has no other path than `/`.
 * `segments-encoded-again`: each segment of the path as sent is percent-encoded once more, as every service but S3 does.
 */
export type PathRule = 'root-only' | 'segments-encoded-again'

/**
 * Builds the canonical request; undefined when path or query cannot be read in one way only.
 * The body is always hashed here: `x-amz-content-sha256` is no more than one of the signed headers, so a request signed
 * as `UNSIGNED-PAYLOAD` does not verify.
 * Source: AWS IAM User Guide, "Create a signed AWS API request", step 1.
 */
export function canonicalRequest(
  request: RawRequest,
  signedHeaders: readonly string[],
  pathRule: PathRule,
): string | undefined {
  const path = canonicalPath(request.path, pathRule)
  const query = canonicalQuery(request.query)
  if (path === undefined || query === undefined) return undefined
  const headers = signedHeaders.map((name) => `${name}:${canonicalValue(request.headers, name)}\n`)
  const bodyHash = createHash('sha256').update(request.body).digest('hex')
  return [request.method, path, query, headers.join(''), signedHeaders.join(';'), bodyHash].join(
    '\n',
  )
}

/** Dot segments and empty segments are not resolved: clients that resolve them sign another text, and are refused. */
function canonicalPath(path: string, rule: PathRule): string | undefined {
  if (rule === 'root-only') return path === '/' ? path : undefined
  return path.startsWith('/') ? path.split('/').map(percentEncode).join('/') : undefined
}

/** A `+` is a space, as whoever reads the parameters will hold; else two meanings would share one signature. */
function canonicalQuery(query: string): string | undefined {
  if (query === '') return ''
  const pairs: [string, string][] = []
  for (const part of query.split('&')) {
    const equals = part.indexOf('=')
    const name = percentDecode(equals < 0 ? part : part.slice(0, equals))
    const value = percentDecode(equals < 0 ? '' : part.slice(equals + 1))
    if (name === undefined || value === undefined) return undefined
    pairs.push([percentEncode(name), percentEncode(value)])
  }
  return pairs
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function byNameThenValue(one: readonly [string, string], other: readonly [string, string]): number {
  return compare(one[0], other[0]) || compare(one[1], other[1])
}

/** By code unit, which is by byte here: encoded text is ASCII. */
function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

function canonicalValue(headers: HeaderValues, name: string): string {
  const values = headers.get(name) ?? []
  return values.map((value) => value.trim().replace(/ +/g, ' ')).join(',')
}
