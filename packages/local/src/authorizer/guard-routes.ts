import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { GatewayHandler } from '../gateway/start-gateway.ts'
import type { AskAuthorizer } from './ask-authorizer.ts'
import { gatewayAnswer } from './gateway-answer.ts'
import { createMatchRoute, type RouteMatch } from './match-route.ts'

/** The event that a function behind the authorizer gets: with the identity where only API Gateway writes. */
export type GuardedEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: { readonly authorizer: { readonly lambda: Record<string, string> } }
}

/** One route that the authorizer guards. */
export type GuardedRoute = {
  /** Such as `GET /readings/{thing}`, `ANY /x` or `GET /files/{path+}`. */
  readonly routeKey: string
  readonly handler: (event: GuardedEvent) => Promise<APIGatewayProxyStructuredResultV2>
}

/**
 * Puts routes behind an authorizer; whatever is none of them goes to `otherwise`, unguarded. What a route throws is 500.
 * @throws {Fault} CONFIGURATION_INVALID for a route key that no HTTP API takes
 */
export function guardRoutes(
  routes: readonly GuardedRoute[],
  askAuthorizer: AskAuthorizer,
  otherwise: GatewayHandler,
): GatewayHandler {
  const byKey = new Map(routes.map((route) => [route.routeKey, route]))
  const matchRoute = createMatchRoute([...byKey.keys()])
  return async (event, sent) => {
    const { method, path } = event.requestContext.http
    const match = matchRoute(method, path)
    const route = match && byKey.get(match.routeKey)
    if (match === undefined || route === undefined) return otherwise(event, sent)
    const asked = routed(event, match)
    const passage = await askAuthorizer(asked, sent)
    return passage.passes ? serve(route, asked, passage.context) : passage.answer
  }
}

async function serve(
  { handler }: GuardedRoute,
  event: APIGatewayProxyEventV2,
  context: Readonly<Record<string, string>>,
): Promise<APIGatewayProxyStructuredResultV2> {
  const requestContext = { ...event.requestContext, authorizer: { lambda: { ...context } } }
  try {
    return await handler({ ...event, requestContext })
  } catch {
    return gatewayAnswer(500, { message: 'Internal Server Error' })
  }
}

function routed(
  event: APIGatewayProxyEventV2,
  { routeKey, pathParameters }: RouteMatch,
): APIGatewayProxyEventV2 {
  const requestContext = { ...event.requestContext, routeKey }
  const parameters = Object.keys(pathParameters).length === 0 ? {} : { pathParameters }
  return { ...event, routeKey, requestContext, ...parameters }
}
