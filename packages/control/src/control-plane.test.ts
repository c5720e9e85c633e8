// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text

import type { RegistryFacts } from '@thingpass/core/facts'
import { Fault } from '@thingpass/core/fault'
import { parseTenantId } from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import {
  CERTIFICATE_ID,
  certificate,
  circumstances,
  facts,
  NOON,
} from '@thingpass/core/testing/decision-example'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import { expect, test } from 'vitest'
import { createControlPlane } from './control-plane.ts'
import type { ControlRequest } from './control-request.ts'
import type { ControlPorts } from './ports.ts'

const SESSION_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' },
})
const ROLE = 'arn:aws:iam::123456789012:role/devices/camera'
const TARGET = 'arn:aws:iot:us-east-1:123456789012:rolealias/camera'
const CALLER = 'arn:aws:iam::123456789012:user/anna'

const NOTHING = { ok: false, reason: 'unused' } as const
const unused = () => Promise.reject(new Error('unused'))
/** No operation here reads or makes a certificate. */
const UNUSED: ControlPorts['certificates'] = {
  parseCertificate: () => NOTHING,
  parseCa: () => NOTHING,
  parseRevocationList: () => ({ problem: 'not-a-crl' }),
  parseRequest: () => NOTHING,
  authority: { makeCaCertificate: unused, issue: unused },
  makeKeyPair: unused,
}

async function start(
  change: (registry: RegistryWrites) => Partial<RegistryWrites> = () => ({}),
  otherPorts: Partial<ControlPorts> = {},
) {
  const fake = createFakeRegistry({ clock: () => NOON })
  const tenantId = parseTenantId('default')!
  await fake.putTenant({ record: { ...facts.tenant, tenantId } })
  const changed = { ...fake, ...change(fake) }
  const faults: string[] = []
  const actors: string[] = []
  const ports: ControlPorts = {
    registryFor: (actor) => {
      actors.push(actor)
      return changed
    },
    readFacts: fake.readFacts,
    identifyCertificate: () => ({ ok: false, reason: 'certificate-malformed' }),
    mayPassRole: async () => true,
    certificates: UNUSED,
    isAdministrator: async () => false,
    randomHex: (octets) => '0'.repeat(2 * octets),
    clock: () => NOON,
    reportFault: ({ code, message }, requestId) => faults.push(`${requestId} ${code} ${message}`),
    settings: {
      deployment: circumstances.deployment,
      credentialsEndpoint: 'devices.example.com',
      longestSessionSeconds: 3600,
      deadlineMilliseconds: 1000,
    },
    ...otherPorts,
  }
  const controlPlane = createControlPlane(ports)
  const call = async (method: string, path: string, body?: object) => {
    const { status, body: text } = await controlPlane(requestOf(method, path, body))
    return [status, JSON.parse(text)] as const
  }
  return { call, faults, actors, fake }
}

function requestOf(method: string, path: string, body?: object): ControlRequest {
  return {
    ...{ requestId: 'r-1', method, path, query: [], headers: new Map(), callerArn: CALLER },
    ...{ body: body === undefined ? '' : JSON.stringify(body), sourceIp: '192.0.2.7' },
  }
}

test('the registry is changed in the caller’s name', async () => {
  const { call, actors } = await start()
  expect(await call('POST', '/role-aliases/camera', { roleArn: ROLE })).toMatchObject([200, {}])
  expect(actors).toEqual([CALLER])
})

test.each([
  [
    'a Fault',
    new Fault('REGISTRY_THROTTLED', 'GetItem'),
    [503, { message: 'Service Unavailable', __type: 'ServiceUnavailableException' }],
    'r-1 REGISTRY_THROTTLED GetItem',
  ],
  [
    'anything else',
    new TypeError('secret'),
    [500, { message: 'Internal Failure', __type: 'InternalFailureException' }],
    'r-1 UNEXPECTED unforeseen failure',
  ],
])('%s is answered without a word of it, and reported', async (_, thrown, answer, report) => {
  const { call, faults } = await start(() => ({
    getTenant: async () => {
      throw thrown
    },
  }))
  expect(await call('GET', '/role-aliases/camera')).toEqual(answer)
  expect(faults).toEqual([report])
})

test('nothing is read before the input is valid', async () => {
  const { call, actors } = await start()
  expect((await call('GET', '/role-aliases/a%20b'))[0]).toBe(400)
  expect((await call('GET', '/nothing'))[0]).toBe(404)
  expect(actors).toEqual([])
})

async function limited(
  change: (registry: RegistryWrites) => Partial<RegistryWrites>,
): ReturnType<typeof start> {
  const started = await start(change)
  await started.call('POST', '/role-aliases/camera', { roleArn: ROLE })
  await started.call('POST', '/policies/p', { policyDocument: SESSION_POLICY })
  return started
}
const attach = ['PUT', '/target-policies/p', { target: TARGET }] as const

