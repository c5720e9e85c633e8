import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, fleetOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'

const API = 'arn:aws:execute-api:us-east-1:123456789012:local/$default'
const FORBIDDEN = [403, { message: 'Forbidden' }]

let stack: TestStack
let fleet: ReturnType<typeof fleetOf>
let device: Awaited<ReturnType<typeof connect>>
let certificateId: string

beforeAll(async () => {
  stack = await startTestStack()
  fleet = fleetOf(stack, 'default')
  await fleet.addPolicy(
    'api-and-aliases',
    { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${API}/GET/whoami` },
    {
      Effect: 'Allow',
      Action: 'iot:AssumeRoleWithCertificate',
      Resource: ['demo-camera', 'unheard-of'].map(
        (alias) => `arn:aws:iot:us-east-1:123456789012:rolealias/${alias}`,
      ),
    },
  )
  const identity = await fleet.addDevice({ thing: 'sensor-1', policies: ['api-and-aliases'] })
  certificateId = identity.certificateId
  device = await connect(stack, identity)
})
afterAll(async () => {
  device.close()
  await stack.close()
})

const ask = async (path: string, thing: string | undefined = 'sensor-1', by = device) => {
  const headers: Record<string, string> = thing === '' ? {} : { 'x-amzn-iot-thingname': thing }
  const answer = await by.get(`${stack.url}${path}`, headers)
  return [answer.status, JSON.parse(answer.body)]
}
const lastRecord = async () => (await stack.audited()).at(-1)

test('a device learns who it is', async () => {
  expect(await ask('/whoami')).toEqual([
    200,
    { tenantId: 'default', certificateId, thingName: 'sensor-1', attributes: '{}' },
  ])
  expect(await lastRecord()).toMatchObject({
    kind: 'authorizer',
    decision: 'allow',
    status: 200,
    tenantId: 'default',
    certificateId,
    thingName: 'sensor-1',
    apiArn: `${API}/GET/whoami`,
  })
})

test.each([
  ['demo-camera', true],
  ['unheard-of', true], // T14: whether it exists is not said
  ['demo-admin', false],
  ['unheard-of-2', false],
  ['a%20b', false],
])('and whether it may assume %s: %j', async (alias, mayAssume) => {
  expect(await ask(`/whoami?roleAlias=${alias}`)).toMatchObject([200, { mayAssume }])
})

describe('nobody else is let in, and only the audit record says why', () => {
  test.each([
    ['a thing that is not its own', 'camera-1', 'thing-not-attached'],
    ['no thing', '', 'thing-name-required'],
    ['no name of a thing', 'a b', 'thing-name-malformed'],
  ])('%s', async (_, thing, reason) => {
    expect(await ask('/whoami', thing)).toEqual(FORBIDDEN)
    expect(await lastRecord()).toMatchObject({ kind: 'authorizer', decision: 'deny', reason })
  })

  test('T01: no certificate', async () => {
    const nobody = await connect(stack)
    expect(await ask('/whoami', 'sensor-1', nobody)).toEqual(FORBIDDEN)
    nobody.close()
    expect(await lastRecord()).toMatchObject({ reason: 'certificate-missing', status: 403 })
  })

  test('a device of another policy, though it gets its credentials', async () => {
    const policies = ['camera-credentials']
    const thing = 'sensor-2'
    const other = await connect(stack, await fleet.addDevice({ thing, policies }))
    expect(await ask('/whoami', thing, other)).toEqual(FORBIDDEN)
    expect(await lastRecord()).toMatchObject({ reason: 'policy-does-not-allow' })
    const [status] = await ask('/role-aliases/demo-camera/credentials', thing, other)
    expect(status).toBe(200)
    other.close()
  })

  test("a path outside the tenant's patterns, whatever the policy says", async () => {
    await fleet.changeTenant({ apiArnPatterns: [`${API}/GET/other`] })
    expect(await ask('/whoami')).toEqual(FORBIDDEN)
    expect(await lastRecord()).toMatchObject({ reason: 'api-outside-tenant' })
    await fleet.changeTenant({ apiArnPatterns: [`${API}/GET/whoami`] })
    expect(await ask('/whoami')).toMatchObject([200, {}])
  })

  test('T27: a certificate that was deactivated, on the very next request of its connection', async () => {
    await fleet.setStatus(certificateId, 'INACTIVE')
    expect(await ask('/whoami')).toEqual(FORBIDDEN)
    expect(await lastRecord()).toMatchObject({ reason: 'certificate-not-active' })
    await fleet.setStatus(certificateId, 'ACTIVE')
    expect(await ask('/whoami')).toMatchObject([200, {}])
  })
})

test.each(['/whoami/', '//whoami', '/WHOAMI', '/whoami/x'])(
  '%s is no guarded route, and nothing is there',
  async (path) => {
    expect(await ask(path)).toMatchObject([404, { message: 'Not Found' }])
  },
)
