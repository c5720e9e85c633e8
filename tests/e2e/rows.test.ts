import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, fleetOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'

const ROLE = 'arn:aws:iam::123456789012:role'
const aliasArn = (alias: string) => `arn:aws:iot:us-east-1:123456789012:rolealias/${alias}`

let stack: TestStack
let device: Awaited<ReturnType<typeof connect>>
let certificateId: string

// Row 6 is ours to give: a role's maximum is an hour at least, which is all that a chained session can have.
beforeAll(async () => {
  stack = await startTestStack()
  const fleet = fleetOf(stack, 'default')
  const allowed = ['demo-camera', 'missing', 'no-role', 'all-or-nothing', 'long']
  await fleet.addPolicy('rows', {
    Effect: 'Allow',
    Action: 'iot:AssumeRoleWithCertificate',
    Resource: allowed.map(aliasArn),
  })
  await fleet.addAlias('no-role', `${ROLE}/there-is-none`)
  await fleet.addAlias('all-or-nothing', `${ROLE}/thingpass-demo-camera`, {
    seconds: 43_200,
    profile: { longDuration: 'refuse' },
  })
  await fleet.addAlias('long', `${ROLE}/thingpass-demo-camera`, { seconds: 43_200 })
  const identity = await fleet.addDevice({ thing: 'rows-1', policies: ['rows'] })
  certificateId = identity.certificateId
  device = await connect(stack, identity)
})
afterAll(async () => {
  device.close()
  await stack.close()
})

const ask = (alias: string, thing = 'rows-1') =>
  device.get(`${stack.url}/role-aliases/${alias}/credentials`, { 'x-amzn-iot-thingname': thing })

// The six rows in AWS's order. Source: awslabs/aws-iot-core-credential-provider-session-helper docs/dev_notes.md @35a2cda.
const rows: [string, string, string, number, string, string, string][] = [
  [
    '2',
    'demo-camera',
    'camera-1',
    403,
    'Invalid thing name passed',
    'AccessDeniedException',
    'thing-not-attached',
  ],
  [
    '2',
    'demo-camera',
    'nobody',
    403,
    'Invalid thing name passed',
    'AccessDeniedException',
    'thing-not-attached',
  ],
  [
    '3',
    'demo-admin',
    'rows-1',
    403,
    'Access Denied',
    'AccessDeniedException',
    'policy-does-not-allow',
  ],
  [
    '3 (T14: an alias that does not exist reads the same)',
    'unheard-of',
    'rows-1',
    403,
    'Access Denied',
    'AccessDeniedException',
    'policy-does-not-allow',
  ],
  [
    '4',
    'missing',
    'rows-1',
    404,
    'Role alias does not exist',
    'ResourceNotFoundException',
    'alias-unknown',
  ],
  [
    '5',
    'no-role',
    'rows-1',
    400,
    'Unable to assume the role, or the role to assume does not exist',
    'InvalidRequestException',
    'role-not-assumable',
  ],
  [
    '6',
    'all-or-nothing',
    'rows-1',
    400,
    'The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role',
    'InvalidRequestException',
    'duration-over-chaining-limit',
  ],
]

describe.each(rows)('row %s: %s for %s', (_, alias, thing, status, message, errorType, reason) => {
  test(`is ${status} in AWS's words, with its reason in the audit only`, async () => {
    const answer = await ask(alias, thing)
    expect(answer).toMatchObject({ status, body: JSON.stringify({ message }) })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-amzn-errortype': errorType,
      'content-length': String(answer.body.length),
      date: expect.stringMatching(/GMT$/),
    })
    expect((await stack.audited()).at(-1)).toMatchObject({
      decision: 'deny',
      reason,
      status,
      requestId: answer.headers['x-amzn-requestid'],
    })
  })
})

test('a success has four members in order, no escapes, and an expiry of 20 characters', async () => {
  const answer = await ask('demo-camera')
  expect(answer.status).toBe(200)
  expect(answer.body).toMatch(
    /^\{"credentials":\{"accessKeyId":"[^"\\]+","secretAccessKey":"[^"\\]+","sessionToken":"[^"\\]+","expiration":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}\}$/,
  )
  const headerBytes = Object.entries(answer.headers).join('\r\n').length
  expect(headerBytes + answer.body.length).toBeLessThan(1500)
})

test('an alias of twelve hours is shortened to the one hour of chained sessions, and the audit says so', async () => {
  const answer = await ask('long')
  const { expiration } = JSON.parse(answer.body).credentials
  expect(Date.parse(expiration) - Date.now()).toBeLessThanOrEqual(3_600_000)
  expect((await stack.audited()).at(-1)).toMatchObject({
    durationAskedSeconds: 43_200,
    durationGivenSeconds: 3600,
    durationClampedBy: ['issuer-limit'],
  })
})

describe('row 1 comes before all others', () => {
  test.each(['INACTIVE', 'REVOKED'] as const)(
    'a certificate set %s between two requests of one connection',
    async (status) => {
      await ask('demo-camera')
      await fleetOf(stack, 'default').setStatus(certificateId, status)
      const answer = await ask('unheard-of', 'nobody')
      await fleetOf(stack, 'default').setStatus(certificateId, 'ACTIVE')
      expect(answer).toMatchObject({
        status: 403,
        body: '{"message":"Certificate is invalid on this endpoint"}',
        reused: true,
      })
      expect(answer.headers['x-amzn-errortype']).toBe('AccessDeniedException')
      expect((await ask('demo-camera')).status).toBe(200)
    },
  )
})
