import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { createDynamoClient } from '@thingpass/aws/clients'
import { parseRegion } from '@thingpass/core/names'
import { issueCa, issueDeviceCertificate } from '@thingpass/local/pki/issue-certificate'
import { send } from '@thingpass/local/testing/device-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, fleetOf, given } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'

const ROLE = 'arn:aws:iam::123456789012:role/thingpass-demo-camera'
const PATH = '/role-aliases/demo-camera/credentials'
const CERTIFICATE = [403, 'Certificate is invalid on this endpoint']
const THING = [403, 'Invalid thing name passed']
const DENIED = [403, 'Access Denied']
const HOUR = 3_600_000

type Device = Awaited<ReturnType<typeof connect>>

let stack: TestStack
let camera: Device
const opened: Device[] = []

const deviceOf = async (
  ...identity: Parameters<typeof connect> extends [unknown, ...infer Rest] ? Rest : never
) => {
  const device = await connect(stack, ...identity)
  opened.push(device)
  return device
}
const ask = async (device: Device, path = PATH, thing?: string) => {
  const headers = thing === undefined ? {} : { 'x-amzn-iot-thingname': thing }
  const answer = await device.get(`${stack.url}${path}`, headers)
  return { ...answer, said: [answer.status, JSON.parse(answer.body).message] }
}
const lastReason = async () => {
  const record = (await stack.audited()).at(-1)
  return record?.reason ?? record?.fault ?? record?.decision
}

beforeAll(async () => {
  stack = await startTestStack()
  camera = await stack.deviceOf('camera-1')
  opened.push(camera)
})
afterAll(async () => {
  for (const device of opened) device.close()
  await stack.close()
})

describe('a certificate that is not accepted', () => {
  test('T01: is none at all', async () => {
    expect((await ask(await deviceOf())).said).toEqual(CERTIFICATE)
    expect(await lastReason()).toBe('certificate-missing')
  })

  test('is one that nobody registered, even of a known CA', async () => {
    const now = new Date()
    const ca = await issueCa({ commonName: 'nobody', now, validDays: 10 })
    const identity = await issueDeviceCertificate(ca, { commonName: 'camera-1', now, validDays: 5 })
    expect((await ask(await deviceOf(identity))).said).toEqual(CERTIFICATE)
    expect(await lastReason()).toBe('certificate-unknown')
  })

  test.each([
    ['has expired', 1, -25 * HOUR, 'certificate-not-valid-now'],
    ['is from later on', 30, 2 * HOUR, 'certificate-not-valid-now'],
    ['has less than 900 seconds left', 1, -24 * HOUR + 600_000, 'certificate-expires-too-soon'],
  ])('is one that %s', async (what, validDays, shift, reason) => {
    const now = new Date(Date.now() + shift)
    const thing = what.replaceAll(' ', '-')
    const identity = await fleetOf(stack, 'default').addDevice({ thing, validDays, now })
    expect((await ask(await deviceOf(identity))).said).toEqual(CERTIFICATE)
    expect(await lastReason()).toBe(reason)
  })

  test('is one of a tenant that is disabled, from the next request on', async () => {
    const fleet = fleetOf(stack, 'acme')
    const device = await stack.deviceOf('acme-camera-1')
    opened.push(device)
    expect((await ask(device, PATH, 'acme-camera-1')).status).toBe(200)
    await fleet.changeTenant({ status: 'DISABLED' })
    expect((await ask(device, PATH, 'acme-camera-1')).said).toEqual(CERTIFICATE)
    expect(await lastReason()).toBe('tenant-disabled')
    await fleet.changeTenant({ status: 'ENABLED' })
    expect((await ask(device, PATH, 'acme-camera-1')).status).toBe(200)
  })
})

