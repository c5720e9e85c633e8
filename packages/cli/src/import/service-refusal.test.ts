import { describe, expect, test } from 'vitest'
import {
  describeRefusal,
  isHopeless,
  isNotFound,
  mayRetryAws,
  mayRetryHere,
  readRefusal,
} from './service-refusal.ts'

const thrown = (name: string, members: object = {}) =>
  Object.assign(new Error('what is wrong'), { name, ...members })
const network = (code: string) => Object.assign(new Error('what is wrong'), { code })

test.each([
  [thrown('ThrottlingException'), 'ThrottlingException'],
  [network('ECONNRESET'), 'ECONNRESET'],
  [thrown('TimeoutError', { code: 'ETIMEDOUT' }), 'TimeoutError'],
  ['text', 'Unknown'],
])('a refusal has a code: %#', (given, code) => {
  expect(readRefusal(given).code).toBe(code)
})

test('one line tells it', () => {
  expect(describeRefusal(thrown('X', { message: 'a\nb' }))).toBe('X: a')
  expect(describeRefusal(thrown('X', { message: '' }))).toBe('X')
})

describe('a call may be repeated', () => {
  test.each([
    [thrown('ThrottlingException'), true, true],
    [thrown('ServiceUnavailableException'), true, true],
    [thrown('X', { $metadata: { httpStatusCode: 429 } }), true, true],
    [network('ECONNRESET'), true, true],
    [thrown('LimitExceededException'), false, true],
    [thrown('ResourceNotFoundException'), false, false],
    [thrown('AccessDeniedException', { $metadata: { httpStatusCode: 403 } }), false, false],
    [network('ECONNREFUSED'), false, false],
    [undefined, false, false],
  ])('%#: here %j, of AWS %j', (given, here, aws) => {
    expect([mayRetryHere(given), mayRetryAws(given)]).toEqual([here, aws])
  })
})

test.each([
  [thrown('ExpiredTokenException'), true],
  [thrown('CredentialsProviderError'), true],
  [network('ECONNREFUSED'), true],
  [thrown('AccessDeniedException'), false],
])('going on is senseless: %#', (given, expected) => {
  expect(isHopeless(given)).toBe(expected)
})

test('what is not there is told apart', () => {
  expect(isNotFound(thrown('ResourceNotFoundException'))).toBe(true)
  expect(isNotFound(thrown('X'))).toBe(false)
})
