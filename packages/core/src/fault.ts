/**
 * What can go wrong on our side, as a closed union that alarms key on; a code is never renamed.
 * Whatever the caller did wrong is a refusal (`refusal.ts`), never a fault.
 */
export type FaultCode =
  /** DynamoDB throttled the read or write. */
  | 'REGISTRY_THROTTLED'
  /** DynamoDB did not answer within its time. */
  | 'REGISTRY_TIMEOUT'
  /** DynamoDB cannot be reached, or answered with a server error. */
  | 'REGISTRY_UNAVAILABLE'
  /** DynamoDB refused our credentials, permission or request. */
  | 'REGISTRY_REFUSED'
  /** An item or answer of the registry is not of the shape we wrote. */
  | 'REGISTRY_UNREADABLE'
  /** Items contradict each other: an edge without its target, or of another generation. */
  | 'REGISTRY_INCONSISTENT'
  /** STS throttled the call. */
  | 'STS_THROTTLED'
  /** STS did not answer within its time. */
  | 'STS_TIMEOUT'
  /** STS cannot be reached, or answered with a server error. */
  | 'STS_UNAVAILABLE'
  /** STS refused the broker's own credentials: expired, unknown, wrong signature or clock. */
  | 'STS_CREDENTIALS_REFUSED'
  /** STS found the request malformed. */
  | 'STS_REQUEST_REFUSED'
  /** Session policy and tags together exceed STS's packed size. */
  | 'STS_PACKED_POLICY_TOO_LARGE'
  /** STS answered with something that is not a complete set of credentials. */
  | 'STS_UNREADABLE'
  /** IAM throttled the call. */
  | 'IAM_THROTTLED'
  /** IAM did not answer within its time. */
  | 'IAM_TIMEOUT'
  /** IAM cannot be reached, or answered with a server error. */
  | 'IAM_UNAVAILABLE'
  /** IAM refused our credentials, permission or request. */
  | 'IAM_REFUSED'
  /** IAM's answer does not hold what was asked for. */
  | 'IAM_UNREADABLE'
  /** KMS throttled the call. */
  | 'KMS_THROTTLED'
  /** KMS did not answer within its time. */
  | 'KMS_TIMEOUT'
  /** KMS cannot be reached, or answered with a server error. */
  | 'KMS_UNAVAILABLE'
  /** KMS refused our credentials, permission or request, or the state of the key. */
  | 'KMS_REFUSED'
  /** KMS's answer does not hold what was asked for. */
  | 'KMS_UNREADABLE'
  /** The answer would exceed the 2048 bytes that clients accept. */
  | 'ANSWER_TOO_LARGE'
  /** The event is not what this front door sends. */
  | 'EVENT_UNREADABLE'
  /** The audit record could not be written, so nothing may be answered but this. */
  | 'AUDIT_UNAVAILABLE'
  /** A setting is missing or invalid. */
  | 'CONFIGURATION_INVALID'
  /** The whole answer would come after its deadline. */
  | 'DEADLINE_EXCEEDED'
  /** Anything that was not foreseen. */
  | 'UNEXPECTED'

/** A failure of the service, never of the caller. `message` names what failed; never a secret, a token or a PEM. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode

  constructor(code: FaultCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** Takes a thrown value as a Fault: itself when it is one, else `UNEXPECTED` with the value as its cause. */
export function asFault(thrown: unknown): Fault {
  return thrown instanceof Fault
    ? thrown
    : new Fault('UNEXPECTED', 'unforeseen failure', { cause: thrown })
}
