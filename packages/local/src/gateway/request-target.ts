/** A request target, taken apart the way an HTTP API does it. */
export type RequestTarget = {
  /** Path with its percent-escapes decoded, once. */
  readonly path: string
  /** Query as it came, without `?`; `''` when there is none. */
  readonly rawQuery: string
  /** Decoded parameters; repeated ones are joined by comma. */
  readonly query: Readonly<Record<string, string>>
}

const CREDENTIALS_PATH = /^\/role-aliases\/([^/]+)\/credentials$/

/** The one route of the device API; every other request falls to `$default`. */
export const CREDENTIALS_ROUTE = 'GET /role-aliases/{roleAlias}/credentials'

/**
 * Takes a request target (origin form, such as `/a%20b?c=d`) apart; undefined when it is of another form or its escapes
 * are no UTF-8.
 * Source: HTTP APIs hand a decoded path to the integration, `rawPath` included.
 */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  if (!target.startsWith('/')) return undefined
  const mark = target.indexOf('?')
  const rawPath = mark < 0 ? target : target.slice(0, mark)
  const rawQuery = mark < 0 ? '' : target.slice(mark + 1)
  const path = decoded(rawPath)
  return path === undefined ? undefined : { path, rawQuery, query: parseQuery(rawQuery) }
}

/** Finds the route of a request and what its path says, from the decoded path. */
export function matchRoute(
  method: string,
  path: string,
): { readonly routeKey: string; readonly pathParameters?: Readonly<Record<string, string>> } {
  const roleAlias = method === 'GET' ? CREDENTIALS_PATH.exec(path)?.[1] : undefined
  return roleAlias === undefined
    ? { routeKey: '$default' }
    : { routeKey: CREDENTIALS_ROUTE, pathParameters: { roleAlias } }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function parseQuery(rawQuery: string): Record<string, string> {
  if (rawQuery === '') return {}
  const values = new Map<string, string>()
  for (const [key, value] of new URLSearchParams(rawQuery)) {
    const earlier = values.get(key)
    values.set(key, earlier === undefined ? value : `${earlier},${value}`)
  }
  return Object.fromEntries(values)
}
