import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { parseTenantId } from '@thingpass/core/names'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDevice } from '../../testing/device-client.ts'
import { parseCommandLine, type Settings } from '../command-line.ts'
import { PKI_FILES } from '../pki/local-pki.ts'
import { type Stack, startStack } from './start-stack.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 })

const ACME = parseTenantId('acme')!

let folder: string
let stack: Stack
const decisions: string[] = []
const complaints: string[] = []

const settingsOf = (...args: string[]): Settings => {
  const parsed = parseCommandLine(args)
  if (parsed.kind !== 'start') throw new Error(JSON.stringify(parsed))
  return parsed.settings
}
const io = {
  clock: () => new Date(),
  decided: (line: string) => decisions.push(line),
  log: (line: string) => complaints.push(line),
}
const deviceOf = async (thingName: string, at: { dataDir: string } = stack, caOf = at) => {
  const [caPem, certificatePem, privateKeyPem] = await Promise.all([
    readFile(PKI_FILES.serverCa(caOf.dataDir), 'utf8'),
    readFile(PKI_FILES.deviceCertificate(at.dataDir, thingName), 'utf8'),
    readFile(PKI_FILES.devicePrivateKey(at.dataDir, thingName), 'utf8'),
  ])
  return createDevice(caPem, { certificatePem, privateKeyPem })
}
const audited = async () => {
  const lines = (await readFile(join(stack.dataDir, 'audit.jsonl'), 'utf8')).trim().split('\n')
  return lines.map((line) => JSON.parse(line))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stack-test-'))
  stack = await startStack(settingsOf('--port', '0', '--data-dir', join(folder, 'data')), io)
})
afterAll(async () => {
  await stack.close()
  await rm(folder, { recursive: true })
})

// Every demo device, the alias it asks for, and the role that it gets or the answer that it gets instead.
const requests: [thing: string, named: string, alias: string, answer: string | [number, string]][] =
  [
    ['camera-1', 'camera-1', 'demo-camera', 'thingpass-demo-camera'],
    ['camera-2', 'camera-2', 'demo-camera', 'thingpass-demo-camera'],
    ['gateway-1', 'gateway-1', 'demo-gateway', 'thingpass-demo-gateway'],
    ['gateway-2', 'gateway-2', 'demo-gateway', 'thingpass-demo-gateway'],
    ['acme-camera-1', 'acme-camera-1', 'demo-camera', 'thingpass-demo-acme-camera'],
    ['acme-gateway-1', 'acme-gateway-1', 'demo-gateway', 'thingpass-demo-acme-gateway'],
    ['camera-1', 'camera-1', 'demo-maintenance', 'thingpass-demo-maintenance'],
    ['camera-2', 'camera-2', 'demo-maintenance', [403, 'Access Denied']],
    ['gateway-1', 'gateway-1', 'demo-camera', [403, 'Access Denied']],
    ['camera-1', 'camera-1', 'demo-admin', [403, 'Access Denied']],
    ['camera-1', 'camera-2', 'demo-camera', [403, 'Invalid thing name passed']],
    ['camera-1', 'acme-camera-1', 'demo-camera', [403, 'Invalid thing name passed']],
  ]
test.each(requests)('%s, as %s, asks for %s', async (thingName, named, alias, answer) => {
  const device = await deviceOf(thingName)
  const url = `${stack.url}/role-aliases/${alias}/credentials`
  const got = await device.get(url, { 'x-amzn-iot-thingname': named })
  device.close()
  if (typeof answer !== 'string') {
    const [status, message] = answer
    expect([got.status, got.body]).toEqual([status, JSON.stringify({ message })])
    return
  }
  const { accessKeyId, secretAccessKey, sessionToken } = JSON.parse(got.body).credentials
  const sts = new STSClient({
    ...{ region: 'us-east-1', endpoint: stack.stsUrl! },
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  })
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}))
  expect(Arn).toContain(`arn:aws:sts::123456789012:assumed-role/${answer}/`)
})

test('a decision is in the audit file, with its true reason and no secret, when the answer comes', async () => {
  const device = await deviceOf('camera-1')
  const url = `${stack.url}/role-aliases/demo-admin/credentials`
  const { headers } = await device.get(url, { 'x-amzn-iot-thingname': 'camera-1' })
  device.close()
  const record = (await audited()).find(
    ({ requestId }) => requestId === headers['x-amzn-requestid'],
  )
  expect(record).toMatchObject({
    decision: 'deny',
    reason: 'policy-does-not-allow',
    tenantId: 'default',
    status: 403,
    sourceIp: '127.0.0.1',
    hostName: 'localhost',
  })
  expect(decisions.at(-1)).toContain('403 deny default camera-1 demo-admin policy-does-not-allow')
  expect(await readFile(join(stack.dataDir, 'audit.jsonl'), 'utf8')).not.toMatch(
    /BEGIN|thingpass-local\/|secretAccessKey/,
  )
})

