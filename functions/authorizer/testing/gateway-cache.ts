import { matchesArnPattern } from '@thingpass/core/policy/arn'
import { httpEvent } from './golden-events.ts'

/** How an authorizer is set at API Gateway. */
export type CacheSettings = {
  /** What makes the cache key, by API Gateway's names. */
  readonly identitySources: readonly string[]
  /** 0 = off. */
  readonly ttlSeconds: number
}

/** One request that reaches API Gateway. */
export type CachedRequest = {
  readonly clientCertPem: string | undefined
  readonly subjectDN: string
  readonly thing: string | undefined
  readonly method: string
  readonly path: string
  readonly routeKey: string
}

type Answer = {
  readonly isAuthorized?: boolean
  readonly policyDocument?: {
    readonly Statement: readonly { readonly Effect: string; readonly Resource: string }[]
  }
}

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:api1/$default'

const SOURCES: Readonly<Record<string, (request: CachedRequest) => string | undefined>> = {
  '$context.identity.clientCert.clientCertPem': ({ clientCertPem }) => clientCertPem,
  '$context.identity.clientCert.subjectDN': ({ subjectDN }) => subjectDN,
  '$request.header.x-amzn-iot-thingname': ({ thing }) => thing,
  '$context.routeKey': ({ routeKey }) => routeKey,
  '$context.path': ({ path }) => path,
}

/**
 * A model of API Gateway in front of an authorizer. A missing identity source is 401 and asks nobody; the values of the identity
 * sources are the cache key; a cached simple answer holds for whatever is asked under that key, and a cached policy is evaluated anew
 * against each route. A cache without identity sources, which API Gateway does not take, is modelled as one key for everybody.
 * Source: AWS API Gateway developer guide, "Control access to HTTP APIs with AWS Lambda authorizers" (identity sources, caching).
 */
export function simulateGateway(
  settings: CacheSettings,
  ask: (event: object) => Promise<unknown>,
  clock: () => Date,
) {
  const cached = new Map<string, { readonly answer: Answer; readonly until: number }>()
  return async (request: CachedRequest): Promise<200 | 401 | 403 | 500> => {
    const values = settings.identitySources.map((source) => SOURCES[source]?.(request))
    if (values.some((value) => value === undefined || value === '')) return 401
    const key = JSON.stringify(values)
    const now = clock().getTime()
    const hit = cached.get(key)
    if (hit !== undefined && now < hit.until) return statusOf(hit.answer, request)
    try {
      const answer = (await ask(eventOf(request))) as Answer
      cached.set(key, { answer, until: now + settings.ttlSeconds * 1000 })
      return statusOf(answer, request)
    } catch {
      return 500
    }
  }
}

function statusOf(answer: Answer, { method, path }: CachedRequest): 200 | 403 {
  if (answer.policyDocument === undefined) return answer.isAuthorized === true ? 200 : 403
  const arn = `${ARN}/${method}${path}`
  const matching = answer.policyDocument.Statement.filter(({ Resource }) =>
    matchesArnPattern(Resource, arn),
  )
  const allowed = matching.some(({ Effect }) => Effect === 'Allow')
  return allowed && !matching.some(({ Effect }) => Effect === 'Deny') ? 200 : 403
}

function eventOf({ clientCertPem, subjectDN, thing, method, path, routeKey }: CachedRequest) {
  const { requestContext } = httpEvent
  const clientCert = { clientCertPem, subjectDN }
  return {
    ...httpEvent,
    ...{ routeKey, routeArn: `${ARN}/${method}${path}`, rawPath: path },
    headers: thing === undefined ? {} : { 'x-amzn-iot-thingname': thing },
    requestContext: {
      ...requestContext,
      routeKey,
      http: { ...requestContext.http, method, path },
      authentication: clientCertPem === undefined ? undefined : { clientCert },
    },
  }
}
