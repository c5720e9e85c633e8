import { expect, test } from 'vitest'
import { describeFailure, type FailureKind, serviceFailure } from './service-failure.ts'

const thrown = (name: string, status?: number, more: object = {}) =>
  Object.assign(new Error('arn:aws:iam::123456789012:role/secret-looking'), {
    name,
    ...(status === undefined ? {} : { $metadata: { httpStatusCode: status } }),
    ...more,
  })
const answered = (name: string, status: number) => thrown(name, status, { $fault: 'client' })

const failures: readonly (readonly [string, unknown, FailureKind])[] = [
  ['an abort', thrown('AbortError'), 'timeout'],
  ['a timeout of the handler', thrown('TimeoutError', undefined, { code: 'ETIMEDOUT' }), 'timeout'],
  ['a timeout that the service reports', answered('RequestTimeout', 408), 'timeout'],
  ['a connection the kernel gave up', thrown('Error', undefined, { code: 'ETIMEDOUT' }), 'timeout'],
  ['a socket timeout', thrown('Error', undefined, { code: 'ESOCKETTIMEDOUT' }), 'timeout'],
  ['an abort of Node', thrown('Error', undefined, { code: 'ABORT_ERR' }), 'timeout'],
  [
    'a reset that the handler renamed',
    thrown('TimeoutError', undefined, { code: 'ECONNRESET' }),
    'unreachable',
  ],
  ['a reset', thrown('Error', undefined, { code: 'ECONNRESET' }), 'unreachable'],
  ['a reset in the middle of a body', thrown('Error', 200, { code: 'ECONNRESET' }), 'unreachable'],
  [
    'a host that does not resolve',
    thrown('Error', undefined, { code: 'ENOTFOUND' }),
    'unreachable',
  ],
  [
    'a certificate of another',
    thrown('Error', undefined, { code: 'CERT_HAS_EXPIRED' }),
    'unreachable',
  ],
  ['status 429', answered('Anything', 429), 'throttled'],
  ['status 500', answered('InternalFailure', 500), 'server-error'],
  ['status 599', answered('Anything', 599), 'server-error'],
  ['an unreadable answer of status 200', thrown('SyntaxError', 200), 'unreadable'],
  ['an unreadable answer of status 299', thrown('SyntaxError', 299), 'unreadable'],
  ['an unreadable answer of status 199', thrown('SyntaxError', 199), 'refused'],
  ['status 300', answered('Unknown', 300), 'refused'],
  ['a redirect', answered('Unknown', 301), 'refused'],
  ['status 400', answered('ValidationException', 400), 'refused'],
  [
    'a Node code in an answer',
    thrown('X', 400, { $fault: 'client', code: 'ETIMEDOUT' }),
    'refused',
  ],
  ['an error of the SDK itself', new Error('Region is missing'), 'refused'],
  ['a thrown text', 'boom', 'refused'],
  ['a thrown null', null, 'refused'],
  ['metadata of another type', thrown('X', undefined, { $metadata: 'x' }), 'refused'],
  [
    'a status of another type',
    thrown('X', undefined, { $metadata: { httpStatusCode: '503' } }),
    'refused',
  ],
]

test.each(failures)('takes %s for what it is', (_, error, kind) => {
  expect(serviceFailure(error).kind).toBe(kind)
})

const THROTTLING = [
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequests',
  'TooManyRequestsException',
]

test.each(THROTTLING)('takes %s for throttling, whatever the status', (name) => {
  expect(serviceFailure(answered(name, 400)).kind).toBe('throttled')
  expect(serviceFailure(answered(name, 503)).kind).toBe('throttled')
})

const CREDENTIALS = [
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'OptInRequired',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]

test.each(CREDENTIALS)('takes %s for refused credentials, whatever the status', (name) => {
  expect(serviceFailure(answered(name, 400)).kind).toBe('credentials-refused')
  expect(serviceFailure(thrown(name)).kind).toBe('credentials-refused')
})

test('describes a failure by name, status and request id, never by its message', () => {
  const error = thrown('AccessDenied', 403, {
    $fault: 'client',
    $metadata: { httpStatusCode: 403, requestId: 'b3f1-01' },
  })
  expect(describeFailure(serviceFailure(error))).toBe('AccessDenied, status 403, request b3f1-01')
})

test('takes the request id of the body where the headers have none', () => {
  const error = thrown('AccessDenied', 403, { $fault: 'client', RequestId: 'body-01' })
  expect(serviceFailure(error).requestId).toBe('body-01')
})

test('names a network failure by its code', () => {
  const error = thrown('Error', undefined, { code: 'ECONNREFUSED' })
  expect(describeFailure(serviceFailure(error))).toBe('ECONNREFUSED')
})

test('leaves out a name or request id that is not plain, or too long: both come from the wire', () => {
  const error = thrown('Access Denied: <secret>', 403, {
    $metadata: { httpStatusCode: 403, requestId: 'r\nforged line' },
  })
  expect(describeFailure(serviceFailure(error))).toBe('unnamed, status 403')
  expect(serviceFailure(thrown('x'.repeat(101))).name).toBe('unnamed')
  expect(serviceFailure(thrown('x'.repeat(100))).name).toHaveLength(100)
})

test('has no status and no request id where there was no answer', () => {
  expect(serviceFailure(new Error('x'))).toStrictEqual({ kind: 'refused', name: 'Error' })
})

test.each([
  ['a number', { name: 5 }],
  ['missing', {}],
])('takes a name that is %s for none', (_, error) => {
  expect(serviceFailure(error)).toStrictEqual({ kind: 'refused', name: 'unnamed' })
})
