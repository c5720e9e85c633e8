import { Fault, type FaultCode } from '@thingpass/core/fault'

/** Names of DynamoDB's and the SDK's errors → fault. Source: DynamoDB developer guide, error handling. */
const CODES: Readonly<Record<string, FaultCode>> = {
  ProvisionedThroughputExceededException: 'REGISTRY_THROTTLED',
  ThrottlingException: 'REGISTRY_THROTTLED',
  RequestLimitExceeded: 'REGISTRY_THROTTLED',
  TransactionInProgressException: 'REGISTRY_THROTTLED',
  TimeoutError: 'REGISTRY_TIMEOUT',
  AbortError: 'REGISTRY_TIMEOUT',
  RequestTimeout: 'REGISTRY_TIMEOUT',
  InternalServerError: 'REGISTRY_UNAVAILABLE',
  ServiceUnavailable: 'REGISTRY_UNAVAILABLE',
  SerializationException: 'REGISTRY_REFUSED',
  TransactionConflictException: 'REGISTRY_THROTTLED',
}

/** Takes what DynamoDB's client threw as a Fault; a Fault stays itself. `what` names the call. */
export function registryFault(thrown: unknown, what: string): Fault {
  if (thrown instanceof Fault) return thrown
  const code = codeOf(thrown)
  return new Fault(
    code,
    `${what}: ${code === 'UNEXPECTED' ? 'unforeseen failure' : nameOf(thrown)}`,
    {
      cause: thrown,
    },
  )
}

function codeOf(thrown: unknown): FaultCode {
  const name = nameOf(thrown)
  if (Object.hasOwn(CODES, name)) return CODES[name] ?? 'UNEXPECTED'
  const status = statusOf(thrown)
  if (status === undefined)
    return thrown instanceof Error && isNetwork(thrown) ? 'REGISTRY_UNAVAILABLE' : 'UNEXPECTED'
  if (status === 429) return 'REGISTRY_THROTTLED'
  return 400 <= status && status < 500 ? 'REGISTRY_REFUSED' : 'REGISTRY_UNAVAILABLE'
}

const nameOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : '')

/** The status of the answer that the SDK made the error from; absent when there was no answer. */
function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error && '$metadata' in thrown)) return undefined
  const metadata: unknown = thrown.$metadata
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata))
    return undefined
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}

/** Node's network errors carry `code` (ECONNREFUSED, ECONNRESET, ENOTFOUND, …) or `errno`. */
const isNetwork = (error: Error): boolean =>
  'errno' in error || ('code' in error && typeof error.code === 'string')
