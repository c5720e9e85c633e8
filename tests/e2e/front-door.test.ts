import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditRecord } from '@thingpass/core/audit-record'
import { parsePolicyName, parseTenantId, parseThingName } from '@thingpass/core/names'
import { parseCommandLine } from '@thingpass/local/command-line'
import { KEEPS_CERTIFICATE_HEADERS } from '@thingpass/local/gateway/load-balancer-event'
import {
  type Identity,
  issueCa,
  issueDeviceCertificate,
} from '@thingpass/local/pki/issue-certificate'
import { PKI_FILES } from '@thingpass/local/pki/local-pki'
import { type Stack, startStack } from '@thingpass/local/stack/start-stack'
import { createDevice, type Received } from '@thingpass/local/testing/device-client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { done, given, idOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const NOT_VALID = [403, '{"message":"Certificate is invalid on this endpoint"}']
const HEADER = 'x-amzn-mtls-clientcert'
const PATH = '/role-aliases/demo-camera/credentials'

let folder: string
let gateway: TestStack
let balancer: Stack
/** A load balancer that leaves in what the client claims under AWS's name, as AWS's may. */
let careless: Stack

/** What the stacks said: lines of their logs. */
const said: string[] = []
const say = (line: string) => {
  said.push(line)
}

/** A load balancer in front of the gateway's own registry. */
async function startBalancer(name: string, changed: object = {}): Promise<Stack> {
  const dataDir = join(folder, name)
  const flags = ['--front-door', 'load-balancer', '--dynamodb', gateway.dynamodbUrl]
  const parsed = parseCommandLine(['--port', '0', '--data-dir', dataDir, ...flags])
  if (parsed.kind !== 'start') throw new Error('these flags do not start a stack')
  const io = { clock: () => new Date(), decided: say, log: say }
  return startStack({ ...parsed.settings, ...changed }, io)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thingpass-'))
  gateway = await startTestStack()
  balancer = await startBalancer('balancer')
  careless = await startBalancer('careless', { [KEEPS_CERTIFICATE_HEADERS]: true })
})
afterAll(async () => {
  await careless.close()
  await balancer.close()
  await gateway.close()
  await rm(folder, { recursive: true })
})

async function camera(): Promise<Identity> {
  const { certificate, privateKey } = gateway.filesOf('camera-1')
  return {
    certificatePem: await readFile(certificate, 'utf8'),
    privateKeyPem: await readFile(privateKey, 'utf8'),
  }
}

/** One request over a connection of its own. */
async function ask(
  stack: Stack,
  identity: Identity | undefined,
  { path = PATH, thing = 'camera-1', headers = {} as Record<string, string> } = {},
): Promise<Received> {
  const device = createDevice(await readFile(PKI_FILES.serverCa(stack.dataDir), 'utf8'), identity)
  const sent = { 'x-amzn-iot-thingname': thing, ...headers }
  return device.get(`${stack.url}${path}`, sent).finally(device.close)
}
const answered = ({ status, body }: Received) => [status, body]

async function lastRecord(stack: Stack): Promise<AuditRecord> {
  const text = await readFile(join(stack.dataDir, 'audit.jsonl'), 'utf8')
  return JSON.parse(text.trimEnd().split('\n').at(-1) ?? 'null')
}

const issuance = () => ({ commonName: 'stranger', now: new Date(), validDays: 30 })

test('the same device gets credentials through both doors, as the same identity', async () => {
  const identity = await camera()
  const certificateId = idOf(identity.certificatePem)
  for (const stack of [gateway, balancer]) {
    const answer = await ask(stack, identity)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({
      credentials: { sessionToken: expect.any(String) },
    })
    const record = await lastRecord(stack)
    expect(record).toMatchObject({ decision: 'allow', certificateId, sourceIp: '127.0.0.1' })
    expect(answer.headers['x-amzn-requestid']).toBe(record.requestId)
  }
})

test('a certificate that was registered without a CA works behind the load balancer', async () => {
  const foreign = await issueDeviceCertificate(await issueCa(issuance()), issuance())
  const tenantId = given(parseTenantId('default'))
  const certificateId = idOf(foreign.certificatePem)
  const { registry } = gateway
  await done(
    registry.registerCertificate({
      ...{ tenantId, certificateId, status: 'ACTIVE', pem: foreign.certificatePem },
      registration: { kind: 'without-ca' },
    }),
  )
  const thingName = given(parseThingName('foreign-1'))
  await done(registry.createThing({ tenantId, thingName, attributes: new Map() }))
  await done(registry.attachThing({ tenantId, certificateId, thingName, exclusive: false }))
  const policyName = given(parsePolicyName('camera-credentials'))
  const target = { kind: 'certificate', certificateId } as const
  await done(registry.attachPolicy({ tenantId, policyName, target }))
  expect((await ask(balancer, foreign, { thing: 'foreign-1' })).status).toBe(200)
})

