import type { ControlPlane } from '@thingpass/control/control-plane'
import type { ControlRequest } from '@thingpass/control/control-request'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { expect, test } from 'vitest'
import { createControlHandler } from './control.ts'

const identity = { userArn: 'arn:aws:iam::123456789012:user/anna', sourceIp: '192.0.2.7' }

function start(answer: ControlPlane, remainingMs = 28_000) {
  const faults: string[] = []
  const handler = createControlHandler({
    controlPlane: answer,
    reportFault: ({ code }, requestId) => faults.push(`${requestId} ${code}`),
  })
  const handle = (change: object) => {
    const context = { requestId: 'r-1', identity }
    const event = { httpMethod: 'GET', path: '/endpoint', requestContext: context, ...change }
    const lambda = { getRemainingTimeInMillis: () => remainingMs }
    return handler(event as APIGatewayProxyEvent, lambda as never)
  }
  return { handle, faults }
}

test('an event becomes a call, and its answer a result', async () => {
  const calls: ControlRequest[] = []
  const { handle } = start(async (request) => {
    calls.push(request)
    return { status: 404, headers: { 'x-amzn-ErrorType': 'E' }, body: '{}' }
  })
  expect(await handle({})).toEqual({
    statusCode: 404,
    headers: { 'x-amzn-ErrorType': 'E' },
    body: '{}',
  })
  expect(calls).toMatchObject([{ path: '/endpoint', callerArn: identity.userArn }])
})

test('a call that IAM did not authorize opens nothing', async () => {
  let calls = 0
  const { handle } = start(async () => {
    calls += 1
    return { status: 200, headers: {}, body: '{}' }
  })
  const result = await handle({ requestContext: { requestId: 'r-1', identity: { userArn: null } } })
  expect(result).toMatchObject({
    statusCode: 403,
    headers: { 'x-amzn-ErrorType': 'AccessDeniedException', 'x-amzn-RequestId': 'r-1' },
  })
  expect(calls).toBe(0)
})

test('an event that cannot be read is a fault of ours', async () => {
  const { handle, faults } = start(async () => ({ status: 200, headers: {}, body: '{}' }))
  expect(await handle({ path: undefined })).toMatchObject({
    statusCode: 500,
    body: '{"message":"Internal Failure","__type":"InternalFailureException"}',
  })
  expect(faults).toEqual(['unknown EVENT_UNREADABLE'])
})

test('a call that takes all of the function’s time is answered before it is over', async () => {
  const { handle, faults } = start(() => new Promise<never>(() => undefined), 510)
  expect(await handle({})).toMatchObject({
    statusCode: 503,
    headers: { 'x-amzn-RequestId': 'r-1', 'retry-after': '2' },
    body: '{"message":"Service Unavailable","__type":"ServiceUnavailableException"}',
  })
  expect(faults).toEqual(['r-1 DEADLINE_EXCEEDED'])
})
