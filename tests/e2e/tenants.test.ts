import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, fleetOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'

// Two tenants own a thing, a policy and an alias of the same names; the alias leads to another role in each.
const THING = 'twin'
const ALIAS = 'twin'
const PATH = `/role-aliases/${ALIAS}/credentials`
const allow = {
  Effect: 'Allow',
  Action: 'iot:AssumeRoleWithCertificate',
  Resource: `arn:aws:iot:us-east-1:123456789012:rolealias/${ALIAS}`,
}
const ROLES = {
  default: 'arn:aws:iam::123456789012:role/thingpass-demo-camera',
  acme: 'arn:aws:iam::123456789012:role/thingpass-demo-acme-camera',
} as const
type Tenant = keyof typeof ROLES
const TENANTS = Object.keys(ROLES) as Tenant[]

let stack: TestStack
const devices = {} as Record<Tenant, Awaited<ReturnType<typeof connect>>>

beforeAll(async () => {
  stack = await startTestStack()
  for (const tenant of TENANTS) {
    const fleet = fleetOf(stack, tenant)
    await fleet.addPolicy('twin', allow)
    await fleet.addAlias(ALIAS, ROLES[tenant])
    const identity = await fleet.addDevice({ thing: THING, policies: ['twin'] })
    devices[tenant] = await connect(stack, identity)
  }
})
afterAll(async () => {
  for (const tenant of TENANTS) devices[tenant].close()
  await stack.close()
})

const ask = (tenant: Tenant, thing = THING, path = PATH) =>
  devices[tenant].get(`${stack.url}${path}`, { 'x-amzn-iot-thingname': thing })
const last = async () => (await stack.audited()).at(-1)

describe.each(TENANTS)('the same names in two tenants: %s', (tenant) => {
  test('T24: gets the role of its own alias, however often the two take turns', async () => {
    for (const turn of [...TENANTS, ...TENANTS, tenant]) {
      expect((await ask(turn)).status).toBe(200)
      expect(await last()).toMatchObject({ tenantId: turn, roleArn: ROLES[turn] })
    }
  })

  test('T12: cannot act for a thing of the other', async () => {
    const foreign = tenant === 'default' ? 'acme-camera-1' : 'camera-1'
    expect((await ask(tenant, foreign)).body).toBe('{"message":"Invalid thing name passed"}')
  })
})

test('what one tenant changes does not change the other', async () => {
  const fleet = fleetOf(stack, 'acme')
  await fleet.changeTenant({ roleArnPatterns: [] })
  expect((await ask('acme')).body).toBe('{"message":"Access Denied"}')
  expect(await last()).toMatchObject({ reason: 'role-outside-tenant' })
  expect((await ask('default')).status).toBe(200)
})

test('an alias that only the other tenant has does not exist', async () => {
  await fleetOf(stack, 'default').addAlias('only-default', ROLES.default)
  const everything = { ...allow, Resource: '*' }
  const fleet = fleetOf(stack, 'acme')
  await fleet.addPolicy('everything', everything)
  const identity = await fleet.addDevice({ thing: 'curious', policies: ['everything'] })
  const device = await connect(stack, identity)
  const answer = await device.get(`${stack.url}/role-aliases/only-default/credentials`)
  device.close()
  expect(answer).toMatchObject({ status: 404, body: '{"message":"Role alias does not exist"}' })
})
