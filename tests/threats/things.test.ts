import { thingKey } from '@thingpass/aws/registry/keys'
import {
  parseCertificateId,
  parseTenantId,
  parseThingName,
  type ThingName,
} from '@thingpass/core/names'
import { issueCertificate } from '@thingpass/x509/testing/certificates'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createRandom, pick } from '../kills/random.ts'
import { done, given, idOf } from '../support/fleet.ts'
import { startThreatStage, type ThreatStage } from './stage.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

const TENANTS = ['default', 'acme'] as const
type Tenant = (typeof TENANTS)[number]
type Device = {
  readonly tenant: Tenant
  readonly certificatePem: string
  readonly certificateId: string
}

let stage: ThreatStage
beforeAll(async () => {
  stage = await startThreatStage()
})
afterAll(() => stage.close())

describe('names that look alike', () => {
  let device: Device
  beforeAll(async () => {
    const added = { thing: 'camera-9', policies: ['camera-credentials'] }
    device = { tenant: 'default', ...(await stage.fleet().addDevice(added)) }
  })

  test.each([
    ['a letter of another alphabet', 'c\u0430mera-9'],
    ['another letter case', 'Camera-9'],
    ['a blank before it', ' camera-9'],
    ['a blank behind it', 'camera-9 '],
    ['a NUL', 'camera-9\0'],
    ['a soft hyphen', 'camera\u00ad-9'],
    ['letters of full width', '\uff43amera-9'],
    ['a composed letter', 'cam\u00e9ra-9'],
    ['a line end', 'camera-9\n'],
  ])('T10: %s is not the thing', async (_, thing) => {
    const { ask, sessions } = stage.openHandler()
    const answer = await ask(device.certificatePem, { headers: { 'x-amzn-iot-thingname': thing } })
    expect(answer).toMatchObject({ status: 403, body: '{"message":"Invalid thing name passed"}' })
    expect(sessions).toEqual([])
  })
  test('T10: texts that differ in any unit never become one name, or one place in the registry', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-ascii' }))
    const changed = fc
      .tuple(fc.stringMatching(/^[a-zA-Z0-9:_-]{1,20}$/), text)
      .map(([name, other]) => [name, other] as const)
    fc.assert(
      fc.property(changed, ([name, other]) => {
        fc.pre(name !== other)
        const tenantId = given(parseTenantId('acme'))
        const [one, two] = [parseThingName(name), parseThingName(other)]
        if (one === undefined || two === undefined) return
        expect([String(one), String(two)]).toEqual([name, other])
        expect(thingKey(tenantId, one)).not.toEqual(thingKey(tenantId, two))
      }),
      { numRuns: 500 },
    )
  })

  test('T10: a name in any other letter case is another name', () => {
    const name = fc.stringMatching(/^[a-z]{1,20}$/)
    fc.assert(
      fc.property(name, (text) => {
        expect(parseThingName(text.toUpperCase())).toBe(text.toUpperCase())
        expect(parseTenantId(text.toUpperCase())).toBeUndefined()
        expect(parseCertificateId('A'.repeat(64))).toBeUndefined()
      }),
    )
  })
})

test('T12: a device acts for the things that are attached to it, and for no other, whatever was attached and detached before', async () => {
  const random = createRandom(12)
  const things = ['shared-0', 'shared-1', 'shared-2'].map((name) => given(parseThingName(name)))
  const devices = await Promise.all(
    TENANTS.flatMap((tenant) => [addDevice(tenant, 0), addDevice(tenant, 1)]),
  )
  for (const tenant of TENANTS) await makeThings(tenant, things)
  const pairs = devices.flatMap((device) => things.map((thing) => ({ device, thing })))
  const attached = new Set<Pair>()
  const { ask } = stage.openHandler() // one process: what it remembers must not count
  for (let round = 0; round < 36; round++) {
    const pair = pick(random, pairs)
    await toggle(pair, attached.has(pair))
    if (!attached.delete(pair)) attached.add(pair)
    if (round % 3 === 0) await expectAnswers(ask, pairs, attached)
  }
})

