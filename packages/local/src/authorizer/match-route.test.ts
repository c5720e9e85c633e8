import { expect, test } from 'vitest'
import { createMatchRoute } from './match-route.ts'

const KEYS = [
  'GET /readings/{thing}',
  'PUT /readings/{thing}',
  'GET /readings/latest',
  'ANY /readings/latest',
  'ANY /readings/{thing}',
  'GET /readings/{thing}/{rest+}',
  'GET /a/{b}/{c}',
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'GET /pets/{proxy+}',
  'ANY /{proxy+}',
  'GET /',
]

test.each([
  ['GET', '/readings/cam-1', 'GET /readings/{thing}', { thing: 'cam-1' }],
  ['PUT', '/readings/cam-1', 'PUT /readings/{thing}', { thing: 'cam-1' }],
  ['DELETE', '/readings/cam-1', 'ANY /readings/{thing}', { thing: 'cam-1' }],
  ['GET', '/readings/latest', 'GET /readings/latest', {}],
  ['PUT', '/readings/latest', 'ANY /readings/latest', {}],
  ['GET', '/readings/cam-1/a/b', 'GET /readings/{thing}/{rest+}', { thing: 'cam-1', rest: 'a/b' }],
  ['GET', '/a/1/2', 'GET /a/{b}/{c}', { b: '1', c: '2' }],
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
  ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
  ['GET', '/pets/cat', 'GET /pets/{proxy+}', { proxy: 'cat' }],
  ['GET', '/pets/cat/3/4', 'GET /pets/{proxy+}', { proxy: 'cat/3/4' }],
  ['POST', '/pets/5', 'ANY /{proxy+}', { proxy: 'pets/5' }],
  ['GET', '/pets', 'ANY /{proxy+}', { proxy: 'pets' }],
  ['GET', '/pets/', 'ANY /{proxy+}', { proxy: 'pets/' }],
  ['GET', '/', 'GET /', {}],
])('%s %s is the route %s', (method, path, routeKey, pathParameters) => {
  expect(createMatchRoute(KEYS)(method, path)).toEqual({ routeKey, pathParameters })
  expect(createMatchRoute(KEYS.toReversed())(method, path)).toMatchObject({ routeKey })
})

test.each([
  ['DELETE', '/readings/cam-1'],
  ['GET', '/readings'],
  ['GET', '/readings/'],
  ['GET', '/readings/cam-1/'],
  ['GET', '/readings/a/b'],
  ['GET', '//readings/cam-1'],
  ['GET', '/Readings/cam-1'],
  ['get', '/readings/cam-1'],
  ['GET', '/all'],
  ['GET', '/all/'],
  ['GET', ''],
])('%s %s is no route', (method, path) => {
  const matchRoute = createMatchRoute(['GET /readings/{thing}', 'ANY /all/{proxy+}'])
  expect(matchRoute(method, path)).toBeUndefined()
})

test.each([
  '$default',
  'GET',
  'GET readings',
  'get /readings',
  'GET /{proxy+}/x',
  'GET /{a}b',
  'GET /{}',
  'GET /a{b}',
])('%j is no route key', (routeKey) => {
  expect(() => createMatchRoute([routeKey])).toThrow(
    expect.objectContaining({ code: 'CONFIGURATION_INVALID' }),
  )
})
