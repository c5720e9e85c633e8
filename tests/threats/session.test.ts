import {
  parsePolicyName,
  parseRoleAlias,
  parseTenantId,
  parseThingName,
} from '@thingpass/core/names'
import { referenceMatches } from '@thingpass/core/testing/reference-matcher'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { done, given } from '../support/fleet.ts'
import { startThreatStage, type ThreatStage } from './stage.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

const tenantId = given(parseTenantId('default'))
const ROLE = 'arn:aws:iam::123456789012:role/thingpass-demo-camera'
const ARN = 'arn:aws:s3:::media/'
/** For IoT to fill in, not for JavaScript. */
const SITE = '${iot:Connection.Thing.Attributes[site]}'
const TEMPLATE = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `${ARN}${SITE}/*` }],
})

let stage: ThreatStage
let device: Awaited<ReturnType<ReturnType<ThreatStage['fleet']>['addDevice']>>
let things = 0
beforeAll(async () => {
  stage = await startThreatStage()
  const fleet = stage.fleet()
  const allow = { Effect: 'Allow', Action: 'iot:AssumeRoleWithCertificate', Resource: '*' }
  await fleet.addPolicy('any-alias', allow)
  device = await fleet.addDevice({ thing: 'renderer', policies: ['any-alias'] })
  const policyName = given(parsePolicyName('session'))
  await done(stage.stack.registry.createPolicy({ tenantId, policyName, document: TEMPLATE }))
  await fleet.addAlias('scoped', ROLE)
  const roleAlias = given(parseRoleAlias('scoped'))
  const target = { kind: 'role-alias', roleAlias } as const
  const attached = { tenantId, policyName, target, rendersAsSessionPolicy: true }
  await done(stage.stack.registry.attachPolicy(attached as never))
})
afterAll(() => stage.close())

/** Asks with a thing whose attributes are these, and tells what STS was asked for. */
async function askWith(attributes: Readonly<Record<string, string>>) {
  const thingName = given(parseThingName(`rendered-${things++}`))
  const { certificateId } = device
  const { registry } = stage.stack
  await done(
    registry.createThing({ tenantId, thingName, attributes: new Map(Object.entries(attributes)) }),
  )
  await done(registry.attachThing({ tenantId, certificateId, thingName, exclusive: false }))
  const { ask, sessions } = stage.openHandler()
  const headers = { 'x-amzn-iot-thingname': thingName }
  const answer = await ask(device.certificatePem, { alias: 'scoped', headers })
  await done(registry.detachThing({ tenantId, certificateId, thingName }))
  const [session] = sessions
  expect(sessions).toHaveLength(answer.status === 200 ? 1 : 0)
  const policy = session && JSON.parse(session.policy ?? 'null')
  return { answer, session, policy, resource: policy?.Statement[0].Resource as unknown }
}

/** What any rendered policy is, whatever the value was. */
function expectOneStatement(policy: { readonly Statement: readonly object[] }): void {
  expect(Object.keys(policy)).toEqual(['Version', 'Statement'])
  expect(policy.Statement).toHaveLength(1)
  expect(policy.Statement[0]).toEqual({
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: expect.anything(),
  })
}

test('a plain value gives credentials for its own place and no other', async () => {
  const { answer, policy, resource } = await askWith({ site: 'berlin' })
  expect(answer.status).toBe(200)
  expectOneStatement(policy)
  expect([resource].flat()).toEqual([`${ARN}berlin/*`])
})

