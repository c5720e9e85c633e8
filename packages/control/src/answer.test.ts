import { Fault } from '@thingpass/core/fault'
import { expect, test } from 'vitest'
import { renderAnswer } from './answer.ts'
import { API_ERROR_STATUS, type ApiErrorCode, errorOfFault, refuse, succeed } from './api-error.ts'

test('a success is its members as JSON', () => {
  expect(renderAnswer(succeed({ thingName: 'cam-1', thingTypeName: undefined }), 'r-1')).toEqual({
    status: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-amzn-RequestId': 'r-1',
    },
    body: '{"thingName":"cam-1"}',
  })
  expect(renderAnswer(succeed(), 'r-1').body).toBe('{}')
})

test('an error has its code in header and body', () => {
  const resource = { id: 'cam-1', arn: 'arn:cam-1' }
  const refused = refuse('ResourceAlreadyExistsException', 'exists', resource)
  const { status, headers, body } = renderAnswer(refused, 'r-1')
  expect([status, headers['x-amzn-ErrorType']]).toEqual([409, 'ResourceAlreadyExistsException'])
  expect(JSON.parse(body)).toEqual({
    message: 'exists',
    __type: 'ResourceAlreadyExistsException',
    resourceId: 'cam-1',
    resourceArn: 'arn:cam-1',
  })
})

// Source: AWS IoT API model 2015-05-28.
const STATUS: Readonly<Record<ApiErrorCode, number>> = {
  AccessDeniedException: 403,
  CertificateConflictException: 409,
  CertificateStateException: 406,
  CertificateValidationException: 400,
  ConflictException: 409,
  DeleteConflictException: 409,
  InternalFailureException: 500,
  InvalidRequestException: 400,
  LimitExceededException: 410,
  MalformedPolicyException: 400,
  RegistrationCodeValidationException: 400,
  ResourceAlreadyExistsException: 409,
  ResourceNotFoundException: 404,
  ServiceUnavailableException: 503,
  ThrottlingException: 400,
  TransferAlreadyCompletedException: 410,
  TransferConflictException: 409,
  UnauthorizedException: 401,
  UnknownOperationException: 404,
  VersionConflictException: 409,
  VersionsLimitExceededException: 409,
}

test.each(Object.entries(STATUS))('%s is answered with %i', (code, status) => {
  expect(API_ERROR_STATUS[code as ApiErrorCode]).toBe(status)
  expect(renderAnswer(refuse(code as ApiErrorCode, ''), 'r-1').status).toBe(status)
})

test.each([
  ['REGISTRY_THROTTLED', 'ServiceUnavailableException', 'Service Unavailable'],
  ['IAM_THROTTLED', 'ServiceUnavailableException', 'Service Unavailable'],
  ['IAM_TIMEOUT', 'ServiceUnavailableException', 'Service Unavailable'],
  ['IAM_UNAVAILABLE', 'ServiceUnavailableException', 'Service Unavailable'],
  ['IAM_REFUSED', 'InternalFailureException', 'Internal Failure'],
  ['IAM_UNREADABLE', 'InternalFailureException', 'Internal Failure'],
  ['KMS_THROTTLED', 'ServiceUnavailableException', 'Service Unavailable'],
  ['KMS_TIMEOUT', 'ServiceUnavailableException', 'Service Unavailable'],
  ['KMS_UNAVAILABLE', 'ServiceUnavailableException', 'Service Unavailable'],
  ['KMS_REFUSED', 'InternalFailureException', 'Internal Failure'],
  ['KMS_UNREADABLE', 'InternalFailureException', 'Internal Failure'],
  ['REGISTRY_TIMEOUT', 'ServiceUnavailableException', 'Service Unavailable'],
  ['REGISTRY_UNAVAILABLE', 'ServiceUnavailableException', 'Service Unavailable'],
  ['DEADLINE_EXCEEDED', 'ServiceUnavailableException', 'Service Unavailable'],
  ['REGISTRY_REFUSED', 'InternalFailureException', 'Internal Failure'],
  ['REGISTRY_UNREADABLE', 'InternalFailureException', 'Internal Failure'],
  ['REGISTRY_INCONSISTENT', 'InternalFailureException', 'Internal Failure'],
  ['EVENT_UNREADABLE', 'InternalFailureException', 'Internal Failure'],
  ['CONFIGURATION_INVALID', 'InternalFailureException', 'Internal Failure'],
  ['UNEXPECTED', 'InternalFailureException', 'Internal Failure'],
] as const)('%s is answered as %s, and nothing of what failed', (fault, code, message) => {
  expect(errorOfFault(new Fault(fault, 'table registry'))).toEqual({ code, message })
})

test('what may be tried again says when, and nothing else does', () => {
  const codes = Object.keys(API_ERROR_STATUS) as ApiErrorCode[]
  const telling = codes.filter((code) =>
    Object.hasOwn(renderAnswer(refuse(code, ''), 'r-1').headers, 'retry-after'),
  )
  expect(telling).toEqual(['ServiceUnavailableException'])
})
