import { expect, test } from 'vitest'
import { eventBody } from './event-body.ts'

test('no body is none', () => {
  expect(eventBody(Buffer.alloc(0), 'text/plain')).toEqual({ isBase64Encoded: false })
})

test.each([
  'text/plain',
  'application/json',
  'Application/JSON; charset=utf-8',
  'application/problem+json',
  'application/xml',
  'application/javascript',
])('a body of type %s is text', (type) => {
  expect(eventBody(Buffer.from('ü{}'), type)).toEqual({ body: 'ü{}', isBase64Encoded: false })
})

test.each(['', 'application/octet-stream', 'image/png', 'x-text/plain', 'application/x-json-not'])(
  'a body of type %j is base64',
  (type) => {
    expect(eventBody(Buffer.from([0xff, 0x00]), type)).toEqual({
      body: '/wA=',
      isBase64Encoded: true,
    })
  },
)
