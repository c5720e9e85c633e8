import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { describe, expect, test } from 'vitest'
import { buildEventV2 } from '../gateway/event-v2.ts'
import { type Authorizer, type GuardedEvent, guardRoutes } from './guard-routes.ts'

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

function stage(authorizer: Authorizer) {
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
    (event) => {
      seen.asked.push(event)
      return authorizer(event)
    },
    async () => {
      seen.other += 1
      return { statusCode: 200 }
    },
  )
  return { seen, send: (method: string, path: string) => handle(eventOf(method, path), { path }) }
}
const allow: Authorizer = async () => ({ isAuthorized: true, context: { tenantId: 'acme' } })

test('a guarded route is served with the identity that the authorizer told', async () => {
  const { send, seen } = stage(allow)
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
})

test('the authorizer is asked as an HTTP API asks it, without the body', async () => {
  const { send, seen } = stage(allow)
  await send('PUT', '/readings/cam-1?x=1')
  expect(seen.asked).toMatchObject([
    {
      version: '2.0',
      type: 'REQUEST',
      identitySource: [],
      routeArn: 'arn:aws:execute-api:local:123456789012:local/$default/PUT/readings/cam-1',
      routeKey: 'PUT /readings/{thing}',
      rawPath: '/readings/cam-1',
      pathParameters: { thing: 'cam-1' },
      requestContext: { routeKey: 'PUT /readings/{thing}' },
    },
  ])
  expect(JSON.stringify(seen.asked)).not.toContain('secret')
})

describe('nobody gets through whom the authorizer', () => {
  test.each<[string, Authorizer, number, string]>([
    ['refuses', async () => ({ isAuthorized: false }), 403, 'Forbidden'],
    [
      'allows in a text',
      async () => ({ isAuthorized: 'false', context: {} }) as never,
      403,
      'Forbidden',
    ],
    ['answers nothing about', async () => undefined as never, 500, 'Internal Server Error'],
    ['fails at', () => Promise.reject(new Error('x')), 500, 'Internal Server Error'],
    ['calls Unauthorized', () => Promise.reject(new Error('Unauthorized')), 401, 'Unauthorized'],
  ])('%s', async (_, authorizer, statusCode, message) => {
    const { send, seen } = stage(authorizer)
    expect(await send('PUT', '/readings/cam-1')).toEqual({
      statusCode,
      body: JSON.stringify({ message }),
    })
    expect(seen.served).toEqual([])
  })
})

test('a route that fails is answered without its words', async () => {
  const { send } = stage(allow)
  expect(await send('GET', '/broken')).toEqual({
    statusCode: 500,
    body: '{"message":"Internal Server Error"}',
  })
})

test('what is no guarded route goes on, and the authorizer is not asked', async () => {
  const { send, seen } = stage(allow)
  expect(await send('GET', '/role-aliases/x/credentials')).toEqual({ statusCode: 200 })
  expect(seen).toMatchObject({ asked: [], served: [], other: 1 })
})
