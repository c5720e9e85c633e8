import { createHash } from 'node:crypto'
import { percentEncode } from './percent-encoding.ts'
import { readQueryPairs } from './query-pairs.ts'
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

function canonicalQuery(query: string): string | undefined {
  return readQueryPairs(query)
    ?.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')
}

function canonicalValue(headers: HeaderValues, name: string): string {
  const values = headers.get(name) ?? []
  return values.map((value) => value.trim().replace(/ +/g, ' ')).join(',')
}
