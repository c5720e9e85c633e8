import type {
  APIGatewayEventClientCertificate,
  APIGatewayProxyEventV2,
  APIGatewayRequestAuthorizerEvent,
  APIGatewayRequestAuthorizerEventV2,
} from 'aws-lambda'
import type { SentRequest } from '../gateway/start-gateway.ts'

/** A stage's name of the REST API that stands where the HTTP API stands otherwise; a REST API cannot have `$default`. */
const REST_STAGE = 'local'

/** Region and account that ARNs carry. */
export type ApiPlace = { readonly region: string; readonly account: string }

/**
 * What an HTTP API asks its REQUEST authorizer, payload 2.0, without identity sources.
 * Source: AWS API Gateway developer guide, "Control access to HTTP APIs with AWS Lambda authorizers".
 */
export function httpAuthorizerEvent(
  event: APIGatewayProxyEventV2,
  { region, account }: ApiPlace,
): APIGatewayRequestAuthorizerEventV2 {
  const { body, isBase64Encoded, cookies = [], requestContext, ...kept } = event
  const { apiId, stage, http } = requestContext
  return {
    ...kept,
    type: 'REQUEST',
    routeArn: `arn:aws:execute-api:${region}:${account}:${apiId}/${stage}/${http.method}${http.path}`,
    identitySource: [],
    cookies,
    requestContext,
  }
}

/** What a REST API asks; members that Lambda fills for other kinds of caller are left out. */
export type RestAuthorizerEvent = Pick<
  APIGatewayRequestAuthorizerEvent,
  'type' | 'methodArn' | 'resource' | 'path' | 'httpMethod' | 'headers' | 'multiValueHeaders'
> & {
  readonly requestContext: Readonly<Record<string, unknown>>
}

/**
 * What a REST API asks its REQUEST authorizer: path with its escapes, header names as sent, the last value and all of them.
 * Source: AWS API Gateway developer guide, "Input to an API Gateway Lambda authorizer".
 */
export function restAuthorizerEvent(
  event: APIGatewayProxyEventV2,
  sent: SentRequest,
  { region, account }: ApiPlace,
): RestAuthorizerEvent {
  const { apiId, domainName, requestId, http, authentication } = event.requestContext
  const { method, sourceIp, userAgent } = http
  const lists = headerLists(sent.rawHeaders)
  return {
    type: 'REQUEST',
    methodArn: `arn:aws:execute-api:${region}:${account}:${apiId}/${REST_STAGE}/${method}${sent.path}`,
    resource: event.routeKey.slice(event.routeKey.indexOf('/')),
    path: sent.path,
    httpMethod: method,
    headers: Object.fromEntries([...lists].map(([name, values]) => [name, values.at(-1) ?? ''])),
    multiValueHeaders: Object.fromEntries(lists),
    requestContext: {
      ...{ accountId: account, apiId, stage: REST_STAGE, domainName, requestId },
      ...{ httpMethod: method, path: sent.path, protocol: http.protocol },
      identity: { sourceIp, userAgent, clientCert: certificateOf(authentication) },
    },
  }
}

function certificateOf(
  authentication: { readonly clientCert: APIGatewayEventClientCertificate } | undefined,
): APIGatewayEventClientCertificate | null {
  return authentication?.clientCert ?? null
}

function headerLists(rawHeaders: readonly string[]): Map<string, string[]> {
  const lists = new Map<string, string[]>()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    lists.set(name, [...(lists.get(name) ?? []), rawHeaders[at + 1] ?? ''])
  }
  return lists
}
