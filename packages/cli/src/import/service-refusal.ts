/** What a service, or the way to it, refused with. */
export type ServiceRefusal = { readonly code: string; readonly message: string }

/** Reads what an SDK threw. Messages of services hold names and ids, never a PEM or a key. */
export function readRefusal(thrown: unknown): ServiceRefusal {
  if (!(thrown instanceof Error)) return { code: 'Unknown', message: 'no reason was given' }
  const code: unknown = Reflect.get(thrown, 'code')
  // A failed connection has Node's code; an answer has the service's name.
  const named = typeof code === 'string' && thrown.name === 'Error' ? code : thrown.name
  return { code: named, message: thrown.message.split('\n', 1)[0] ?? '' }
}

/** A refusal in one line. */
export function describeRefusal(thrown: unknown): string {
  const { code, message } = readRefusal(thrown)
  return message === '' ? code : `${code}: ${message}`
}

const THROTTLED = [
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
]
const PASSING = [
  'ServiceUnavailableException',
  'InternalFailureException',
  'InternalException',
  'TimeoutError',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
]

/** Whether a call of this service's own control plane may be repeated. Its LimitExceeded is a quota, which no wait helps. */
export function mayRetryHere(thrown: unknown): boolean {
  const { code } = readRefusal(thrown)
  return THROTTLED.includes(code) || PASSING.includes(code) || statusOf(thrown) === 429
}

/** Whether a call of AWS may be repeated. There LimitExceeded may be a rate, as AWS's own clients take it. */
export function mayRetryAws(thrown: unknown): boolean {
  return mayRetryHere(thrown) || readRefusal(thrown).code === 'LimitExceededException'
}

const HOPELESS = [
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'InvalidClientTokenId',
  'MissingAuthenticationTokenException',
  'ECONNREFUSED',
  'ENOTFOUND',
]

/** Whether every further call would end the same way, so that going on makes no sense. */
export function isHopeless(thrown: unknown): boolean {
  return HOPELESS.includes(readRefusal(thrown).code)
}

/** Whether a service answered that the resource is not there. */
export function isNotFound(thrown: unknown): boolean {
  return readRefusal(thrown).code === 'ResourceNotFoundException'
}

function statusOf(thrown: unknown): unknown {
  const metadata: unknown =
    typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, '$metadata') : undefined
  return typeof metadata === 'object' && metadata !== null
    ? Reflect.get(metadata, 'httpStatusCode')
    : undefined
}
