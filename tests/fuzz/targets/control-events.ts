import { ok, strictEqual } from 'node:assert'
import type { ControlRequest } from '@thingpass/control/control-request'
import type { Fault } from '@thingpass/core/fault'
import { createControlHandler } from '@thingpass/functions/control/control'
import { type FuzzTarget, jsonOfInput } from '../fuzz-target.ts'

const CALLER = 'arn:aws:iam::123456789012:user/anna'

const event = {
  httpMethod: 'POST',
  path: '/t/acme/things/cam-1',
  headers: { Host: 'api', 'X-Amzn-Principal': 'b' },
  multiValueHeaders: { Host: ['api'], 'X-Amzn-Principal': ['a', 'b'] },
  queryStringParameters: { pageSize: '2' },
  multiValueQueryStringParameters: { pageSize: ['1', '2'] },
  body: '{"attributePayload":{}}',
  isBase64Encoded: false,
  requestContext: { requestId: 'r', identity: { userArn: CALLER, sourceIp: '192.0.2.7' } },
}

/** Events of the control plane's REST API: what is no call is answered as such, and a caller is who the request context says, nobody else. */
export const CONTROL_EVENTS: FuzzTarget = {
  name: 'control-events',
  format: 'json',
  seeds: () =>
    [
      event,
      { ...event, multiValueHeaders: null, multiValueQueryStringParameters: null },
      { ...event, body: 'e30=', isBase64Encoded: true },
    ].map((each) => JSON.stringify(each)),
  dictionary: ['userArn', 'x-amz-user-arn', CALLER, 'multiValueHeaders', 'identity'],
  run: async (input) => {
    const json = jsonOfInput(input)
    if (json === undefined) return
    const faults: Fault[] = []
    const seen: ControlRequest[] = []
    const invocation = { getRemainingTimeInMillis: () => 30_000 }
    const handler = createControlHandler({
      controlPlane: async (request) => {
        seen.push(request)
        return { status: 200, headers: {}, body: '{}' }
      },
      reportFault: (fault) => faults.push(fault),
    })
    const { statusCode, body } = await handler(json as never, invocation as never)
    JSON.parse(body)
    for (const request of seen) judge(request, json as Partial<typeof event>)
    if (seen.length === 0) ok([403, 500].includes(statusCode), `status ${statusCode}`)
  },
}

function judge(request: ControlRequest, sent: Partial<typeof event>): void {
  strictEqual(request.callerArn, sent.requestContext?.identity?.userArn)
  strictEqual(request.path, sent.path)
  strictEqual(request.method, sent.httpMethod)
  const texts = [request.body, request.sourceIp, request.requestId, ...request.query.flat()]
  for (const text of texts) strictEqual(typeof text, 'string')
  for (const [name, values] of request.headers) {
    strictEqual(name, name.toLowerCase())
    for (const value of values) strictEqual(typeof value, 'string')
  }
}
