import type { FaultCode } from './fault.ts'
import type { RefusalReason } from './refusal.ts'

/** What a device learns of a refusal or a fault: a status, AWS's class of error, and AWS's words. */
export type ErrorAnswer = {
  readonly status: 400 | 403 | 404 | 405 | 429 | 500 | 503
  readonly errorType: string
  readonly message: string
  /** Whether `Retry-After` is sent. */
  readonly retry: boolean
}

const answer = (status: ErrorAnswer['status'], errorType: string, message: string): ErrorAnswer =>
  Object.freeze({ status, errorType, message, retry: status === 429 || status === 503 })

const INVALID_CERTIFICATE = answer(
  403,
  'AccessDeniedException',
  'Certificate is invalid on this endpoint',
)
const INVALID_THING = answer(403, 'AccessDeniedException', 'Invalid thing name passed')
const ACCESS_DENIED = answer(403, 'AccessDeniedException', 'Access Denied')
const DURATION_TOO_LONG = answer(
  400,
  'InvalidRequestException',
  'The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role',
)

/**
 * The one table from reason to answer. Several reasons share an answer on purpose: the wire never says more than AWS's does.
 * Source: awslabs/aws-iot-core-credential-provider-session-helper docs/dev_notes.md @35a2cda (the six rows and their order).
 */
export const REFUSAL_ANSWERS = {
  'certificate-missing': INVALID_CERTIFICATE,
  'certificate-malformed': INVALID_CERTIFICATE,
  'certificate-too-large': INVALID_CERTIFICATE,
  'certificate-key-unacceptable': INVALID_CERTIFICATE,
  'certificate-signature-unacceptable': INVALID_CERTIFICATE,
  'certificate-names-excessive': INVALID_CERTIFICATE,
  'certificate-usage-unfit': INVALID_CERTIFICATE,
  'certificate-unknown': INVALID_CERTIFICATE,
  'certificate-not-active': INVALID_CERTIFICATE,
  'certificate-not-valid-now': INVALID_CERTIFICATE,
  'certificate-expires-too-soon': INVALID_CERTIFICATE,
  'certificate-without-ca': INVALID_CERTIFICATE,
  'certificate-not-signed-by-ca': INVALID_CERTIFICATE,
  'certificate-revoked-by-ca': INVALID_CERTIFICATE,
  'revocation-list-expired': INVALID_CERTIFICATE,
  'revocation-list-missing': INVALID_CERTIFICATE,
  'tenant-unknown': INVALID_CERTIFICATE,
  'tenant-disabled': INVALID_CERTIFICATE,
  'ca-unknown': INVALID_CERTIFICATE,
  'ca-not-active': INVALID_CERTIFICATE,
  'host-not-served': INVALID_CERTIFICATE,
  'thing-name-malformed': INVALID_THING,
  'thing-not-attached': INVALID_THING,
  'alias-malformed': ACCESS_DENIED,
  'policy-unreadable': ACCESS_DENIED,
  'policy-denies': ACCESS_DENIED,
  'policy-does-not-allow': ACCESS_DENIED,
  'thing-name-required': ACCESS_DENIED,
  'role-outside-tenant': ACCESS_DENIED,
  'session-policy-missing': ACCESS_DENIED,
  'session-policy-unreadable': ACCESS_DENIED,
  'session-value-missing': ACCESS_DENIED,
  'session-value-unsafe': ACCESS_DENIED,
  'session-policy-too-large': ACCESS_DENIED,
  'session-policy-grants-nothing': ACCESS_DENIED,
  'session-tag-not-allowed': ACCESS_DENIED,
  'session-tag-invalid': ACCESS_DENIED,
  'method-malformed': ACCESS_DENIED,
  'path-ambiguous': ACCESS_DENIED,
  'api-outside-tenant': ACCESS_DENIED,
  'attributes-too-large': ACCESS_DENIED,
  'alias-unknown': answer(404, 'ResourceNotFoundException', 'Role alias does not exist'),
  'role-not-assumable': answer(
    400,
    'InvalidRequestException',
    'Unable to assume the role, or the role to assume does not exist',
  ),
  'duration-over-role-maximum': DURATION_TOO_LONG,
  'duration-over-chaining-limit': DURATION_TOO_LONG,
  'tenant-over-budget': answer(429, 'ThrottlingException', 'Rate exceeded'),
  'request-malformed': answer(400, 'InvalidRequestException', 'Bad Request'),
  'path-unknown': answer(404, 'ResourceNotFoundException', 'Not Found'),
  'method-not-allowed': answer(405, 'MethodNotAllowedException', 'Method Not Allowed'),
} as const satisfies Record<RefusalReason, ErrorAnswer>

const UNAVAILABLE = answer(503, 'ServiceUnavailableException', 'Service Unavailable')
const FAILED = answer(500, 'InternalFailureException', 'Internal Failure')

/** Fault code → answer: 503 where trying again may help, 500 where it will not. Never a 4xx for our own failure. */
export const FAULT_ANSWERS = {
  REGISTRY_THROTTLED: UNAVAILABLE,
  REGISTRY_TIMEOUT: UNAVAILABLE,
  REGISTRY_UNAVAILABLE: UNAVAILABLE,
  REGISTRY_REFUSED: FAILED,
  REGISTRY_UNREADABLE: FAILED,
  REGISTRY_INCONSISTENT: FAILED,
  STS_THROTTLED: UNAVAILABLE,
  STS_TIMEOUT: UNAVAILABLE,
  STS_UNAVAILABLE: UNAVAILABLE,
  STS_CREDENTIALS_REFUSED: FAILED,
  STS_REQUEST_REFUSED: FAILED,
  STS_PACKED_POLICY_TOO_LARGE: FAILED,
  STS_UNREADABLE: FAILED,
  IAM_THROTTLED: UNAVAILABLE,
  IAM_TIMEOUT: UNAVAILABLE,
  IAM_UNAVAILABLE: UNAVAILABLE,
  IAM_REFUSED: FAILED,
  IAM_UNREADABLE: FAILED,
  KMS_THROTTLED: UNAVAILABLE,
  KMS_TIMEOUT: UNAVAILABLE,
  KMS_UNAVAILABLE: UNAVAILABLE,
  KMS_REFUSED: FAILED,
  KMS_UNREADABLE: FAILED,
  ANSWER_TOO_LARGE: FAILED,
  EVENT_UNREADABLE: FAILED,
  AUDIT_UNAVAILABLE: FAILED,
  CONFIGURATION_INVALID: FAILED,
  DEADLINE_EXCEEDED: UNAVAILABLE,
  UNEXPECTED: FAILED,
} as const satisfies Record<FaultCode, ErrorAnswer>