test('only requests to its own names are served', async () => {
  const device = await deviceOf('camera-1')
  const url = `${stack.url}/role-aliases/demo-camera/credentials`
  const headers = { 'x-amzn-iot-thingname': 'camera-1', host: 'elsewhere.example' }
  const got = await device.get(url, headers)
  expect([got.status, got.body]).toEqual([
    403,
    '{"message":"Certificate is invalid on this endpoint"}',
  ])
  expect(await device.get(url, { ...headers, host: '127.0.0.1' })).toMatchObject({ status: 200 })
  device.close()
})

test('a role that is edited in roles.json counts at once', async () => {
  const path = join(stack.dataDir, 'roles.json')
  const before = await readFile(path, 'utf8')
  const device = await deviceOf('camera-2')
  const url = `${stack.url}/role-aliases/demo-camera/credentials`
  await writeFile(path, '[]\n')
  const got = await device.get(url, { 'x-amzn-iot-thingname': 'camera-2' })
  expect([got.status, got.body]).toEqual([
    400,
    '{"message":"Unable to assume the role, or the role to assume does not exist"}',
  ])
  await writeFile(path, before)
  expect(await device.get(url, { 'x-amzn-iot-thingname': 'camera-2' })).toMatchObject({
    status: 200,
  })
  device.close()
})

test("a tenant's budget is kept", async () => {
  const described = await stack.registry.getTenant(ACME)
  const { record } = described!
  const rateLimit = { perSecond: 1, burst: 1 }
  await stack.registry.putTenant({ record: { ...record, rateLimit } })
  const device = await deviceOf('acme-camera-1')
  const url = `${stack.url}/role-aliases/demo-camera/credentials`
  const ask = () => device.get(url, { 'x-amzn-iot-thingname': 'acme-camera-1' })
  const answers = [await ask(), await ask(), await ask(), await ask(), await ask()]
  device.close()
  await stack.registry.putTenant({ record })
  expect(answers.map(({ status }) => status)).toContain(200)
  const refused = answers.find(({ status }) => status === 429)
  expect(refused?.body).toBe('{"message":"Rate exceeded"}')
  expect(refused?.headers).toHaveProperty('retry-after')
})

test("with AWS's STS there is no local one, and no role but those allowed is asked for", async () => {
  const allowed = 'arn:aws:iam::123456789012:role/only-this'
  const args = ['--port', '0', '--data-dir', join(folder, 'aws'), '--sts', 'aws']
  const other = await startStack(settingsOf(...args, '--allow-role', allowed), io)
  expect(other.stsUrl).toBeUndefined()
  const device = await deviceOf('camera-1', other)
  const got = await device.get(`${other.url}/role-aliases/demo-camera/credentials`, {
    'x-amzn-iot-thingname': 'camera-1',
  })
  expect([got.status, got.body]).toEqual([
    400,
    '{"message":"Unable to assume the role, or the role to assume does not exist"}',
  ])
  expect(complaints.splice(0)).toEqual([
    expect.stringMatching(/^warning: the embedded DynamoDB checks no signature/),
    'not issued: arn:aws:iam::123456789012:role/thingpass-demo-camera is not among the roles of --allow-role',
  ])
  device.close()
  await other.close()
})

describe('a second stack', () => {
  const refusal = (message: RegExp) => ({
    code: 'CONFIGURATION_INVALID',
    message: expect.stringMatching(message),
  })

  test('is refused on the same data directory', async () => {
    const settings = settingsOf('--port', '0', '--data-dir', stack.dataDir)
    await expect(startStack(settings, io)).rejects.toMatchObject(
      refusal(/^another stack is running/),
    )
  })

  test('is refused on a port in use, before it has made anything', async () => {
    const dataDir = join(folder, 'second')
    const settings = settingsOf('--port', new URL(stack.url).port, '--data-dir', dataDir)
    await expect(startStack(settings, io)).rejects.toMatchObject(
      refusal(/^port \d+ is in use; pass another with --port$/),
    )
    await expect(readFile(dataDir)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('is refused where no DynamoDB answers, and gives the directory back', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as { port: number }
    await new Promise((resolve) => silent.close(resolve))
    const args = ['--port', '0', '--data-dir', join(folder, 'third')]
    const settings = settingsOf(...args, '--dynamodb', `http://127.0.0.1:${port}`)
    const refused = refusal(/^DynamoDB at http:\/\/127\.0\.0\.1:\d+\/ cannot be used \(\w+\)$/)
    await expect(startStack(settings, io)).rejects.toMatchObject(refused)
    await expect(startStack(settings, io)).rejects.toMatchObject(refused)
  })

  test('on a DynamoDB that another start seeded serves the same devices, and makes no others', async () => {
    const args = ['--port', '0', '--data-dir', join(folder, 'fourth')]
    const second = await startStack(settingsOf(...args, '--dynamodb', stack.dynamodbUrl), io)
    expect(second.hasDemoDevices).toBe(false)
    const device = await deviceOf('acme-camera-1', stack, second)
    const url = `${second.url}/role-aliases/demo-camera/credentials`
    const got = await device.get(url, { 'x-amzn-iot-thingname': 'acme-camera-1' })
    expect(got.status).toBe(200)
    device.close()
    await second.close()
  })
})

test('the stack had nothing to complain about', () => {
  // Connections that a client drops are its own affair.
  expect(complaints.filter((line) => !line.startsWith('connection failed: '))).toEqual([])
})
