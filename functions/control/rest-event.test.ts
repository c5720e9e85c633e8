import { Fault } from '@thingpass/core/fault'
import { expect, test } from 'vitest'
import { fromRestApi, type ReceivedRestEvent } from './rest-event.ts'

const CALLER = 'arn:aws:iam::123456789012:user/anna'

const EVENT = {
  httpMethod: 'POST',
  path: '/t/acme/attached-policies/arn%3Aaws%3Aiot%2Fx',
  headers: { 'X-Amzn-Principal': 'last' },
  multiValueHeaders: { 'X-Amzn-Principal': ['first', 'last'], 'x-amzn-principal': ['third'] },
  queryStringParameters: { pageSize: '2' },
  multiValueQueryStringParameters: { pageSize: ['1', '2'] },
  body: '{"a":1}',
  isBase64Encoded: false,
  requestContext: {
    requestId: 'r-1',
    identity: { userArn: CALLER, sourceIp: '192.0.2.7' },
  },
} satisfies ReceivedRestEvent

test('a call is what IAM authorized: path as sent, every value of a header, the caller from the context', () => {
  expect(fromRestApi(EVENT)).toEqual({
    kind: 'call',
    request: {
      requestId: 'r-1',
      callerArn: CALLER,
      sourceIp: '192.0.2.7',
      method: 'POST',
      path: '/t/acme/attached-policies/arn%3Aaws%3Aiot%2Fx',
      query: [
        ['pageSize', '1'],
        ['pageSize', '2'],
      ],
      headers: new Map([['x-amzn-principal', ['first', 'last', 'third']]]),
      body: '{"a":1}',
    },
  })
})

test('an event without lists has its last values', () => {
  const event = { ...EVENT, multiValueHeaders: null, multiValueQueryStringParameters: null }
  expect(fromRestApi(event)).toMatchObject({
    request: {
      query: [['pageSize', '2']],
      headers: new Map([['x-amzn-principal', ['last']]]),
    },
  })
})

test('an event with nothing but its line has no parameters, headers or body', () => {
  const { httpMethod, path, requestContext } = EVENT
  const bare = { httpMethod, path, requestContext, body: null, headers: null }
  expect(fromRestApi(bare)).toMatchObject({ request: { query: [], headers: new Map(), body: '' } })
})

test('a body in base64 is decoded', () => {
  const body = Buffer.from('{"ü":1}').toString('base64')
  expect(fromRestApi({ ...EVENT, body, isBase64Encoded: true })).toMatchObject({
    request: { body: '{"ü":1}' },
  })
})

test.each([
  ['no identity', { requestId: 'r-1' }],
  ['an empty identity', { requestId: 'r-1', identity: null }],
  ['a caller of null', { requestId: 'r-1', identity: { userArn: null, sourceIp: '192.0.2.7' } }],
])('with %s nobody asked', (_, requestContext) => {
  expect(fromRestApi({ ...EVENT, requestContext })).toEqual({ kind: 'anonymous', requestId: 'r-1' })
})

const { requestContext } = EVENT
test.each([
  ['a request id', { requestContext: { ...requestContext, requestId: 1 } }],
  ['a caller', { requestContext: { ...requestContext, identity: { userArn: {}, sourceIp: '' } } }],
  ['a source address', { requestContext: { ...requestContext, identity: { userArn: CALLER } } }],
  ['a method', { httpMethod: undefined }],
  ['a path', { path: null }],
  ['a body', { body: {} }],
  ['a header', { multiValueHeaders: { a: [1] } as never }],
])('%s that is no text is no event', (_, change) => {
  expect(() => fromRestApi({ ...EVENT, ...change })).toThrow(Fault)
  expect(() => fromRestApi({ ...EVENT, ...change })).toThrow(/is not text$/)
})
