import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { parseRegion, parseRoleArn } from '@thingpass/core/names'
import type { SessionRequest } from '@thingpass/core/ports'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { given } from '../support/fleet.ts'
import { createGatewayIssuer } from './gateway-issuer.ts'

const SESSION: SessionRequest = {
  roleArn: given(parseRoleArn('arn:aws:iam::123456789012:role/fleet/pump')),
  sessionName: 'ab'.repeat(32),
  durationSeconds: 900,
  externalId: 'external-id-of-the-tenant',
  tags: [{ key: 'thingpass:TenantId', value: 'acme' }],
  transitiveTagKeys: [],
  policy: '{"Version":"2012-10-17","Statement":[]}',
}

const received: URLSearchParams[] = []
/** ARN of the session that the gateway answers with; without one it refuses. */
let answered: string | undefined
const server = createServer(async (request, response) => {
  received.push(new URLSearchParams(await text(request)))
  if (answered !== undefined) {
    const keys =
      '<AccessKeyId>ASIAAAAAAAAAAAAAAAAA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>'
    const user = `<AssumedRoleUser><Arn>${answered}</Arn></AssumedRoleUser>`
    const result = `<AssumeRoleResult><Credentials>${keys}</Credentials>${user}</AssumeRoleResult>`
    response.writeHead(200, { 'content-type': 'text/xml' })
    response.end(`<AssumeRoleResponse>${result}</AssumeRoleResponse>`)
    return
  }
  const error = '<Error><Code>AccessDenied</Code><Message>no</Message></Error>'
  response.writeHead(403, { 'content-type': 'text/xml' })
  response.end(`<ErrorResponse>${error}</ErrorResponse>`)
})
let issuer: ReturnType<typeof createGatewayIssuer>

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = createGatewayIssuer({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: given(parseRegion('us-east-1')),
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    clock: () => new Date(),
  })
})
afterAll(async () => {
  issuer.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const issue = (change: Partial<SessionRequest> = {}) =>
  issuer.issueCredentials({ ...SESSION, ...change }, new Date(Date.now() + 3000))

test('takes the account out of the role, and sends everything else as it is', async () => {
  expect(await issue()).toEqual({ issued: false, reason: 'role-not-assumable' })
  expect(Object.fromEntries(received.at(-1) ?? [])).toMatchObject({
    RoleArn: 'arn:aws:iam:::role/fleet/pump',
    RoleSessionName: SESSION.sessionName,
    DurationSeconds: '900',
    ExternalId: SESSION.externalId,
    'Tags.member.1.Key': 'thingpass:TenantId',
    Policy: SESSION.policy,
  })
})

test("takes the gateway's answer, which has no account, where role and session are those asked for", async () => {
  answered = `arn:aws:sts:::assumed-role/pump/${SESSION.sessionName}`
  expect(await issue()).toMatchObject({ issued: true })
  for (const other of ['pump/other', `valve/${SESSION.sessionName}`]) {
    answered = `arn:aws:sts:::assumed-role/${other}`
    await expect(issue()).rejects.toMatchObject({ code: 'STS_UNREADABLE' })
  }
  answered = undefined
})

test.each([
  ['has no session policy', { policy: undefined }],
  ['has an empty session policy', { policy: '' }],
  ['names no role of an account', { roleArn: 'arn:aws:iam:::role/fleet' }],
])('asks nothing for a session that %s', async (_, change) => {
  const before = received.length
  await expect(issue(change as Partial<SessionRequest>)).rejects.toThrow('was to be issued')
  expect(received).toHaveLength(before)
})
