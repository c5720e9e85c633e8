import type { Context } from 'aws-lambda'

const LIMIT_MS = 10_000

/** The context that Lambda would hand a function together with an event. `elapsedMs` is monotonic. */
export function lambdaContext(requestId: string, elapsedMs: () => number): Context {
  const start = elapsedMs()
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'credentials',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:credentials',
    memoryLimitInMB: '512',
    logGroupName: '/aws/lambda/credentials',
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, LIMIT_MS - (elapsedMs() - start)),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  }
}
