import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type RunningSts, startLocalSts } from './start-local-sts.ts'
import {
  ACCOUNT,
  BROKER_KEYS,
  BROKER_SESSION,
  CAMERA,
  CAMERA_ARN,
  type Keys,
  REGION,
  rolesOf,
  settingsOf,
  trust,
} from './testing/sts-under-test.ts'

const POLICY =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'

let sts: RunningSts
const lines: string[] = []
const realClock = { clock: () => new Date(), log: (line: string) => lines.push(line) }

beforeEach(async () => {
  lines.length = 0
  sts = await startLocalSts(settingsOf(realClock))
})
afterEach(async () => {
  await sts.close()
  expect(lines).toEqual([])
})

function clientWith(credentials: Keys): STSClient {
  return new STSClient({ region: REGION, endpoint: sts.url, credentials, maxAttempts: 1 })
}

/** Sends bytes and takes what comes back until the other side ends. */
async function exchange(text: string, port = sts.port): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.on('data', (chunk) => {
    received += chunk
  })
  socket.on('error', () => undefined)
  socket.write(text)
  await once(socket, 'close')
  return received
}

test("gives AWS's own client credentials that it then knows", async () => {
  const command = new AssumeRoleCommand({
    RoleArn: CAMERA_ARN,
    RoleSessionName: 'f'.repeat(64),
    DurationSeconds: 900,
    ExternalId: 'tenant-a',
    Policy: POLICY,
    SourceIdentity: 'plant-7',
    Tags: [
      { Key: 'credentials-iot:ThingName', Value: 'lamp 1/ä=+' },
      { Key: 'thingpass:TenantId', Value: 'default' },
    ],
    TransitiveTagKeys: ['thingpass:TenantId'],
  })
  const before = Date.now()
  const answer = await clientWith(BROKER_KEYS).send(command)
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {}
  expect(AccessKeyId).toMatch(/^ASIALOCAL/)
  const endsIn = (Expiration?.getTime() ?? 0) - before
  expect(Math.abs(endsIn - 900_000)).toBeLessThan(5000)
  expect(answer.SourceIdentity).toBe('plant-7')
  expect(answer.PackedPolicySize).toBeGreaterThan(0)
  expect(answer.SessionTokenSize).toBe(SessionToken?.length)
  const session = clientWith({
    accessKeyId: String(AccessKeyId),
    secretAccessKey: String(SecretAccessKey),
    sessionToken: String(SessionToken),
  })
  const identity = await session.send(new GetCallerIdentityCommand({}))
  expect(identity.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/camera/${'f'.repeat(64)}`)
  expect(identity.Arn).toBe(answer.AssumedRoleUser?.Arn)
  expect(identity.UserId).toBe(answer.AssumedRoleUser?.AssumedRoleId)
})

test("tells AWS's own client the broker's identity, over an empty list of tags too", async () => {
  const client = clientWith(BROKER_KEYS)
  const identity = await client.send(new GetCallerIdentityCommand({}))
  expect(identity).toMatchObject({ Arn: BROKER_SESSION, Account: ACCOUNT })
  expect(identity.$metadata.requestId).toMatch(/^[\w-]{36}$/)
  const empty = { RoleArn: CAMERA_ARN, RoleSessionName: 'ab', Tags: [], TransitiveTagKeys: [] }
  await expect(client.send(new AssumeRoleCommand(empty))).resolves.toBeDefined()
})

// Names by which AWS's client knows errors; it is by them that callers decide.
test.each([
  ['ValidationError', { DurationSeconds: 43_200 }],
  ['AccessDenied', { RoleArn: `${CAMERA_ARN}-2` }],
  ['MalformedPolicyDocumentException', { Policy: '{' }],
  ['InvalidParameterValue', { Tags: [{ Key: 'aws:x', Value: 'y' }] }],
  [
    'PackedPolicyTooLargeException',
    { Tags: Array.from({ length: 9 }, (_, i) => ({ Key: `k${i}`, Value: 'v'.repeat(256) })) },
  ],
])("is understood by AWS's own client: %s", async (name, changed) => {
  const input = { RoleArn: CAMERA_ARN, RoleSessionName: 'device-1', ...changed }
  await expect(clientWith(BROKER_KEYS).send(new AssumeRoleCommand(input))).rejects.toMatchObject({
    name,
  })
})

test("is understood by AWS's own client when it knows nobody by that key", async () => {
  const stranger = clientWith({ ...BROKER_KEYS, accessKeyId: 'AKIASTRANGER00000001' })
  await expect(stranger.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
    $metadata: { httpStatusCode: 403 },
  })
})

const POST =
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n'

test('takes a body of 65,536 bytes and refuses one more, then ends the connection', async () => {
  const send = (bytes: number) =>
    exchange(`${POST}Connection: close\r\nContent-Length: ${bytes}\r\n\r\n${'a'.repeat(bytes)}`)
  expect(await send(65_536)).toMatch(/^HTTP\/1\.1 400 [\s\S]*<Code>MissingAction</)
  const refused = await send(65_537)
  expect(refused).toMatch(/^HTTP\/1\.1 413 [\s\S]*<Code>RequestEntityTooLarge</)
  expect(refused).toMatch(/connection: close/i)
})

test('refuses a large body before it has come whole', async () => {
  const chunk = `${(0x8000).toString(16)}\r\n${'a'.repeat(0x8000)}\r\n`
  const answered = exchange(`${POST}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}`)
  expect(await answered).toMatch(/^HTTP\/1\.1 413 /)
})

test('goes on after a body that never seems to end', async () => {
  const chunk = `${(0x8000).toString(16)}\r\n${'a'.repeat(0x8000)}\r\n`
  const request = `${POST}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(40)}`
  // The answer may be lost: the connection is cut while the client still sends.
  expect(await exchange(request)).toMatch(/^(?:HTTP\/1\.1 413 |$)/)
  expect(await clientWith(BROKER_KEYS).send(new GetCallerIdentityCommand({}))).toBeDefined()
})

test.each([
  ['no HTTP at all', '\u0016\u0003\u0001\u0002\u0000\r\n\r\n'],
  ['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['two lengths', `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
])('goes on after %s', async (_, text) => {
  expect(await exchange(text)).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/)
  expect(await clientWith(BROKER_KEYS).send(new GetCallerIdentityCommand({}))).toBeDefined()
})

