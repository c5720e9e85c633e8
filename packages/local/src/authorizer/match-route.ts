import { Fault } from '@thingpass/core/fault'

/** A route key of an HTTP API (`GET /readings/{thing}`), taken apart. */
export type RouteMatch = {
  readonly routeKey: string
  readonly pathParameters: Readonly<Record<string, string>>
}

type Segment =
  | { readonly kind: 'fixed'; readonly text: string }
  | { readonly kind: 'variable' | 'greedy'; readonly name: string }

type Route = {
  readonly routeKey: string
  readonly method: string
  readonly segments: readonly Segment[]
}

/** Finds the route of a method and decoded path. */
export type MatchRoute = (method: string, path: string) => RouteMatch | undefined

const ANY_METHOD = 'ANY'
/** The more specific first. */
const SPECIFICITY = ['fixed', 'variable', 'greedy'] as const
const PLACEHOLDER = /^\{([\w.:-]+)(\+?)\}$/
const FIXED = /^[^{}]*$/

/**
 * Makes the choice among route keys: the most specific path wins, segment by segment from the left (fixed text, `{name}` for one segment,
 * `{name+}` for one or more at the end), and on one path a method over `ANY`. No segment that a variable stands for is empty.
 * Source: AWS API Gateway developer guide, "Create routes for HTTP APIs" (routing API requests, greedy path variables).
 * @throws {Fault} CONFIGURATION_INVALID for a route key that no HTTP API takes
 */
export function createMatchRoute(routeKeys: readonly string[]): MatchRoute {
  const routes = routeKeys.map(parseRouteKey).toSorted(bySpecificity)
  return (method, path) => {
    const given = path.split('/').slice(1)
    for (const route of routes) {
      const served = route.method === method || route.method === ANY_METHOD
      const pathParameters = served ? parametersOf(route.segments, given) : undefined
      if (pathParameters !== undefined) return { routeKey: route.routeKey, pathParameters }
    }
    return undefined
  }
}

function parseRouteKey(routeKey: string): Route {
  const [, method, path] = /^([A-Z]+) \/(.*)$/.exec(routeKey) ?? []
  const segments = path?.split('/').map(parseSegment)
  const inner = segments?.slice(0, -1)
  const readable = segments?.every((segment) => segment !== undefined) === true
  if (method === undefined || !readable || inner?.some((segment) => segment?.kind === 'greedy')) {
    throw new Fault('CONFIGURATION_INVALID', `${JSON.stringify(routeKey)} is no route key`)
  }
  return { routeKey, method, segments: segments.filter((segment) => segment !== undefined) }
}

function parseSegment(text: string): Segment | undefined {
  const [, name, plus] = PLACEHOLDER.exec(text) ?? []
  if (name !== undefined) return { kind: plus === '' ? 'variable' : 'greedy', name }
  return FIXED.test(text) ? { kind: 'fixed', text } : undefined
}

function bySpecificity(one: Route, other: Route): number {
  const length = Math.max(one.segments.length, other.segments.length)
  for (let index = 0; index < length; index += 1) {
    const difference = rankOf(one.segments[index]) - rankOf(other.segments[index])
    if (difference !== 0) return difference
  }
  return Number(one.method === ANY_METHOD) - Number(other.method === ANY_METHOD)
}

function rankOf(segment: Segment | undefined): number {
  return segment === undefined ? -1 : SPECIFICITY.indexOf(segment.kind)
}

function parametersOf(
  wanted: readonly Segment[],
  given: readonly string[],
): Record<string, string> | undefined {
  const greedy = wanted.at(-1)?.kind === 'greedy'
  const fits = greedy ? given.length >= wanted.length : given.length === wanted.length
  if (!fits) return undefined
  const head = given.slice(0, wanted.length - 1)
  const values = [...head, given.slice(head.length).join('/')]
  const matched = wanted.every((segment, index) => stands(segment, values[index] ?? ''))
  return matched ? Object.fromEntries(wanted.flatMap(namedBy(values))) : undefined
}

function stands(segment: Segment, value: string): boolean {
  return segment.kind === 'fixed' ? segment.text === value : value !== ''
}

function namedBy(values: readonly string[]) {
  return (segment: Segment, index: number): [string, string][] =>
    segment.kind === 'fixed' ? [] : [[segment.name, values[index] ?? '']]
}