test('a policy that changes between judgement and attachment is judged anew', async () => {
  const unrenderable = SESSION_POLICY.replace('/*', '/${thingpass:Nothing}')
  let judged = 0
  const { call, fake } = await limited((registry) => ({
    attachPolicy: async (input) => {
      judged += 1
      const key = { ...input, document: unrenderable }
      if (judged === 1)
        await registry.createPolicyVersion({
          ...key,
          setAsDefault: true,
          rendersAsSessionPolicy: false,
        })
      return registry.attachPolicy(input)
    },
  }))
  expect(await call(...attach)).toMatchObject([400, { __type: 'MalformedPolicyException' }])
  expect(judged).toBe(1)
  expect(fake.changes.map(({ action }) => action)).not.toContain('attach-policy')
})

test('a policy that changes each time is given up for now', async () => {
  let attempts = 0
  const { call, faults } = await limited(() => ({
    attachPolicy: async () => {
      attempts += 1
      return { ok: false, conflict: 'policy-changed' }
    },
  }))
  expect(await call(...attach)).toMatchObject([503, { __type: 'ServiceUnavailableException' }])
  expect([attempts, faults.length]).toEqual([5, 1])
})

test('a policy that is made only after it was looked for is not attached unjudged', async () => {
  let attached = 0
  const { call } = await limited(() => ({
    getPolicy: async () => undefined,
    attachPolicy: async () => {
      attached += 1
      return { ok: true, changed: true }
    },
  }))
  expect(await call(...attach)).toMatchObject([404, { __type: 'ResourceNotFoundException' }])
  expect(attached).toBe(0)
})

test('a registry that refuses a policy for what it is not is a fault', async () => {
  const { call, faults } = await limited(() => ({
    createPolicyVersion: async () => ({ ok: false, conflict: 'limits-role-alias' }),
  }))
  const version = { policyDocument: SESSION_POLICY }
  expect((await call('POST', '/policies/p/version', version))[0]).toBe(500)
  expect(faults).toEqual(['r-1 REGISTRY_INCONSISTENT a policy that can be rendered was refused'])
})

test('a role alias that is given another role under a profile is not widened', async () => {
  const { call } = await limited(() => ({
    putSessionProfile: async ({ passedRoleArn }) => {
      expect(passedRoleArn).toBe(ROLE)
      return { ok: false, conflict: 'role-not-passed' }
    },
  }))
  const path = '/thingpass/role-aliases/camera/session-profile'
  expect(await call('PUT', path, { scope: 'role' })).toEqual([
    409,
    { message: 'The role alias was given another role meanwhile', __type: 'ConflictException' },
  ])
})

const stored = {
  record: { ...facts.certificate, tenantId: parseTenantId('default')! },
  ...{ pem: 'pem', createdAt: NOON, modifiedAt: NOON, version: 1 },
  certificateMode: 'DEFAULT',
} as const
const question = { certificateId: CERTIFICATE_ID, thingName: 'cam-1', roleAlias: 'camera' }
const explained = (tenantId: string, signedBy?: readonly Uint8Array[]) =>
  start(() => ({ getCertificate: async () => stored }), {
    identifyCertificate: () => ({
      ok: true,
      certificate: {
        facts: certificate,
        isSignedBy: (key) => signedBy === undefined || signedBy.includes(key),
      },
    }),
    readFacts: async ({ deadline }) => {
      expect(deadline).toEqual(new Date(NOON.getTime() + 1000))
      const record = { ...facts.certificate, tenantId: parseTenantId(tenantId)! }
      const [tenant, ca] = [facts.tenant, facts.ca].map((each) => ({
        ...each,
        tenantId: record.tenantId,
      }))
      return {
        facts: { ...facts, certificate: record, tenant, ca } as RegistryFacts,
        cost: { rounds: 1, calls: 1, capacityUnits: 1 },
      }
    },
  })

test('a certificate that another tenant has registered meanwhile is not explained', async () => {
  const ours = await explained('default')
  expect(await ours.call('POST', '/thingpass/explain', question)).toMatchObject([
    200,
    { decision: 'allow' },
  ])
  const { call } = await explained('acme')
  expect(await call('POST', '/thingpass/explain', question)).toEqual([
    404,
    {
      message: `The certificate does not exist (id=${CERTIFICATE_ID})`,
      __type: 'ResourceNotFoundException',
    },
  ])
})

test('an explanation believes the signature of the CA and no other', async () => {
  const { call } = await explained('default', [])
  expect(await call('POST', '/thingpass/explain', question)).toMatchObject([
    200,
    { decision: 'deny', reason: 'certificate-not-signed-by-ca' },
  ])
})
