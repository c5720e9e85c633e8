import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DetachPolicyCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { operatorOf } from '../support/operator.ts'

const ALIAS = 'arn:aws:iot:us-east-1:123456789012:rolealias/demo-camera'
const THING = `\${credentials-iot:ThingName}`
const SITE = `\${iot:Connection.Thing.Attributes[site]}`
const policy = (...resources: string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: resources }],
  })

let stack: TestStack
let operator: IoTClient
let camera: Awaited<ReturnType<TestStack['deviceOf']>>

beforeAll(async () => {
  stack = await startTestStack()
  operator = await operatorOf(stack)
  camera = await stack.deviceOf('camera-1')
})
afterAll(async () => {
  operator.destroy()
  camera.close()
  await stack.close()
})

const ask = () =>
  camera.get(`${stack.url}/role-aliases/demo-camera/credentials`, {
    'x-amzn-iot-thingname': 'camera-1',
  })
const last = async () => (await stack.audited()).at(-1)

// One story: an operator scopes an alias with AWS's own client, and a device meets each step of it.
test('T21: an alias that was once scoped never gives the whole role again', async () => {
  expect((await ask()).status).toBe(200)
  expect(await last()).toMatchObject({ decision: 'allow', sessionPolicies: [] })

  const document = policy(`arn:aws:s3:::media/${SITE}/${THING}/*`)
  await operator.send(
    new CreatePolicyCommand({ policyName: 'own-media', policyDocument: document }),
  )
  await operator.send(new AttachPolicyCommand({ policyName: 'own-media', target: ALIAS }))
  const scoped = await ask()
  expect(scoped.status).toBe(200)
  expect(Buffer.byteLength(scoped.body)).toBeLessThanOrEqual(2048)
  expect(await last()).toMatchObject({
    sessionPolicies: [{ policyName: 'own-media', versionId: '1' }],
    sessionPolicy: {
      policyCharacters: policy('arn:aws:s3:::media/berlin/camera-1/*').length,
      dropped: [],
    },
  })

  await operator.send(new DetachPolicyCommand({ policyName: 'own-media', target: ALIAS }))
  await expect
    .poll(async () => (await ask()).body, { timeout: 15_000 })
    .toBe('{"message":"Access Denied"}')
  expect(await last()).toMatchObject({ reason: 'session-policy-missing' })
})

test('a policy that no device could be given is refused when it is attached, with statement and reason', async () => {
  const bad = policy(`arn:aws:s3:::media/\${iot:ClientId}/*`)
  await operator.send(
    new CreatePolicyCommand({ policyName: 'unknown-variable', policyDocument: bad }),
  )
  const attach = new AttachPolicyCommand({ policyName: 'unknown-variable', target: ALIAS })
  await expect(operator.send(attach)).rejects.toMatchObject({
    name: 'MalformedPolicyException',
    message: expect.stringMatching(/Statement\[0\].*iot:ClientId/),
  })
})

test('nor can it become the default version of one that is attached', async () => {
  await operator.send(new AttachPolicyCommand({ policyName: 'own-media', target: ALIAS }))
  const version = {
    policyName: 'own-media',
    policyDocument: policy(`arn:aws:s3:::media/\${iot:ClientId}/*`),
  }
  const asDefault = new CreatePolicyVersionCommand({ ...version, setAsDefault: true })
  await expect(operator.send(asDefault)).rejects.toMatchObject({ name: 'MalformedPolicyException' })
})
