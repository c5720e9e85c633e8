/**
 * Characters that somebody behind the gateway may read in another way than the policies do: `%` as an escape, `\` as `/`, `?` and `#`
 * as the end of the path, `;` as the beginning of parameters that are dropped; `*` and `?` would turn the ARN in an IAM answer into a
 * pattern; control characters are dropped or end a line.
 */
const READ_DIFFERENTLY = /[%\\?#;*\p{Cc}\p{Cs}\u2028\u2029]/u

/**
 * Whether a path has one reading: absolute, no empty segment but the last, no dot segment, no character of several meanings.
 * Source: RFC 3986 §5.2.4 (dot segments), WHATWG URL (`\` as `/`), Jakarta Servlet 6.1 §3.5.1 (path parameters).
 */
export function isUnambiguousPath(path: string): boolean {
  if (!path.startsWith('/') || READ_DIFFERENTLY.test(path)) return false
  const segments = path.slice(1).split('/')
  const inner = segments.slice(0, -1)
  return inner.every((segment) => segment !== '') && !segments.some(isDotSegment)
}

function isDotSegment(segment: string): boolean {
  return segment === '.' || segment === '..'
}
