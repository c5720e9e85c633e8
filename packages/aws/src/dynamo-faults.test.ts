import { Fault, type FaultCode } from '@thingpass/core/fault'
import { expect, test } from 'vitest'
import { dynamoFault } from './dynamo-faults.ts'

const answered = (name: string, status = 400, more: object = {}) =>
  Object.assign(new Error('Item: {"externalId": "secret"}'), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: status, requestId: 'REQ1' },
    ...more,
  })
const cancelled = (...codes: (string | undefined)[]) =>
  answered('TransactionCanceledException', 400, {
    CancellationReasons: codes.map((Code) => ({ Code })),
  })
const network = (code: string) => Object.assign(new Error('x'), { code })

const faults: readonly (readonly [string, unknown, FaultCode])[] = [
  ['throughput', answered('ProvisionedThroughputExceededException'), 'REGISTRY_THROTTLED'],
  ['throttling', answered('ThrottlingException'), 'REGISTRY_THROTTLED'],
  ['the request limit', answered('RequestLimitExceeded'), 'REGISTRY_THROTTLED'],
  ['a conflict', answered('TransactionConflictException'), 'REGISTRY_THROTTLED'],
  ['a transaction in progress', answered('TransactionInProgressException'), 'REGISTRY_THROTTLED'],
  ['a cancellation for conflict', cancelled('None', 'TransactionConflict'), 'REGISTRY_THROTTLED'],
  ['a cancellation for throttling', cancelled('ThrottlingError'), 'REGISTRY_THROTTLED'],
  [
    'a cancellation for throughput',
    cancelled('ProvisionedThroughputExceeded'),
    'REGISTRY_THROTTLED',
  ],
  [
    'a cancellation with another reason too',
    cancelled('TransactionConflict', 'ConditionalCheckFailed'),
    'REGISTRY_REFUSED',
  ],
  ['a cancellation without any reason', cancelled('None'), 'REGISTRY_REFUSED'],
  ['a cancellation without a list', answered('TransactionCanceledException'), 'REGISTRY_REFUSED'],
  [
    'a cancellation with a null for a reason',
    answered('TransactionCanceledException', 400, { CancellationReasons: [null] }),
    'REGISTRY_REFUSED',
  ],
  ['a cancellation without a code', cancelled(undefined), 'REGISTRY_REFUSED'],
  [
    'reasons on another error',
    answered('ValidationException', 400, { CancellationReasons: [{ Code: 'ThrottlingError' }] }),
    'REGISTRY_REFUSED',
  ],
  ['an abort', Object.assign(new Error('x'), { name: 'AbortError' }), 'REGISTRY_TIMEOUT'],
  ['a refused connection', network('ECONNREFUSED'), 'REGISTRY_UNAVAILABLE'],
  ['a server error', answered('InternalServerError', 500), 'REGISTRY_UNAVAILABLE'],
  ['a refused permission', answered('AccessDeniedException'), 'REGISTRY_REFUSED'],
  ['unknown credentials', answered('UnrecognizedClientException'), 'REGISTRY_REFUSED'],
  ['missing credentials', answered('CredentialsProviderError'), 'REGISTRY_REFUSED'],
  ['a request that is not valid', answered('ValidationException'), 'REGISTRY_REFUSED'],
  ['a missing table', answered('ResourceNotFoundException'), 'REGISTRY_REFUSED'],
  [
    'an answer that is not JSON',
    Object.assign(new SyntaxError('x'), { $metadata: { httpStatusCode: 200 } }),
    'REGISTRY_UNREADABLE',
  ],
]

test.each(faults)('takes %s as its fault', (_, thrown, code) => {
  expect(dynamoFault(thrown, 'Query')).toMatchObject({ name: 'Fault', code })
})

test('names operation, error, status and request, and nothing of the message or the items', () => {
  const fault = dynamoFault(answered('ValidationException'), 'UpdateItem')
  expect(fault.message).toBe('UpdateItem failed: ValidationException, status 400, request REQ1')
  expect(fault.cause).toBeUndefined()
})

test('hands a fault on as it is', () => {
  const fault = new Fault('REGISTRY_INCONSISTENT', 'as it was')
  expect(dynamoFault(fault, 'Query')).toBe(fault)
})
