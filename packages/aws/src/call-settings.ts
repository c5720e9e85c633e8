import { NodeHttpHandler } from '@smithy/node-http-handler'

/** How long one attempt may take and how often it is made; all in milliseconds. */
export type CallLimits = {
  /** Until the connection stands. */
  readonly connectionMs: number
  /** Until the answer's headers are here. */
  readonly requestMs: number
  /** Until a silent connection is given up, also in the middle of a body. */
  readonly socketMs: number
  readonly maxAttempts: number
  readonly maxSockets: number
}

/** What a client of AWS's SDK takes to keep within its limits. */
export function callSettings(limits: CallLimits) {
  const agent = { keepAlive: true, maxSockets: limits.maxSockets }
  return {
    maxAttempts: limits.maxAttempts,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: limits.connectionMs,
      requestTimeout: limits.requestMs,
      throwOnRequestTimeout: true, // without it the handler only warns
      socketTimeout: limits.socketMs,
      httpAgent: agent,
      httpsAgent: agent,
    }),
  }
}