describe('the thing header', () => {
  test.each(['', ' ', 'camera-1,camera-1', 'camera 1', 'camera-1/x', 'x'.repeat(129)])(
    'of %j is refused',
    async (thing) => {
      expect((await ask(camera, PATH, thing)).said).toEqual(THING)
      expect(await lastReason()).toBe('thing-name-malformed')
    },
  )

  test.each(['camera-1', 'other'])(
    'T11: sent twice, the second time as %s, is refused',
    async (second) => {
      const answer = await camera.get(`${stack.url}${PATH}`, {
        'x-amzn-iot-thingname': ['camera-1', second] as never,
      })
      expect([answer.status, JSON.parse(answer.body).message]).toEqual(THING)
    },
  )

  test('is found in any letter case', async () => {
    const answer = await camera.get(`${stack.url}${PATH}`, { 'X-AMZN-IOT-THINGNAME': 'camera-1' })
    expect(answer.status).toBe(200)
  })

  test('may be left out: then no thing is tagged', async () => {
    expect((await ask(camera)).status).toBe(200)
    expect((await stack.audited()).at(-1)).not.toHaveProperty('thingName')
  })

  test("left out costs the policies of the thing's groups", async () => {
    const path = '/role-aliases/demo-maintenance/credentials'
    expect((await ask(camera, path, 'camera-1')).status).toBe(200)
    expect((await ask(camera, path)).said).toEqual(DENIED)
  })

  test('left out is the exclusive thing where the tenant says so', async () => {
    const fleet = fleetOf(stack, 'default')
    await fleet.changeTenant({ defaultThing: 'exclusive' })
    const answer = await ask(camera, '/role-aliases/demo-maintenance/credentials')
    await fleet.changeTenant({ defaultThing: 'never' })
    expect(answer.status).toBe(200)
    expect((await stack.audited()).at(-1)).toMatchObject({ thingName: 'camera-1' })
  })
})

