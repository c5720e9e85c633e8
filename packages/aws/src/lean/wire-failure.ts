/** What a failed call is told apart by; the shape of the SDK's errors, so that one classification reads both. */
export type FailureParts = {
  readonly name: string
  /** Code of Node, where the network failed. */
  readonly code?: string
  /** Status, where there was an answer. */
  readonly status?: number
  readonly requestId?: string | undefined
  /** The service's own words; they may repeat what was sent and are for comparing only. */
  readonly message?: string
}

/** Makes the error that stands for a failed call. It is read by `serviceFailure` and never logged. */
export function wireFailure({ name, code, status, requestId, message }: FailureParts): Error {
  return Object.assign(new Error(message ?? name), {
    name,
    ...(code !== undefined && { code }),
    ...(status !== undefined && { $metadata: { httpStatusCode: status, requestId } }),
  })
}

/**
 * Makes the error of a service that answered with an error of its own. `more` is whatever else the answer holds that a caller needs.
 */
export function serviceError(parts: FailureParts & { readonly status: number }): Error {
  return Object.assign(wireFailure(parts), { $fault: parts.status >= 500 ? 'server' : 'client' })
}

/** Makes the error of a success that cannot be read. */
export function unreadableAnswer(answer: {
  readonly status: number
  readonly requestId?: string | undefined
}): Error {
  return wireFailure({ name: 'UnreadableAnswer', ...answer })
}
