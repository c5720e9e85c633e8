/** What went wrong in one call to an AWS service, as far as SDK, HTTP status and error name tell. */
export type FailureKind =
  /** No answer in time, or the caller's deadline came. */
  | 'timeout'
  /** No connection, or it broke before the answer was whole. */
  | 'unreachable'
  | 'throttled'
  /** Our own credentials are missing, expired, unknown, or sign wrongly. */
  | 'credentials-refused'
  /** The service failed: status 5xx. */
  | 'server-error'
  /** A success by its status that cannot be read. */
  | 'unreadable'
  /** Any other refusal of the request: status 4xx, or refused by the SDK before it was sent. */
  | 'refused'

/** A failed call, reduced to what may be logged: the service's message is left out, it could repeat what we sent. */
export type ServiceFailure = {
  readonly kind: FailureKind
  /** Error name of the service or of Node, such as `AccessDenied` or `ECONNRESET`; letters, digits, `.`, `_`, `:` and `-` only. */
  readonly name: string
  readonly status?: number
  readonly requestId?: string
}

// Source: STS, DynamoDB and "Common Error Types" API references; smithy-typescript service-error-classification.
const THROTTLING_NAMES = new Set([
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
])

const CREDENTIALS_NAMES = new Set([
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
])

const TIMEOUT_NAMES = new Set(['AbortError', 'TimeoutError', 'RequestTimeout'])

/** Node's codes for an abort, and for a connection that timed out while the kernel was still trying. */
const TIMEOUT_CODES = new Set(['ABORT_ERR', 'ETIMEDOUT', 'ESOCKETTIMEDOUT'])

/** Takes a value that an SDK client threw as a failure; what is unknown counts as refused, which nobody retries. */
export function serviceFailure(thrown: unknown): ServiceFailure {
  const parts = partsOf(thrown)
  const { status, requestId } = parts
  return {
    kind: kindOf(parts),
    name: plain(parts.code ?? parts.name) ?? 'unnamed',
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

/** One line about a failure, for the message of a Fault. */
export function describeFailure({ name, status, requestId }: ServiceFailure): string {
  const parts = [name, status && `status ${status}`, requestId && `request ${requestId}`]
  return parts.filter(Boolean).join(', ')
}

/** The parts of an SDK error that are looked at; anything of another type counts as absent. */
type ErrorParts = {
  readonly name: string
  readonly code: string | undefined
  readonly status: number | undefined
  readonly requestId: string | undefined
}

// The order decides. Node's code comes before the name, because the SDK's handler renames a reset to TimeoutError, and
// before the status, because a connection may break after the headers. Throttling may come with any status.
function kindOf({ name, code, status }: ErrorParts): FailureKind {
  if (CREDENTIALS_NAMES.has(name)) return 'credentials-refused'
  if (code !== undefined) return TIMEOUT_CODES.has(code) ? 'timeout' : 'unreachable'
  if (TIMEOUT_NAMES.has(name)) return 'timeout'
  if (status === 429 || THROTTLING_NAMES.has(name)) return 'throttled'
  return kindOfStatus(status ?? 0)
}

/** A status of 0 stands for no answer: the SDK refused to send the request. */
function kindOfStatus(status: number): FailureKind {
  if (status >= 500) return 'server-error'
  return status >= 200 && status < 300 ? 'unreadable' : 'refused'
}

function partsOf(thrown: unknown): ErrorParts {
  const error = asRecord(thrown)
  const metadata = asRecord(error.$metadata)
  const status = metadata.httpStatusCode
  return {
    name: textOf(error.name) ?? '',
    code: error.$fault === undefined ? textOf(error.code) : undefined, // a service's error is not Node's
    status: typeof status === 'number' ? status : undefined,
    requestId: plain(textOf(metadata.requestId) ?? textOf(error.RequestId)),
  }
}

/** Text that may stand in a log line as it is: names and ids come from the wire. */
function plain(text: string | undefined): string | undefined {
  return /^[\w.:-]{1,100}$/.exec(text ?? '')?.[0]
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