describe('the path', () => {
  test.each([
    ['/role-aliases/a%20b/credentials', DENIED, 'alias-malformed'],
    ['/role-aliases/demo%252Dcamera/credentials', DENIED, 'alias-malformed'],
    ['/role-aliases//credentials', DENIED, 'alias-malformed'],
    [`/role-aliases/${'x'.repeat(129)}/credentials`, DENIED, 'alias-malformed'],
    ['/role-aliases/DEMO-CAMERA/credentials', DENIED, 'policy-does-not-allow'],
    ['/role-aliases/..%2f..%2fx/credentials', [404, 'Not Found'], 'path-unknown'],
    ['/role-aliases/demo-camera/credentials/', [404, 'Not Found'], 'path-unknown'],
    ['/role-aliases/demo-camera', [404, 'Not Found'], 'path-unknown'],
    ['/', [404, 'Not Found'], 'path-unknown'],
    ['/ping', [404, 'Not Found'], 'path-unknown'],
  ])('T13: %s', async (path, said, reason) => {
    expect((await ask(camera, path, 'camera-1')).said).toEqual(said)
    expect(await lastReason()).toBe(reason)
  })

  test.each([
    '/role-aliases/demo%2Dcamera/credentials',
    '/role-aliases/%64emo-camera/credentials',
    `${PATH}?a=b`,
  ])('is read when it comes as %s', async (path) => {
    expect((await ask(camera, path, 'camera-1')).status).toBe(200)
  })

  test('with an alias of every special character is read raw and encoded', async () => {
    const fleet = fleetOf(stack, 'default')
    const resource = 'arn:aws:iot:us-east-1:123456789012:rolealias/a=b,c@d'
    const allow = { Effect: 'Allow', Action: 'iot:AssumeRoleWithCertificate', Resource: resource }
    await fleet.addPolicy('special', allow)
    await fleet.addAlias('a=b,c@d', ROLE)
    const device = await deviceOf(
      await fleet.addDevice({ thing: 'special', policies: ['special'] }),
    )
    expect((await ask(device, '/role-aliases/a=b,c@d/credentials')).status).toBe(200)
    expect((await ask(device, '/role-aliases/a%3Db%2cc%40d/credentials')).status).toBe(200)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('is not for %s', async (method) => {
    const ca = await stack.authorityPem()
    const answer = await send(`${stack.url}${PATH}`, { method, ca })
    expect([answer.status, JSON.parse(answer.body).message]).toEqual([405, 'Method Not Allowed'])
    expect(answer.headers.allow).toBe('GET')
    expect(await lastReason()).toBe('method-not-allowed')
  })
})

describe('conditions of the alias', () => {
  test.each([
    [
      'a thing that is not named',
      'needs-thing',
      ROLE,
      { requireThingName: true },
      'thing-name-required',
    ],
    [
      'a session policy that is not there',
      'scoped',
      ROLE,
      { scope: 'session-policy' },
      'session-policy-missing',
    ],
    [
      'a role that the tenant may not use',
      'foreign',
      'arn:aws:iam::999999999999:role/x',
      {},
      'role-outside-tenant',
    ],
  ] as const)('%s reads Access Denied', async (_, alias, role, profile, reason) => {
    const fleet = fleetOf(stack, 'default')
    const resource = `arn:aws:iot:us-east-1:123456789012:rolealias/${alias}`
    const allow = { Effect: 'Allow', Action: 'iot:AssumeRoleWithCertificate', Resource: resource }
    await fleet.addPolicy(alias, allow)
    await fleet.addAlias(alias, role, { profile })
    const device = await deviceOf(await fleet.addDevice({ thing: alias, policies: [alias] }))
    expect((await ask(device, `/role-aliases/${alias}/credentials`)).said).toEqual(DENIED)
    expect(await lastReason()).toBe(reason)
  })
})

test('a tenant over its budget is asked to come back', async () => {
  const fleet = fleetOf(stack, 'acme')
  const device = await stack.deviceOf('acme-gateway-1')
  opened.push(device)
  await fleet.changeTenant({ rateLimit: { perSecond: 0.001, burst: 2 } })
  const path = '/role-aliases/demo-gateway/credentials'
  const statuses: number[] = []
  for (let count = 0; count < 4; count += 1) {
    statuses.push((await ask(device, path, 'acme-gateway-1')).status)
  }
  const answer = await ask(device, path, 'acme-gateway-1')
  await fleet.changeTenant({ rateLimit: { perSecond: 1000, burst: 1000 } })
  expect(statuses).toEqual([200, 200, 429, 429])
  expect(answer.headers['retry-after']).toMatch(/^[123]$/)
  expect((await ask(camera, PATH, 'camera-1')).status).toBe(200)
})

test('an item that cannot be read is our failure, never a grant, and operators are told', async () => {
  const fleet = fleetOf(stack, 'default')
  const identity = await fleet.addDevice({ thing: 'broken', policies: ['camera-credentials'] })
  const device = await deviceOf(identity)
  expect((await ask(device, PATH, 'broken')).status).toBe(200)
  const client = createDynamoClient({
    region: given(parseRegion('us-east-1')),
    endpoint: stack.dynamodbUrl,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  await client.send(
    new PutItemCommand({
      TableName: 'thingpass-local',
      Item: {
        pk: { S: `CERT#${identity.certificateId}` },
        sk: { S: 'META' },
        status: { S: 'ACTIVE' },
      },
    }),
  )
  client.destroy()
  expect((await ask(device, PATH, 'broken')).said).toEqual([500, 'Internal Failure'])
  expect(await lastReason()).toBe('REGISTRY_UNREADABLE')
  expect(stack.told.at(-1)).toContain('REGISTRY_UNREADABLE')
})

test('an STS that fails means coming back later, and never credentials', async () => {
  const file = join(stack.dataDir, 'roles.json')
  const roles = await readFile(file, 'utf8')
  await writeFile(file, '[')
  const answer = await ask(camera, PATH, 'camera-1')
  await writeFile(file, roles)
  expect(answer.said).toEqual([503, 'Service Unavailable'])
  expect(answer.headers['retry-after']).toMatch(/^[123]$/)
  expect(await lastReason()).toBe('STS_UNAVAILABLE')
  expect((await ask(camera, PATH, 'camera-1')).status).toBe(200)
})
