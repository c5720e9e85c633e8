import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { expect, test } from 'vitest'
import { buildEventV2 } from '../gateway/event-v2.ts'
import type { AskAuthorizer } from './ask-authorizer.ts'
import { type GuardedEvent, guardRoutes } from './guard-routes.ts'

function eventOf(method: string, target: string): APIGatewayProxyEventV2 {
  const event = buildEventV2(
    {
      ...{ method, target, httpVersion: '1.1', rawHeaders: ['Host', 'localhost'] },
      ...{ remoteAddress: '127.0.0.1', localPort: 8443, certificate: undefined },
      ...{ requestId: 'r-1', receivedAt: new Date('2030-01-01T00:00:00Z') },
    },
    '123456789012',
  )
  return { ...event!, body: 'a secret of the device' }
}

function stage(passage: Awaited<ReturnType<AskAuthorizer>>) {
  const seen = { asked: [] as object[], served: [] as GuardedEvent[], other: 0 }
  const handle = guardRoutes(
    [
      {
        routeKey: 'PUT /readings/{thing}',
        handler: async (event) => {
          seen.served.push(event)
          return { statusCode: 204 }
        },
      },
      { routeKey: 'GET /broken', handler: () => Promise.reject(new Error('broken')) },
    ],
    async (event) => {
      seen.asked.push(event)
      return passage
    },
    async () => {
      seen.other += 1
      return { statusCode: 200 }
    },
  )
  const send = (method: string, path: string) =>
    handle(eventOf(method, path), { path, rawHeaders: [] })
  return { seen, send }
}
const PASSES = { passes: true, context: { tenantId: 'acme' } } as const

test('a guarded route is served with the identity that the authorizer told', async () => {
  const { send, seen } = stage(PASSES)
  expect(await send('PUT', '/readings/cam-1?x=1')).toEqual({ statusCode: 204 })
  expect(seen.served).toMatchObject([
    {
      routeKey: 'PUT /readings/{thing}',
      pathParameters: { thing: 'cam-1' },
      body: 'a secret of the device',
      requestContext: {
        routeKey: 'PUT /readings/{thing}',
        authorizer: { lambda: { tenantId: 'acme' } },
      },
    },
  ])
  expect(seen.asked).toMatchObject([
    { routeKey: 'PUT /readings/{thing}', pathParameters: { thing: 'cam-1' } },
  ])
})

test('whom the authorizer stops gets the answer that the gateway has for that', async () => {
  const answer = { statusCode: 403, body: '{}' }
  const { send, seen } = stage({ passes: false, answer })
  expect(await send('PUT', '/readings/cam-1')).toBe(answer)
  expect(seen.served).toEqual([])
})

test('a route that fails is answered without its words', async () => {
  expect(await stage(PASSES).send('GET', '/broken')).toEqual({
    statusCode: 500,
    body: '{"message":"Internal Server Error"}',
  })
})

test('what is no guarded route goes on, and the authorizer is not asked', async () => {
  const { send, seen } = stage(PASSES)
  expect(await send('GET', '/role-aliases/x/credentials')).toEqual({ statusCode: 200 })
  expect(seen).toMatchObject({ asked: [], served: [], other: 1 })
})
