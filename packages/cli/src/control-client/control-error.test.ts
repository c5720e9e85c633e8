import { expect, test } from 'vitest'
import { describeControlError, readControlError } from './control-error.ts'

test.each([
  ['A', { __type: 'B', message: 'm' }, 'A', 'm'],
  ['A:http://internal.amazon.com/', {}, 'A', 'HTTP 400'],
  [undefined, { __type: 'com.amazonaws.iot#B', Message: 'M' }, 'B', 'M'],
  [undefined, { code: 'C', message: '' }, 'C', 'HTTP 400'],
  [undefined, { __type: 7 }, 'Unknown', 'HTTP 400'],
  [undefined, undefined, 'Unknown', 'HTTP 400'],
  [undefined, null, 'Unknown', 'HTTP 400'],
  [['A', 'B'], 'text', 'Unknown', 'HTTP 400'],
])('header %j and body %j are the error %s: %s', (header, json, code, message) => {
  expect(readControlError(400, header, json)).toEqual({ code, message, status: 400 })
})

test('an error is one line', () => {
  expect(describeControlError({ code: 'C', message: 'M', status: 404 })).toBe('M (C, HTTP 404)')
})
