import type { Fault, FaultCode } from '@thingpass/core/fault'

/**
 * The one table from AWS's error codes to HTTP status; some are not what their names suggest.
 * Source: AWS IoT API model 2015-05-28; AWS common errors (AccessDenied, UnknownOperation).
 */
export const API_ERROR_STATUS = {
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
} as const

/** Code of an error that the control plane can answer with. */
export type ApiErrorCode = keyof typeof API_ERROR_STATUS

/** An error as the caller sees it. */
export type ApiError<Code extends ApiErrorCode = ApiErrorCode> = {
  readonly code: Code
  readonly message: string
  /** Which resource is in the way; only where AWS says so, and never one of another tenant. */
  readonly resource?: { readonly id: string; readonly arn: string }
}

/** What an operation came to: the members of its answer, or one of its errors. */
export type Result<Code extends ApiErrorCode = ApiErrorCode> =
  | { readonly ok: true; readonly output: object }
  | Refused<Code>

/** An operation that was refused. */
export type Refused<Code extends ApiErrorCode = ApiErrorCode> = {
  readonly ok: false
  readonly error: ApiError<Code>
}

/** The operation is done; members that are undefined are left out of the answer. */
export function succeed(output: object = {}): Result<never> {
  return { ok: true, output }
}

/** The operation is refused. */
export function refuse<Code extends ApiErrorCode>(
  code: Code,
  message: string,
  resource?: { readonly id: string; readonly arn: string },
): Refused<Code> {
  return { ok: false, error: { code, message, ...(resource === undefined ? {} : { resource }) } }
}

/**
 * Fault → what the caller learns of it: whether trying again may help, never what failed. Throttling of ours is no
 * `ThrottlingException`, which is a 400 in AWS's model and blames the caller; SDKs try both again.
 */
const FAULT_CODES = {
  REGISTRY_THROTTLED: 'ServiceUnavailableException',
  REGISTRY_TIMEOUT: 'ServiceUnavailableException',
  REGISTRY_UNAVAILABLE: 'ServiceUnavailableException',
  REGISTRY_REFUSED: 'InternalFailureException',
  REGISTRY_UNREADABLE: 'InternalFailureException',
  REGISTRY_INCONSISTENT: 'InternalFailureException',
  STS_THROTTLED: 'ServiceUnavailableException',
  STS_TIMEOUT: 'ServiceUnavailableException',
  STS_UNAVAILABLE: 'ServiceUnavailableException',
  STS_CREDENTIALS_REFUSED: 'InternalFailureException',
  STS_REQUEST_REFUSED: 'InternalFailureException',
  STS_PACKED_POLICY_TOO_LARGE: 'InternalFailureException',
  STS_UNREADABLE: 'InternalFailureException',
  IAM_THROTTLED: 'ServiceUnavailableException',
  IAM_TIMEOUT: 'ServiceUnavailableException',
  IAM_UNAVAILABLE: 'ServiceUnavailableException',
  IAM_REFUSED: 'InternalFailureException',
  IAM_UNREADABLE: 'InternalFailureException',
  KMS_THROTTLED: 'ServiceUnavailableException',
  KMS_TIMEOUT: 'ServiceUnavailableException',
  KMS_UNAVAILABLE: 'ServiceUnavailableException',
  KMS_REFUSED: 'InternalFailureException',
  KMS_UNREADABLE: 'InternalFailureException',
  ANSWER_TOO_LARGE: 'InternalFailureException',
  EVENT_UNREADABLE: 'InternalFailureException',
  AUDIT_UNAVAILABLE: 'InternalFailureException',
  CONFIGURATION_INVALID: 'InternalFailureException',
  DEADLINE_EXCEEDED: 'ServiceUnavailableException',
  UNEXPECTED: 'InternalFailureException',
} as const satisfies Record<FaultCode, ApiErrorCode>

const FAULT_MESSAGES = {
  ServiceUnavailableException: 'Service Unavailable',
  InternalFailureException: 'Internal Failure',
} as const satisfies Record<(typeof FAULT_CODES)[FaultCode], string>

/** The error that a failure of ours is answered with. */
export function errorOfFault(fault: Fault): ApiError {
  const code = FAULT_CODES[fault.code]
  return { code, message: FAULT_MESSAGES[code] }
}
