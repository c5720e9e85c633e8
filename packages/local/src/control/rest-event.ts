import type { APIGatewayProxyEvent } from 'aws-lambda'
import type { QueryPair } from '../sigv4/query-pairs.ts'
import type { RawRequest } from '../sigv4/raw-request.ts'
import type { ControlCaller } from './access-keys.ts'

/** A request that was admitted. */
export type AdmittedRequest = {
  readonly request: RawRequest
  /** The parameters of its query, as they were signed. */
  readonly query: readonly QueryPair[]
  readonly caller: ControlCaller
  readonly sourceIp: string
  readonly requestId: string
  readonly receivedAt: Date
}

const API_ID = 'local'
const STAGE = 'local'
const RESOURCE = '/{proxy+}'

/**
 * Builds the event that an API Gateway REST API with IAM authorization (payload 1.0) would send: `path` with its encoding,
 * parameters decoded, lists beside last values.
 * Source: AWS API Gateway developer guide, "Input format of a Lambda function for proxy integration".
 */
export function buildRestEvent(admitted: AdmittedRequest, accountId: string): APIGatewayProxyEvent {
  const { request } = admitted
  const query = listsOf(admitted.query)
  const headers = new Map([...request.headers].map(([name, values]) => [name, [...values]]))
  const text = Buffer.from(request.body).toString('utf8')
  return {
    resource: RESOURCE,
    path: request.path,
    httpMethod: request.method,
    headers: lastValues(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size === 0 ? null : lastValues(query),
    multiValueQueryStringParameters: query.size === 0 ? null : Object.fromEntries(query),
    pathParameters: { proxy: request.path.slice(1) },
    stageVariables: null,
    requestContext: contextOf(admitted, accountId),
    body: text === '' ? null : text,
    isBase64Encoded: false,
  }
}

function contextOf(
  { request, caller, sourceIp, requestId, receivedAt }: AdmittedRequest,
  accountId: string,
): APIGatewayProxyEvent['requestContext'] {
  return {
    accountId,
    apiId: API_ID,
    authorizer: undefined,
    protocol: 'HTTP/1.1',
    httpMethod: request.method,
    identity: identityOf(caller, { sourceIp, userAgent: userAgentOf(request), accountId }),
    path: `/${STAGE}${request.path}`,
    stage: STAGE,
    requestId,
    requestTimeEpoch: receivedAt.getTime(),
    resourceId: API_ID,
    resourcePath: RESOURCE,
  }
}

function userAgentOf({ headers }: RawRequest): string | null {
  return headers.get('user-agent')?.at(-1) ?? null
}

type Origin = {
  readonly sourceIp: string
  readonly userAgent: string | null
  readonly accountId: string
}

function identityOf(
  { arn, accessKeyId }: ControlCaller,
  { sourceIp, userAgent, accountId }: Origin,
): APIGatewayProxyEvent['requestContext']['identity'] {
  return {
    accessKey: accessKeyId,
    accountId,
    apiKey: null,
    apiKeyId: null,
    caller: accessKeyId,
    clientCert: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp,
    user: accessKeyId,
    userAgent,
    userArn: arn,
  }
}

function listsOf(pairs: readonly QueryPair[]): Map<string, string[]> {
  const lists = new Map<string, string[]>()
  for (const [name, value] of pairs) lists.set(name, [...(lists.get(name) ?? []), value])
  return lists
}

function lastValues(lists: ReadonlyMap<string, readonly string[]>): Record<string, string> {
  return Object.fromEntries([...lists].map(([name, values]) => [name, values.at(-1) ?? '']))
}
