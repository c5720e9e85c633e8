/** A route key of an HTTP API (`GET /readings/{thing}`), taken apart. */
export type RouteMatch = {
  readonly routeKey: string
  readonly pathParameters: Readonly<Record<string, string>>
}

/**
 * Finds the route of a method and decoded path among route keys. `{name}` stands for exactly one segment that is not empty. A fixed
 * segment wins over a parameter, from the left.
 * Source: AWS API Gateway developer guide, "Create routes for HTTP APIs" (greedy paths and `ANY` are left out).
 */
export function matchRouteKey(
  routeKeys: readonly string[],
  method: string,
  path: string,
): RouteMatch | undefined {
  const matches = routeKeys.flatMap((routeKey) => {
    const pathParameters = parametersOf(routeKey, `${method} ${path}`)
    return pathParameters === undefined ? [] : [{ routeKey, pathParameters }]
  })
  // `{` sorts after every letter and digit.
  return matches.toSorted((one, other) => (one.routeKey < other.routeKey ? -1 : 1))[0]
}

function parametersOf(routeKey: string, asked: string): Record<string, string> | undefined {
  const wanted = routeKey.split('/')
  const given = asked.split('/')
  if (wanted.length !== given.length) return undefined
  const parameters: [string, string][] = []
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? ''
    const name = /^\{(\w+)\}$/.exec(segment)?.[1]
    if (name === undefined ? segment !== value : value === '') return undefined
    if (name !== undefined) parameters.push([name, value])
  }
  return Object.fromEntries(parameters)
}
