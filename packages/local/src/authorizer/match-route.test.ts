import { expect, test } from 'vitest'
import { matchRouteKey } from './match-route.ts'

const KEYS = [
  'GET /readings/{thing}',
  'PUT /readings/{thing}',
  'GET /readings/latest',
  'GET /a/{b}/{c}',
]

test.each([
  ['GET', '/readings/cam-1', 'GET /readings/{thing}', { thing: 'cam-1' }],
  ['PUT', '/readings/cam-1', 'PUT /readings/{thing}', { thing: 'cam-1' }],
  ['GET', '/readings/latest', 'GET /readings/latest', {}],
  ['GET', '/a/1/2', 'GET /a/{b}/{c}', { b: '1', c: '2' }],
])('%s %s is the route %s', (method, path, routeKey, pathParameters) => {
  expect(matchRouteKey(KEYS, method, path)).toEqual({ routeKey, pathParameters })
  expect(matchRouteKey(KEYS.toReversed(), method, path)).toMatchObject({ routeKey })
})

test.each([
  ['DELETE', '/readings/cam-1'],
  ['GET', '/readings'],
  ['GET', '/readings/'],
  ['GET', '/readings/cam-1/'],
  ['GET', '/readings/a/b'],
  ['GET', '//readings/cam-1'],
  ['GET', '/Readings/cam-1'],
])('%s %s is no route', (method, path) => {
  expect(matchRouteKey(KEYS, method, path)).toBeUndefined()
})
