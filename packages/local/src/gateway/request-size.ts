/** What a request line and its headers may take together, in bytes. Source: AWS API Gateway quotas, HTTP API. */
export const MAX_HEAD_BYTES = 10_240

/** What a body may take, in bytes. Source: AWS API Gateway quotas, HTTP API (payload size 10 MB). */
export const MAX_BODY_BYTES = 10 * 1024 * 1024

/** Bytes of request line and headers as they stood on the wire, without the line ends. */
export function headBytes(request: {
  readonly method: string
  readonly target: string
  readonly rawHeaders: readonly string[]
}): number {
  const line = request.method.length + request.target.length + ' '.length * 2 + 'HTTP/1.1'.length
  const headers = request.rawHeaders.reduce((sum, text) => sum + text.length, 0)
  return line + headers + (request.rawHeaders.length / 2) * ': '.length
}
