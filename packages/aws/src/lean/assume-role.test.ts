import { parseRegion, parseRoleArn } from '@thingpass/core/names'
import type { SessionRequest } from '@thingpass/core/ports'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type StubAnswer, type StubService, startStubService } from '../../testing/stub-service.ts'
import { serviceFailure } from '../service-failure.ts'
import { createIssuer } from '../sts/issuer.ts'
import { leanAssumeRole } from './assume-role.ts'

const NOON = new Date('2030-01-01T12:00:00Z')
const SECRET = 'secret-not-to-be-seen'

const SESSION: SessionRequest = {
  roleArn: parseRoleArn('arn:aws:iam::123456789012:role/sensor')!,
  sessionName: 'session',
  durationSeconds: 900,
  externalId: 'external+id',
  tags: [],
  transitiveTagKeys: [],
}

let stub: StubService
let assumeRole: ReturnType<typeof leanAssumeRole>
let signal: AbortSignal

beforeAll(async () => {
  stub = await startStubService()
  assumeRole = leanAssumeRole({
    region: parseRegion('eu-central-1')!,
    endpoint: stub.endpoint,
    credentials: { accessKeyId: 'AKIA', secretAccessKey: SECRET },
    clock: () => NOON,
    random: () => 0,
  })
})
beforeEach(() => {
  signal = new AbortController().signal
})
afterAll(async () => {
  assumeRole.close()
  await stub.stop()
})

const xml =
  (status: number, body: string): StubAnswer =>
  (response) =>
    response.writeHead(status, { date: NOON.toUTCString() }).end(body)

const PARTS = {
  AccessKeyId: 'ASIAAAAAAAAAAAAAAAAA',
  SecretAccessKey: 'a+b/c=',
  SessionToken: 'to&amp;ken&#x3D;',
  Expiration: '2030-01-01T12:15:00Z',
}
const USER = {
  Arn: 'arn:aws:sts::123456789012:assumed-role/sensor/session',
  AssumedRoleId: 'AROAAAAAAAAAAAAAAAAAA:session',
}
const inner = (parts: Readonly<Record<string, string>>) =>
  Object.entries(parts)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')
const answerOf = (content: string, root = 'AssumeRoleResponse') =>
  xml(
    200,
    `<${root} xmlns="x"><AssumeRoleResult><Credentials>${content}</Credentials><AssumedRoleUser>${inner(USER)}</AssumedRoleUser></AssumeRoleResult></${root}>`,
  )
const GOOD = answerOf(inner(PARTS))

const sent = async (change: Partial<SessionRequest>) => {
  stub.answerWith(GOOD)
  await assumeRole({ ...SESSION, ...change }, signal)
  return stub.requests[0]
}

test('asks by a form in the body, with the call and its version, signed for STS in the region', async () => {
  const request = await sent({})
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: SESSION.roleArn,
    RoleSessionName: 'session',
    DurationSeconds: '900',
    ExternalId: 'external+id',
  })
  expect(request?.headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded',
    authorization: expect.stringContaining('AKIA/20300101/eu-central-1/sts/aws4_request'),
  })
  expect(request?.rawHeaders.join()).not.toContain(SECRET)
})

test('writes no character into the form that would end a value', async () => {
  const request = await sent({ policy: '{"a":"&b=c+d e%"}' })
  expect(request?.body).toContain('&Policy=%7B%22a%22%3A%22%26b%3Dc%2Bd%20e%25%22%7D')
})

test('sends nothing that has no UTF-8: the request is ours to mend', async () => {
  stub.answerWith(GOOD)
  const issue = createIssuer({ assumeRole, clock: () => NOON })
  const half = { ...SESSION, tags: [{ key: 'site', value: '\ud800' }] }
  await expect(issue(half, new Date(NOON.getTime() + 3000))).rejects.toMatchObject({
    code: 'STS_REQUEST_REFUSED',
  })
  expect(stub.requests).toHaveLength(0)
})

test('reads the parts of an answer, references and all', async () => {
  stub.answerWith(GOOD)
  await expect(assumeRole(SESSION, signal)).resolves.toEqual({
    Credentials: {
      ...PARTS,
      SessionToken: 'to&ken=',
      Expiration: new Date(PARTS.Expiration),
    },
    AssumedRoleUser: USER,
  })
})

describe('reads no', () => {
  test.each([
    ['part that is there twice', answerOf(inner(PARTS) + inner(PARTS)), 'AccessKeyId'],
    ['time without a zone', answerOf(inner({ Expiration: '2030-01-01T12:15:00' })), 'Expiration'],
    ['time of another form', answerOf(inner({ Expiration: '01 Jan 2030 12:15' })), 'Expiration'],
    ['number for a time', answerOf(inner({ Expiration: '1893499200' })), 'Expiration'],
  ] as const)('%s', async (_, answer, part) => {
    stub.answerWith(answer)
    const answered = await assumeRole(SESSION, signal)
    expect(answered.Credentials?.[part]).toBeUndefined()
  })

  test.each([
    ['answer to another call', answerOf(inner(PARTS), 'GetSessionTokenResponse')],
    ['error with the status of a success', answerOf(inner(PARTS), 'ErrorResponse')],
    ['answer of more than 64 KB', answerOf(inner({ SessionToken: 'x'.repeat(70_000) }))],
    ['answer with a comment in it', answerOf(`<!-- x -->${inner(PARTS)}`)],
    ['answer with entities of its own', xml(200, '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>')],
  ])('%s', async (_, answer) => {
    stub.answerWith(answer)
    const thrown = await assumeRole(SESSION, signal).catch((failure: unknown) => failure)
    expect(serviceFailure(thrown).kind).toBe('unreadable')
    expect(stub.requests).toHaveLength(1)
  })
})

test('takes the id of a failed request from the body where the headers have none', async () => {
  const error = '<Error><Code>AccessDenied</Code></Error><RequestId>body-7</RequestId>'
  stub.answerWith(xml(403, `<ErrorResponse>${error}</ErrorResponse>`))
  const thrown = await assumeRole(SESSION, signal).catch((failure: unknown) => failure)
  expect(serviceFailure(thrown)).toEqual({
    kind: 'refused',
    name: 'AccessDenied',
    status: 403,
    requestId: 'body-7',
  })
})

test('takes no name of an error from a document of another kind', async () => {
  stub.answerWith(xml(403, '<html><Error><Code>AccessDenied</Code></Error></html>'))
  await expect(assumeRole(SESSION, signal)).rejects.toMatchObject({ name: 'Unknown' })
})
