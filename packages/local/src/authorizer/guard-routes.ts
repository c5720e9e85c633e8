import type { SimpleAnswer } from '@thingpass/functions/authorizer/authorizer-answer'
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  APIGatewayRequestAuthorizerEventV2,
} from 'aws-lambda'
import type { GatewayHandler } from '../gateway/start-gateway.ts'
import { matchRouteKey, type RouteMatch } from './match-route.ts'

/** The event that a function behind the authorizer gets: with the identity where only API Gateway writes. */
export type GuardedEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: { readonly authorizer: { readonly lambda: Record<string, string> } }
}

/** One route that the authorizer guards. */
export type GuardedRoute = {
  /** Such as `GET /readings/{thing}`. */
  readonly routeKey: string
  readonly handler: (event: GuardedEvent) => Promise<APIGatewayProxyStructuredResultV2>
}

/** What guards the routes, as an HTTP API would ask it: payload 2.0, simple answers, no identity sources, no cache. */
export type Authorizer = (event: APIGatewayRequestAuthorizerEventV2) => Promise<SimpleAnswer>

const refusal = (statusCode: number, message: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  body: JSON.stringify({ message }),
})

/**
 * Puts routes behind an authorizer; whatever is none of them goes to `otherwise`, unguarded. The authorizer's refusal is 403, its
 * failure 500, and an error of the text `Unauthorized` 401; what the routes themselves throw is 500.
 * Source: AWS API Gateway developer guide, "Control access to HTTP APIs with AWS Lambda authorizers".
 */
export function guardRoutes(
  routes: readonly GuardedRoute[],
  authorizer: Authorizer,
  otherwise: GatewayHandler,
): GatewayHandler {
  const byKey = new Map(routes.map((route) => [route.routeKey, route]))
  const keys = [...byKey.keys()]
  return async (event, sent) => {
    const { method, path } = event.requestContext.http
    const match = matchRouteKey(keys, method, path)
    const route = match && byKey.get(match.routeKey)
    if (match === undefined || route === undefined) return otherwise(event, sent)
    return answerGuarded(route, authorizer, routed(event, match))
  }
}

async function answerGuarded(
  route: GuardedRoute,
  authorizer: Authorizer,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  try {
    const answer = await authorizer(authorizerEvent(event))
    // Only the boolean lets anybody in: the text "false" would be true.
    if (answer.isAuthorized !== true) return refusal(403, 'Forbidden')
    const { context } = answer
    const requestContext = { ...event.requestContext, authorizer: { lambda: { ...context } } }
    return await route.handler({ ...event, requestContext })
  } catch (thrown) {
    const anonymous = thrown instanceof Error && thrown.message === 'Unauthorized'
    return anonymous ? refusal(401, 'Unauthorized') : refusal(500, 'Internal Server Error')
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

function authorizerEvent(event: APIGatewayProxyEventV2): APIGatewayRequestAuthorizerEventV2 {
  const { body, isBase64Encoded, cookies = [], requestContext, ...kept } = event
  const { accountId, apiId, stage, http } = requestContext
  return {
    ...kept,
    type: 'REQUEST',
    // The region is not in the event, and this ARN decides nothing.
    routeArn: `arn:aws:execute-api:local:${accountId}:${apiId}/${stage}/${http.method}${http.path}`,
    identitySource: [],
    cookies,
    requestContext,
  }
}
