/** How an operation is called. `{name}` in the path is a label: one whole segment. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
}

/** A route that matched, with its labels decoded. */
export type RouteMatch<Matched extends Route> =
  | { readonly kind: 'matched'; readonly route: Matched; readonly labels: Labels }
  | { readonly kind: 'label-malformed' }
  | { readonly kind: 'unknown' }

/** Label name → its value, decoded once. */
export type Labels = ReadonlyMap<string, string>

/** Finds the route of a method and a path as sent. */
export type MatchRoute<Matched extends Route> = (
  method: string,
  path: string,
) => RouteMatch<Matched>

type Segment = { readonly literal: string } | { readonly label: string }

/**
 * Makes the matcher of a table of routes. Literal segments count in their one plain spelling; a literal goes before a label.
 * @throws {TypeError} when two routes could not be told apart
 */
export function createRouter<Matched extends Route>(
  routes: readonly Matched[],
): MatchRoute<Matched> {
  const compiled = routes.map((route) => ({ route, segments: segmentsOf(route.path) }))
  const shapes = compiled.map(({ route, segments }) => `${route.method} ${shapeOf(segments)}`)
  const twice = shapes.find((shape, index) => shapes.indexOf(shape) < index)
  if (twice !== undefined) throw new TypeError(`two routes have the shape ${twice}`)
  const ordered = compiled.sort((one, other) =>
    compare(shapeOf(one.segments), shapeOf(other.segments)),
  )
  return (method, path) => {
    const sent = path.split('/').slice(1)
    const found = ordered.find(
      ({ route, segments }) => route.method === method && fits(segments, sent),
    )
    if (found === undefined || !path.startsWith('/')) return { kind: 'unknown' }
    const labels = decodeLabels(found.segments, sent)
    return labels === undefined
      ? { kind: 'label-malformed' }
      : { kind: 'matched', route: found.route, labels }
  }
}

function segmentsOf(path: string): readonly Segment[] {
  return path
    .split('/')
    .slice(1)
    .map((text) => (text.startsWith('{') ? { label: text.slice(1, -1) } : { literal: text }))
}

/** A label sorts behind every literal. */
function shapeOf(segments: readonly Segment[]): string {
  return segments.map((segment) => ('label' in segment ? '~' : segment.literal)).join('/')
}

function compare(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}

function fits(segments: readonly Segment[], sent: readonly string[]): boolean {
  return (
    segments.length === sent.length &&
    segments.every((segment, index) => 'label' in segment || segment.literal === sent[index])
  )
}

/** Undefined when a label is not the percent-encoding of UTF-8 text. */
function decodeLabels(segments: readonly Segment[], sent: readonly string[]): Labels | undefined {
  try {
    return new Map(
      segments.flatMap((segment, index) =>
        'label' in segment ? [[segment.label, decodeURIComponent(sent[index] ?? '')] as const] : [],
      ),
    )
  } catch {
    return undefined
  }
}
