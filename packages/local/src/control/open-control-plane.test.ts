import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '@thingpass/core/fault'
import { parseTenantId } from '@thingpass/core/names'
import { circumstances, facts } from '@thingpass/core/testing/decision-example'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signRequest } from '../sigv4/sign.ts'
import type { AccessKey } from './access-keys.ts'
import { keepAwsCredentials } from './aws-credentials.ts'
import { openControlPlane } from './open-control-plane.ts'
import type { RunningControlPlane } from './start-control-plane.ts'

const NOW = new Date('2026-06-01T12:00:00Z')
const { accountId, region } = circumstances.deployment
const ROLE = 'arn:aws:iam::123456789012:role/devices/camera'

let directory = ''
let running: RunningControlPlane | undefined

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'thingpass-'))
})
afterEach(async () => {
  await running?.close()
  await rm(directory, { recursive: true })
})

async function open(fault?: Fault) {
  const clock = () => NOW
  const registry = createFakeRegistry({ clock })
  for (const name of ['default', 'acme']) {
    await registry.putTenant({ record: { ...facts.tenant, tenantId: parseTenantId(name)! } })
  }
  const credentialsFile = join(directory, 'aws-credentials')
  const asked: string[] = []
  const logged: string[] = []
  running = await openControlPlane({
    ...{ port: 0, accountId, region, credentialsFile, tenants: ['acme'] },
    credentialsEndpoint: 'localhost:8443',
    registryFor: (callerArn) => {
      asked.push(callerArn)
      if (fault !== undefined) throw fault
      return registry
    },
    readFacts: registry.readFacts,
    mayPassRole: async (callerArn) => callerArn.endsWith('/default'),
    clock,
    log: (line) => logged.push(line),
  })
  const keys = await keepAwsCredentials(credentialsFile, [])
  const keyOf = (profile: string) => keys.find((key) => key.profile === profile)!
  const { url } = running
  const call = (profile: string, path: string, body?: object) =>
    callSigned(url, keyOf(profile), { path, body })
  return { call, asked, logged }
}

async function callSigned(
  url: string,
  { accessKeyId, secretAccessKey }: AccessKey,
  { path, body }: { readonly path: string; readonly body: object | undefined },
) {
  const { host, pathname, search } = new URL(path, url)
  const method = body === undefined ? 'GET' : 'POST'
  const text = body === undefined ? '' : JSON.stringify(body)
  const signed = signRequest(
    {
      ...{ method, path: pathname, query: search.slice(1), body: Buffer.from(text) },
      headers: new Map([['host', [host]]]),
    },
    {
      ...{ accessKeyId, secretAccessKey, region, service: 'iot', now: NOW },
      pathRule: 'segments-encoded-again',
    },
  )!
  const headers = [...signed.headers].filter(([name]) => name !== 'host')
  const response = await fetch(new URL(path, url), {
    method,
    headers: headers.map(([name, values]): [string, string] => [name, values.join()]),
    ...(text === '' ? {} : { body: text }),
  })
  return [response.status, await response.json()] as const
}

test('the administrator’s key of the file reaches every operation', async () => {
  const { call, asked } = await open()
  expect(await call('default', '/endpoint?endpointType=iot%3ACredentialProvider')).toEqual([
    200,
    { endpointAddress: 'localhost:8443' },
  ])
  expect(await call('default', '/role-aliases/camera', { roleArn: ROLE })).toMatchObject([
    200,
    { roleAliasArn: 'arn:aws:iot:us-east-1:123456789012:rolealias/camera' },
  ])
  expect(new Set(asked)).toEqual(new Set(['arn:aws:iam::123456789012:user/default']))
})

test('a tenant’s key reaches its own operations, with its own permissions', async () => {
  const { call } = await open()
  expect((await call('acme', '/role-aliases/camera'))[0]).toBe(403)
  expect(await call('acme', '/t/acme/role-aliases/camera', { roleArn: ROLE })).toMatchObject([
    403,
    { message: expect.stringContaining('not authorized to perform: iam:PassRole') },
  ])
})

test('a failure is logged by its code, and not told', async () => {
  const { call, logged } = await open(new Fault('REGISTRY_UNAVAILABLE', 'GetItem'))
  expect(await call('default', '/role-aliases/camera')).toEqual([
    503,
    { message: 'Service Unavailable', __type: 'ServiceUnavailableException' },
  ])
  expect(logged).toEqual([
    expect.stringMatching(/^request [0-9a-f-]{36}: REGISTRY_UNAVAILABLE: GetItem$/),
  ])
})
