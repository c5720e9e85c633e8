import { expect, test } from 'vitest'
import { type ErrorAnswer, FAULT_ANSWERS, REFUSAL_ANSWERS } from './answers.ts'
import type { FaultCode } from './fault.ts'
import type { RefusalReason } from './refusal.ts'

const CERTIFICATE = [403, 'AccessDeniedException', 'Certificate is invalid on this endpoint']
const THING = [403, 'AccessDeniedException', 'Invalid thing name passed']
const DENIED = [403, 'AccessDeniedException', 'Access Denied']
const DURATION = [
  400,
  'InvalidRequestException',
  'The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role',
]

// The wire contract, written out once more: a reason without a row does not compile.
const refusals: Record<RefusalReason, readonly unknown[]> = {
  'certificate-missing': CERTIFICATE,
  'certificate-malformed': CERTIFICATE,
  'certificate-too-large': CERTIFICATE,
  'certificate-key-unacceptable': CERTIFICATE,
  'certificate-signature-unacceptable': CERTIFICATE,
  'certificate-names-excessive': CERTIFICATE,
  'certificate-usage-unfit': CERTIFICATE,
  'certificate-unknown': CERTIFICATE,
  'certificate-not-active': CERTIFICATE,
  'certificate-not-valid-now': CERTIFICATE,
  'certificate-expires-too-soon': CERTIFICATE,
  'certificate-without-ca': CERTIFICATE,
  'certificate-not-signed-by-ca': CERTIFICATE,
  'certificate-revoked-by-ca': CERTIFICATE,
  'revocation-list-expired': CERTIFICATE,
  'revocation-list-missing': CERTIFICATE,
  'tenant-unknown': CERTIFICATE,
  'tenant-disabled': CERTIFICATE,
  'ca-unknown': CERTIFICATE,
  'ca-not-active': CERTIFICATE,
  'host-not-served': CERTIFICATE,
  'thing-name-malformed': THING,
  'thing-not-attached': THING,
  'alias-malformed': DENIED,
  'policy-unreadable': DENIED,
  'policy-denies': DENIED,
  'policy-does-not-allow': DENIED,
  'thing-name-required': DENIED,
  'role-outside-tenant': DENIED,
  'session-policy-missing': DENIED,
  'session-policy-unreadable': DENIED,
  'session-value-missing': DENIED,
  'session-value-unsafe': DENIED,
  'session-policy-too-large': DENIED,
  'session-policy-grants-nothing': DENIED,
  'session-tag-not-allowed': DENIED,
  'session-tag-invalid': DENIED,
  'method-malformed': DENIED,
  'path-ambiguous': DENIED,
  'api-outside-tenant': DENIED,
  'attributes-too-large': DENIED,
  'alias-unknown': [404, 'ResourceNotFoundException', 'Role alias does not exist'],
  'role-not-assumable': [
    400,
    'InvalidRequestException',
    'Unable to assume the role, or the role to assume does not exist',
  ],
  'duration-over-role-maximum': DURATION,
  'duration-over-chaining-limit': DURATION,
  'tenant-over-budget': [429, 'ThrottlingException', 'Rate exceeded', 'retry'],
  'request-malformed': [400, 'InvalidRequestException', 'Bad Request'],
  'path-unknown': [404, 'ResourceNotFoundException', 'Not Found'],
  'method-not-allowed': [405, 'MethodNotAllowedException', 'Method Not Allowed'],
}

const AGAIN = [503, 'ServiceUnavailableException', 'Service Unavailable', 'retry']
const OURS = [500, 'InternalFailureException', 'Internal Failure']

const faults: Record<FaultCode, readonly unknown[]> = {
  REGISTRY_THROTTLED: AGAIN,
  REGISTRY_TIMEOUT: AGAIN,
  REGISTRY_UNAVAILABLE: AGAIN,
  REGISTRY_REFUSED: OURS,
  REGISTRY_UNREADABLE: OURS,
  REGISTRY_INCONSISTENT: OURS,
  STS_THROTTLED: AGAIN,
  STS_TIMEOUT: AGAIN,
  STS_UNAVAILABLE: AGAIN,
  STS_CREDENTIALS_REFUSED: OURS,
  STS_REQUEST_REFUSED: OURS,
  STS_PACKED_POLICY_TOO_LARGE: OURS,
  STS_UNREADABLE: OURS,
  IAM_THROTTLED: AGAIN,
  IAM_TIMEOUT: AGAIN,
  IAM_UNAVAILABLE: AGAIN,
  IAM_REFUSED: OURS,
  IAM_UNREADABLE: OURS,
  KMS_THROTTLED: AGAIN,
  KMS_TIMEOUT: AGAIN,
  KMS_UNAVAILABLE: AGAIN,
  KMS_REFUSED: OURS,
  KMS_UNREADABLE: OURS,
  ANSWER_TOO_LARGE: OURS,
  EVENT_UNREADABLE: OURS,
  AUDIT_UNAVAILABLE: OURS,
  CONFIGURATION_INVALID: OURS,
  DEADLINE_EXCEEDED: AGAIN,
  UNEXPECTED: OURS,
}

const written = ({ status, errorType, message, retry }: ErrorAnswer) => [
  status,
  errorType,
  message,
  ...(retry ? ['retry'] : []),
]

test.each(Object.entries(refusals))('%s is answered with %j', (reason, expected) => {
  expect(written(REFUSAL_ANSWERS[reason as RefusalReason])).toEqual(expected)
})

test.each(Object.entries(faults))('%s is answered with %j', (code, expected) => {
  expect(written(FAULT_ANSWERS[code as FaultCode])).toEqual(expected)
})

test('the tables hold nothing else, and nobody can change a row', () => {
  expect(new Set(Object.keys(REFUSAL_ANSWERS))).toEqual(new Set(Object.keys(refusals)))
  expect(new Set(Object.keys(FAULT_ANSWERS))).toEqual(new Set(Object.keys(faults)))
  const rows = [...Object.values(REFUSAL_ANSWERS), ...Object.values(FAULT_ANSWERS)]
  expect(rows.every((row) => Object.isFrozen(row))).toBe(true)
})