type Pair = { readonly device: Device; readonly thing: ThingName }

async function expectAnswers(
  ask: ReturnType<ThreatStage['openHandler']>['ask'],
  pairs: readonly Pair[],
  attached: ReadonlySet<Pair>,
): Promise<void> {
  for (const pair of pairs) {
    const headers = { 'x-amzn-iot-thingname': pair.thing }
    const { status, audit } = await ask(pair.device.certificatePem, { headers })
    const should = attached.has(pair) ? GRANTED : REFUSED
    expect([status, audit?.reason, audit?.tenantId]).toEqual([...should, pair.device.tenant])
  }
}

const GRANTED = [200, undefined]
const REFUSED = [403, 'thing-not-attached']

async function makeThings(tenant: Tenant, names: readonly ThingName[]): Promise<void> {
  const tenantId = given(parseTenantId(tenant))
  for (const thingName of names) {
    await done(stage.stack.registry.createThing({ tenantId, thingName, attributes: new Map() }))
  }
}

async function toggle({ device, thing }: Pair, isAttached: boolean): Promise<void> {
  const edge = {
    tenantId: given(parseTenantId(device.tenant)),
    certificateId: given(parseCertificateId(device.certificateId)),
    thingName: thing,
  }
  const { registry } = stage.stack
  if (isAttached) await done(registry.detachThing(edge))
  else await done(registry.attachThing({ ...edge, exclusive: false }))
}

async function addDevice(tenant: Tenant, index: number): Promise<Device> {
  const policies = ['camera-credentials']
  const device = await stage.fleet(tenant).addDevice({ thing: `own-${tenant}-${index}`, policies })
  return { tenant, ...device }
}

test('T24: processes that serve two tenants with the same names give each device its own tenant’s role', async () => {
  const [one, two] = await Promise.all([addDevice('default', 7), addDevice('acme', 7)])
  const { ask, sessions } = stage.openHandler()
  for (const device of [one, two, two, one, one, two]) {
    expect((await ask(device.certificatePem)).audit).toMatchObject({ tenantId: device.tenant })
  }
  const roles = sessions.map(({ roleArn }) => roleArn.split('/').at(-1))
  const [own, foreign] = ['thingpass-demo-camera', 'thingpass-demo-acme-camera']
  expect(roles).toEqual([own, foreign, foreign, own, own, foreign])
  const externalIds = new Set(sessions.map(({ externalId }) => externalId))
  expect(externalIds.size).toBe(2)
})

test('T24: processes that take two issuers of one name for each other at first give nobody the other’s', async () => {
  const names = ['default', 'acme', 'acme', 'default', 'default', 'acme'] as const
  const pems = new Map<Tenant, string>()
  for (const tenant of TENANTS) {
    const { pem } = issueCertificate(await stage.ca(tenant), { authorityKeyId: false })
    await stage.register(pem, tenant)
    await stage.attachPolicy('camera-credentials', idOf(pem), tenant)
    pems.set(tenant, pem)
  }
  const { ask } = stage.openHandler()
  for (const tenant of names) {
    const { status, audit } = await ask(pems.get(tenant) ?? '')
    expect([status, audit?.tenantId]).toEqual([200, tenant])
  }
})

test('T32: sessions are named by the whole certificate id, so that no two devices share a name', async () => {
  const long = 'n'.repeat(120)
  const devices = await Promise.all(
    [`${long}-a`, `${long}-b`].map((thing) =>
      stage.fleet().addDevice({ thing, policies: ['camera-credentials'] }),
    ),
  )
  const { ask, sessions } = stage.openHandler()
  for (const { certificatePem } of devices) await ask(certificatePem)
  expect(sessions.map(({ sessionName }) => sessionName)).toEqual(
    devices.map(({ certificateId }) => certificateId),
  )
  expect(sessions.every(({ sessionName }) => /^[0-9a-f]{64}$/.test(sessionName))).toBe(true)
})
