/** What the control plane, or the API Gateway before it, refused with. */
export type ControlError = {
  /** Such as `ResourceNotFoundException`; `Unknown` where the answer has none. */
  readonly code: string
  readonly message: string
  readonly status: number
}

/** Reads an answer that is not 200, as AWS's SDKs do: the header counts before the body, and what follows `:` or stands before `#` does not. */
export function readControlError(
  status: number,
  errorType: string | string[] | undefined,
  json: unknown,
): ControlError {
  const named = [errorType, memberOf(json, '__type'), memberOf(json, 'code')].find(isText)
  const code = named?.replace(/:.*$/, '').replace(/^.*#/, '') ?? 'Unknown'
  const told = [memberOf(json, 'message'), memberOf(json, 'Message')].find(isText)
  return { code, message: told ?? `HTTP ${status}`, status }
}

/** One line for people. */
export function describeControlError({ code, message, status }: ControlError): string {
  return `${message} (${code}, HTTP ${status})`
}

function memberOf(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