describe('behind the load balancer, whose handshake lets everybody in', () => {
  test.each([
    ['a certificate that signed itself', () => issueCa(issuance())],
    [
      'one of an unknown CA',
      async () => issueDeviceCertificate(await issueCa(issuance()), issuance()),
    ],
    ['none', async () => undefined],
  ])("%s gets AWS's first row", async (_, make) => {
    expect(answered(await ask(balancer, await make()))).toEqual(NOT_VALID)
  })

  test('T13: an escaped alias is read once', async () => {
    const path = PATH.replace('demo-camera', 'demo%2Dcamera')
    expect((await ask(balancer, await camera(), { path })).status).toBe(200)
    const twice = PATH.replace('demo-camera', 'demo%252Dcamera')
    expect(answered(await ask(balancer, await camera(), { path: twice }))).toEqual([
      403,
      '{"message":"Access Denied"}',
    ])
  })

  test('a claimed source address is not believed', async () => {
    await ask(balancer, await camera(), { headers: { 'x-forwarded-for': '198.51.100.7' } })
    expect(await lastRecord(balancer)).toMatchObject({ sourceIp: '127.0.0.1' })
  })

  test('no authorizer is asked, and no API is there', async () => {
    expect(answered(await ask(balancer, await camera(), { path: '/whoami' }))).toEqual([
      404,
      '{"message":"Not Found"}',
    ])
  })
})

describe('T03: a certificate that a client claims in a header', () => {
  const claim = async () => ({ [HEADER]: encodeURIComponent((await camera()).certificatePem) })

  test('is nothing behind API Gateway', async () => {
    expect(answered(await ask(gateway, undefined, { headers: await claim() }))).toEqual(NOT_VALID)
    expect(await lastRecord(gateway)).toMatchObject({ reason: 'certificate-missing' })
  })

  test('is nothing behind a load balancer, which takes it away', async () => {
    expect(answered(await ask(balancer, undefined, { headers: await claim() }))).toEqual(NOT_VALID)
    expect(await lastRecord(balancer)).toMatchObject({ reason: 'certificate-missing' })
    expect((await ask(balancer, await camera(), { headers: await claim() })).status).toBe(200)
  })

  test('is nothing where a load balancer leaves it in: the true one has a name that no client knows', async () => {
    expect(answered(await ask(careless, undefined, { headers: await claim() }))).toEqual(NOT_VALID)
    expect(await lastRecord(careless)).toMatchObject({ reason: 'certificate-missing' })
  })

  test('changes nothing beside a presented one, where a load balancer leaves it in', async () => {
    const certificateId = idOf((await camera()).certificatePem)
    expect((await ask(careless, await camera(), { headers: await claim() })).status).toBe(200)
    expect(await lastRecord(careless)).toMatchObject({ decision: 'allow', certificateId })
    const stranger = await issueCa(issuance())
    expect(answered(await ask(careless, stranger, { headers: await claim() }))).toEqual(NOT_VALID)
    expect(await lastRecord(careless)).toMatchObject({
      certificateId: idOf(stranger.certificatePem),
    })
  })

  test('stands in no name that is logged, recorded or answered', async () => {
    const answer = await ask(careless, await camera(), { headers: await claim() })
    const record = await readFile(join(careless.dataDir, 'audit.jsonl'), 'utf8')
    expect(`${JSON.stringify(answer)}${record}${said.join('')}`).not.toMatch(/x-cert/i)
  })
})

test('the load balancer takes no routes of an API', async () => {
  const parsed = parseCommandLine(['--port', '0', '--front-door', 'load-balancer'])
  if (parsed.kind !== 'start') throw new Error('these flags do not start a stack')
  const settings = { ...parsed.settings, dataDir: join(folder, 'none') }
  const io = { clock: () => new Date(), decided: () => undefined, log: () => undefined }
  const route = { routeKey: 'GET /x', handler: async () => ({ statusCode: 200 }) }
  await expect(startStack(settings, io, [route])).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
  })
})