test('goes on after headers that are named like members of objects', async () => {
  const names = ['__proto__', 'constructor', 'hasOwnProperty']
  const text = names.map((name) => `${name}: x\r\n${name}: y\r\n`).join('')
  expect(await exchange(`${POST}${text}Connection: close\r\nContent-Length: 0\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 400 /,
  )
  expect(await clientWith(BROKER_KEYS).send(new GetCallerIdentityCommand({}))).toBeDefined()
})

test('goes on after a client that leaves in the middle of a body', async () => {
  const message = httpRequest(sts.url, { method: 'POST', headers: { 'content-length': '100' } })
  message.on('error', () => undefined)
  message.write('half')
  await once(message, 'socket').then(([socket]) => once(socket, 'connect'))
  message.destroy()
  expect(await clientWith(BROKER_KEYS).send(new GetCallerIdentityCommand({}))).toBeDefined()
})

test('cuts a request that does not come in whole in time', async () => {
  const hasty = await startLocalSts({ ...settingsOf(), requestTimeoutMs: 100 })
  const stalled = [POST, `${POST}Content-Length: 5\r\n\r\nab`]
  const answers = await Promise.all(stalled.map((text) => exchange(text, hasty.port)))
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  await hasty.close()
})

test('answers several requests on one connection', async () => {
  const post = `${POST}Content-Length: 3\r\n\r\nA=1`
  const last = post.replace('Host', 'Connection: close\r\nHost')
  expect((await exchange(`${post}${post}${last}`)).match(/MissingAction/g)).toHaveLength(3)
})

test('judges the address that the client has', async () => {
  const limitedTo = (address: string) => {
    const Condition = { IpAddress: { 'aws:SourceIp': address } }
    return { ...CAMERA, trustPolicy: trust('*', { Condition }) }
  }
  const ask = async (address: string) => {
    const roles = () => rolesOf(limitedTo(address))
    const second = await startLocalSts(settingsOf({ ...realClock, roles }))
    const client = new STSClient({
      region: REGION,
      endpoint: second.url,
      credentials: BROKER_KEYS,
      maxAttempts: 1,
    })
    const input = { RoleArn: CAMERA_ARN, RoleSessionName: 'device-1' }
    const answer = await client.send(new AssumeRoleCommand(input)).catch(() => undefined)
    await second.close()
    return answer !== undefined
  }
  expect(await ask('127.0.0.1/32')).toBe(true)
  expect(await ask('10.0.0.0/8')).toBe(false)
})

test('listens on loopback only', async () => {
  expect(sts.url).toBe(`http://127.0.0.1:${sts.port}`)
  for (const host of ['0.0.0.0', '::', 'localhost', '']) {
    await expect(startLocalSts({ ...settingsOf(), host })).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
    })
  }
})

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)

test.skipIf(!hasIpv6)('listens on the loopback address of IPv6 where there is one', async () => {
  const second = await startLocalSts({ ...settingsOf(), host: '::1' })
  expect(second.url).toBe(`http://[::1]:${second.port}`)
  await second.close()
})

test('listens on the port that it is given, and says so when it cannot', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  await expect(startLocalSts({ ...settingsOf(), port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
  taken.close()
  await once(taken, 'close')
  const second = await startLocalSts({ ...settingsOf(), port })
  expect(second.port).toBe(port)
  await second.close()
})

test('stops at once, though a connection is open', async () => {
  const second = await startLocalSts(settingsOf())
  const socket = connect(second.port, '127.0.0.1')
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  await second.close()
  await closed
})