describe('a value of the device', () => {
  test.each([
    ['T15: that is a wildcard', '*'],
    ['T15: that ends in one', 'b*'],
    ['T15: that stands for any character', '?erlin'],
    ['T16: that is a variable of IAM', '${aws:username}'],
    ['T16: that is a variable of ours', SITE],
    ['T16: that begins one', '${'],
    ['T16: that is an escape already', '${*}'],
    ['T17: that ends its text and begins an action', '","Action":"*'],
    ['T17: that ends its text in escapes', '\\u0022,\\u0022Action\\u0022:\\u0022*'],
    ['T17: that ends its line', 'a\n"Effect":"Allow"'],
    ['T17: that ends in a backslash', 'a\\'],
  ])('%s means itself or gets nothing', async (_, site) => {
    const { answer, policy, resource } = await askWith({ site })
    if (answer.status !== 200) {
      expect(answer.status).toBe(403)
      return
    }
    expectOneStatement(policy)
    const patterns = [resource].flat().map(String)
    expect(patterns.some((pattern) => referenceMatches(pattern, `${ARN}${site}/x`))).toBe(true)
    for (const foreign of ['berlin', 'b', '', 'anna', 'x*', '*x']) {
      const reached = patterns.some((pattern) => referenceMatches(pattern, `${ARN}${foreign}/x`))
      expect([foreign, reached]).toEqual([foreign, false])
    }
  })

  test.each([
    ['T18: that is missing', {}],
    ['T18: that is empty', { site: '' }],
    ['T18: that is called otherwise', { place: 'berlin' }],
    ['T19: that only every object has', { constructor: 'x', toString: 'x' }],
  ])('%s leads to no credentials, rather than to all places', async (_, attributes) => {
    const { answer } = await askWith(attributes)
    expect(answer).toMatchObject({ status: 403, body: '{"message":"Access Denied"}' })
  })

  test.each([
    ['T22: that has a character above U+00FF', '東京'],
    ['T22: that has a control character', 'a\u0001'],
    ['T21: that makes the policy too large', 'x'.repeat(800).concat('y'.repeat(800))],
  ])('%s is refused, and STS is not asked without a policy', async (_, site) => {
    expect((await askWith({ site })).answer).toMatchObject({ status: 403 })
  })
})

test('T21: whatever the values are, STS is never asked for a scoped alias without its policy, nor with another', async () => {
  const piece = fc.constantFrom('*', '?', '${', '}', '"', '\\', 'a', '/', ':', 'é', '\u0100', ' ')
  const site = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
  await fc.assert(
    fc.asyncProperty(site, async (value) => {
      const { session, policy } = await askWith({ site: value })
      if (session === undefined) return
      expect(session.policy).toEqual(expect.any(String))
      expectOneStatement(policy)
    }),
    { numRuns: 25 },
  )
})

test('T20: tags of the alias stand beside the broker’s own, which no letter case replaces', async () => {
  const fleet = stage.fleet()
  for (const key of ['thingpass:TenantId', 'THINGPASS:TENANTID', 'Credentials-IoT:ThingName']) {
    await fleet.changeTenant({ sessionTagKeys: ['site', key] })
    const alias = `tags-${things++}`
    await fleet.addAlias(alias, ROLE, { profile: { tags: new Map([[key, 'forged']]) } })
    const { ask, sessions } = stage.openHandler()
    expect((await ask(device.certificatePem, { alias })).status).toBe(403)
    expect(sessions).toEqual([])
  }
  await fleet.changeTenant({ sessionTagKeys: ['site'] })
  await fleet.addAlias('tagged', ROLE, { profile: { tags: new Map([['site', 'berlin']]) } })
  const { ask, sessions } = stage.openHandler()
  expect((await ask(device.certificatePem, { alias: 'tagged' })).status).toBe(200)
  const tags = sessions[0]?.tags ?? []
  expect(new Set(tags.map(({ key }) => key.toLowerCase())).size).toBe(tags.length)
  expect(tags).toContainEqual({ key: 'site', value: 'berlin' })
  expect(tags).toContainEqual({ key: 'thingpass:TenantId', value: 'default' })
})

test('T21: a scoped alias whose policies are all gone gives nothing, rather than all that the role has', async () => {
  await stage.fleet().addAlias('bare', ROLE, { profile: { scope: 'session-policy' } })
  const { ask, sessions } = stage.openHandler()
  expect(await ask(device.certificatePem, { alias: 'bare' })).toMatchObject({
    status: 403,
    audit: { reason: 'session-policy-missing' },
  })
  expect(sessions).toEqual([])
})

test('T23: an alias that names a role of another tenant or account is refused when it is used, however it got there', async () => {
  const fleet = stage.fleet('acme')
  const allow = { Effect: 'Allow', Action: 'iot:AssumeRoleWithCertificate', Resource: '*' }
  await fleet.addPolicy('any-alias', allow)
  const { certificatePem } = await fleet.addDevice({ thing: 'greedy', policies: ['any-alias'] })
  const roles = [
    ROLE,
    'arn:aws:iam::123456789012:role/thingpass-credentials',
    'arn:aws:iam::999999999999:role/thingpass-demo-acme-camera',
  ]
  for (const role of roles) {
    const alias = `greedy-${things++}`
    await fleet.addAlias(alias, role)
    const { ask, sessions } = stage.openHandler()
    expect(await ask(certificatePem, { alias })).toMatchObject({
      status: 403,
      body: '{"message":"Access Denied"}',
      audit: { reason: 'role-outside-tenant' },
    })
    expect(sessions).toEqual([])
  }
})
