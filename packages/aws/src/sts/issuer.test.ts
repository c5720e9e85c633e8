import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { STSClient } from '@aws-sdk/client-sts'
import type { FaultCode } from '@thingpass/core/fault'
import { parseRegion, parseRoleArn } from '@thingpass/core/names'
import type { SessionRequest } from '@thingpass/core/ports'
import type { IssueRefusal } from '@thingpass/core/refusal'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CallLimits } from '../call-settings.ts'
import { createStsClient, STS_LIMITS } from '../clients.ts'
import { leanAssumeRole } from '../lean/assume-role.ts'
import type { AssumeRole } from './assume-role.ts'
import { createIssuer, createStsIssuer } from './issuer.ts'
import { sdkAssumeRole } from './sdk-assume-role.ts'

const NOON = new Date('2030-01-01T12:00:00Z')
const SOON = new Date(NOON.getTime() + 3000)
const SECRET = 'wJalr-not-to-be-seen'

const SESSION: SessionRequest = {
  roleArn: parseRoleArn('arn:aws:iam::123456789012:role/sensor')!,
  sessionName: 'ab'.repeat(32),
  durationSeconds: 900,
  externalId: 'external-id',
  tags: [],
  transitiveTagKeys: [],
}

type Answer = (response: ServerResponse) => void

let answer: Answer
let calls: number
const server = createServer((request, response) => {
  calls++
  request.resume().on('end', () => answer(response))
})

/** Both ways to STS; what one answer becomes must not depend on the way. */
const WAYS = {
  sdk: (limits: CallLimits, url = endpoint()) => {
    const client = createStsClient({ region, endpoint: url, credentials }, limits)
    return { assumeRole: sdkAssumeRole(client), close: () => client.destroy() }
  },
  lean: (limits: CallLimits, url = endpoint()) => {
    const service = { region, endpoint: url, credentials, limits }
    const assumeRole = leanAssumeRole({ ...service, clock: () => NOON, random: () => 0 })
    return { assumeRole, close: assumeRole.close }
  },
}
type Way = keyof typeof WAYS
const EACH_WAY = Object.keys(WAYS) as readonly Way[]
let opened: Record<Way, Record<'patient' | 'impatient', ReturnType<(typeof WAYS)[Way]>>>

const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const region = parseRegion('us-east-1')!
const credentials = { accessKeyId: 'broker', secretAccessKey: 'broker' }
// One attempt: each row shows what one answer becomes.
const limits = { ...STS_LIMITS, maxAttempts: 1 }
const impatient = { ...limits, requestMs: 100, socketMs: 100 }

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const open = (way: Way) => ({ patient: WAYS[way](limits), impatient: WAYS[way](impatient) })
  opened = { sdk: open('sdk'), lean: open('lean') }
})
beforeEach(() => {
  calls = 0
})
afterAll(async () => {
  for (const { patient, impatient: hasty } of Object.values(opened)) {
    patient.close()
    hasty.close()
  }
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const issueBy = (assumeRole: AssumeRole, deadline = SOON) =>
  createIssuer({ assumeRole, clock: () => NOON })(SESSION, deadline)

const issue = (way: Way, deadline = SOON) => issueBy(opened[way].patient.assumeRole, deadline)

/** Waits for an answer no longer than it takes to see that none comes. */
const issueFor = (way: Way, code: FaultCode) =>
  issueBy(opened[way][code === 'STS_TIMEOUT' ? 'impatient' : 'patient'].assumeRole)

const xml =
  (status: number, body: string): Answer =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'request-7' })
      .end(body)

const failure = (status: number, code: string, message = `denied, you sent ${SECRET}`): Answer =>
  xml(
    status,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>request-7</RequestId></ErrorResponse>`,
  )

const GOOD = {
  AccessKeyId: 'ASIAAAAAAAAAAAAAAAAA',
  SecretAccessKey: SECRET,
  SessionToken: 'token-not-to-be-seen',
  Expiration: '2030-01-01T12:15:00Z',
}

const USER = {
  Arn: `arn:aws:sts::123456789012:assumed-role/sensor/${SESSION.sessionName}`,
  AssumedRoleId: `AROAAAAAAAAAAAAAAAAAA:${SESSION.sessionName}`,
}
const userXml = ({ Arn, AssumedRoleId } = USER) =>
  `<AssumedRoleUser><Arn>${Arn}</Arn><AssumedRoleId>${AssumedRoleId}</AssumedRoleId></AssumedRoleUser>`

const credentialsXml = (change: Partial<Record<keyof typeof GOOD, string | undefined>> = {}) => {
  const parts = Object.entries({ ...GOOD, ...change }).filter(([, value]) => value !== undefined)
  const inner = parts.map(([name, value]) => `<${name}>${value}</${name}>`).join('')
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>${inner}</Credentials>${userXml()}</AssumeRoleResult></AssumeRoleResponse>`
}
const success = (change?: Parameters<typeof credentialsXml>[0]) => xml(200, credentialsXml(change))

test.each(EACH_WAY)('%s: reads the four parts of a whole answer', async (way) => {
  answer = success()
  const outcome = await issue(way)
  if (!outcome.issued) throw new Error('not issued')
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = outcome.credentials
  expect({ accessKeyId, secretAccessKey, sessionToken, expiration }).toEqual({
    accessKeyId: GOOD.AccessKeyId,
    secretAccessKey: GOOD.SecretAccessKey,
    sessionToken: GOOD.SessionToken,
    expiration: new Date(GOOD.Expiration),
  })
})

const overMaximum =
  'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'
const chaining =
  'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining'

const refusals: readonly (readonly [string, Answer, IssueRefusal])[] = [
  ['AccessDenied', failure(403, 'AccessDenied'), 'role-not-assumable'],
  ['AccessDeniedException', failure(403, 'AccessDeniedException'), 'role-not-assumable'],
  ['NoSuchEntity', failure(404, 'NoSuchEntity'), 'role-not-assumable'],
  ['NoSuchEntityException', failure(404, 'NoSuchEntityException'), 'role-not-assumable'],
  ['RegionDisabled', failure(403, 'RegionDisabled'), 'role-not-assumable'],
  ['RegionDisabledException', failure(403, 'RegionDisabledException'), 'role-not-assumable'],
  ['the role maximum', failure(400, 'ValidationError', overMaximum), 'duration-over-role-maximum'],
  ['the chaining limit', failure(400, 'ValidationError', chaining), 'duration-over-role-maximum'],
  [
    'the chaining limit in other words',
    failure(400, 'ValidationError', 'over the 1 hour session limit'),
    'duration-over-role-maximum',
  ],
  [
    'MaxSessionDuration in other words',
    failure(400, 'ValidationError', 'over MaxSessionDuration'),
    'duration-over-role-maximum',
  ],
]

describe.each(EACH_WAY)('by way of %s', (way) => {
  test.each(refusals)('takes %s for a refusal', async (_, given, reason) => {
    answer = given
    await expect(issue(way)).resolves.toEqual({ issued: false, reason })
  })
})

const constraint =
  "1 validation error detected: Value '1' at 'durationSeconds' failed to satisfy constraint"
const never: Answer = () => undefined
const reset: Answer = (response) => response.destroy()
const half: Answer = (response) => {
  response.writeHead(200, { 'content-length': '900' }).write(credentialsXml().slice(0, 200))
  setImmediate(() => response.destroy())
}
const stalled: Answer = (response) => {
  response.writeHead(200, { 'content-length': '900' }).write(credentialsXml().slice(0, 200))
}

const ofUser = (Arn: string, AssumedRoleId = USER.AssumedRoleId) =>
  xml(200, credentialsXml().replace(userXml(), userXml({ Arn, AssumedRoleId })))

const faults: readonly (readonly [string, Answer, FaultCode])[] = [
  ['Throttling', failure(400, 'Throttling'), 'STS_THROTTLED'],
  ['ThrottlingException', failure(400, 'ThrottlingException'), 'STS_THROTTLED'],
  ['TooManyRequests', failure(400, 'TooManyRequests'), 'STS_THROTTLED'],
  ['TooManyRequestsException', failure(400, 'TooManyRequestsException'), 'STS_THROTTLED'],
  ['RequestLimitExceeded', failure(400, 'RequestLimitExceeded'), 'STS_THROTTLED'],
  ['SlowDown', failure(503, 'SlowDown'), 'STS_THROTTLED'],
  ['status 429', failure(429, 'Other'), 'STS_THROTTLED'],
  ['no answer', never, 'STS_TIMEOUT'],
  ['a body that stops in the middle', stalled, 'STS_TIMEOUT'],
  ['a reset', reset, 'STS_UNAVAILABLE'],
  ['a reset in the middle of the body', half, 'STS_UNAVAILABLE'],
  ['InternalFailure', failure(500, 'InternalFailure'), 'STS_UNAVAILABLE'],
  ['ServiceUnavailable', failure(503, 'ServiceUnavailable'), 'STS_UNAVAILABLE'],
  ['AccessDenied with status 500', failure(500, 'AccessDenied'), 'STS_UNAVAILABLE'],
  ['status 502 with a page', xml(502, '<html>bad gateway</html>'), 'STS_UNAVAILABLE'],
  ['status 500 without a body', xml(500, ''), 'STS_UNAVAILABLE'],
  ['ExpiredToken', failure(403, 'ExpiredToken'), 'STS_CREDENTIALS_REFUSED'],
  ['ExpiredTokenException', failure(400, 'ExpiredTokenException'), 'STS_CREDENTIALS_REFUSED'],
  ['InvalidClientTokenId', failure(403, 'InvalidClientTokenId'), 'STS_CREDENTIALS_REFUSED'],
  ['SignatureDoesNotMatch', failure(403, 'SignatureDoesNotMatch'), 'STS_CREDENTIALS_REFUSED'],
  ['RequestExpired', failure(400, 'RequestExpired'), 'STS_CREDENTIALS_REFUSED'],
  ['MalformedPolicyDocument', failure(400, 'MalformedPolicyDocument'), 'STS_REQUEST_REFUSED'],
  ['ValidationError', failure(400, 'ValidationError'), 'STS_REQUEST_REFUSED'],
  [
    'a duration outside the parameter',
    failure(400, 'ValidationError', constraint),
    'STS_REQUEST_REFUSED',
  ],
  [
    'a duration in another error',
    failure(400, 'InvalidParameterValue', overMaximum),
    'STS_REQUEST_REFUSED',
  ],
  ['InvalidParameterValue', failure(400, 'InvalidParameterValue'), 'STS_REQUEST_REFUSED'],
  ['a redirect', xml(301, ''), 'STS_REQUEST_REFUSED'],
  ['status 403 with a page', xml(403, '<html>AccessDenied</html>'), 'STS_REQUEST_REFUSED'],
  ['PackedPolicyTooLarge', failure(400, 'PackedPolicyTooLarge'), 'STS_PACKED_POLICY_TOO_LARGE'],
  [
    'PackedPolicyTooLargeException',
    failure(400, 'PackedPolicyTooLargeException'),
    'STS_PACKED_POLICY_TOO_LARGE',
  ],
  ['PackedPolicyTooLarge with status 500', failure(500, 'PackedPolicyTooLarge'), 'STS_UNAVAILABLE'],
  ['garbage', xml(200, '<<<not xml'), 'STS_UNREADABLE'],
  ['JSON', xml(200, JSON.stringify({ Credentials: GOOD })), 'STS_UNREADABLE'],
  ['an empty body', xml(200, ''), 'STS_UNREADABLE'],
  ['status 204', xml(204, ''), 'STS_UNREADABLE'],
  ['another document', xml(200, '<a><b/></a>'), 'STS_UNREADABLE'],
  ['half a document', xml(200, credentialsXml().slice(0, 200)), 'STS_UNREADABLE'],
  ['no access key id', success({ AccessKeyId: undefined }), 'STS_UNREADABLE'],
  ['an empty access key id', success({ AccessKeyId: '' }), 'STS_UNREADABLE'],
  ['a short access key id', success({ AccessKeyId: 'ASIA' }), 'STS_UNREADABLE'],
  ['a nested access key id', success({ AccessKeyId: '<A>ASIA</A>' }), 'STS_UNREADABLE'],
  ['no secret', success({ SecretAccessKey: undefined }), 'STS_UNREADABLE'],
  ['an empty secret', success({ SecretAccessKey: '' }), 'STS_UNREADABLE'],
  ['no token', success({ SessionToken: undefined }), 'STS_UNREADABLE'],
  ['an empty token', success({ SessionToken: '' }), 'STS_UNREADABLE'],
  ['no expiry', success({ Expiration: undefined }), 'STS_UNREADABLE'],
  ['an expiry that is no time', success({ Expiration: 'soon' }), 'STS_UNREADABLE'],
  ['an expiry in the past', success({ Expiration: '2030-01-01T11:59:59Z' }), 'STS_UNREADABLE'],
  ['an expiry now', success({ Expiration: '2030-01-01T12:00:00Z' }), 'STS_UNREADABLE'],
  ['the session of another role', ofUser(USER.Arn.replace('sensor', 'pump')), 'STS_UNREADABLE'],
  ['another session of the role', ofUser(`${USER.Arn.slice(0, -1)}c`), 'STS_UNREADABLE'],
  ['another session by its id', ofUser(USER.Arn, 'AROAAAAAAAAAAAAAAAAAA:x'), 'STS_UNREADABLE'],
  ['the session of no account', ofUser(USER.Arn.replace(/\d{12}/, '')), 'STS_UNREADABLE'],
  ['nobody in particular', xml(200, credentialsXml().replace(userXml(), '')), 'STS_UNREADABLE'],
]

describe.each(EACH_WAY)('by way of %s', (way) => {
  test.each(faults)('takes %s for a fault', async (_, given, code) => {
    answer = given
    await expect(issueFor(way, code)).rejects.toMatchObject({ name: 'Fault', code })
  })

  test.each(faults)('shows nothing of the answer in the fault of %s', async (_, given, code) => {
    answer = given
    const fault = await issueFor(way, code).catch((thrown: Error) => thrown)
    const shown = JSON.stringify(fault, Object.getOwnPropertyNames(fault))
    expect(shown).not.toContain('not-to-be-seen')
    expect((fault as Error).cause).toBeUndefined()
  })
})

test.each([
  ['secret', { SecretAccessKey: 5 }],
  ['token', { SessionToken: ['token'] }],
  ['access key id', { AccessKeyId: 1234567890123456 }],
  ['expiry', { Expiration: '2030-01-01T12:15:00Z' }],
])('takes a %s of another type for a fault', async (_, change) => {
  const Credentials = { ...GOOD, Expiration: new Date(GOOD.Expiration), ...change }
  const odd = { send: async () => ({ Credentials, AssumedRoleUser: USER }) } as unknown as STSClient
  const issuing = createStsIssuer({ client: odd, clock: () => NOON })
  await expect(issuing(SESSION, SOON)).rejects.toMatchObject({ code: 'STS_UNREADABLE' })
})

test.each(EACH_WAY)(
  '%s: names error, status and request of a failure, and what an answer lacks',
  async (way) => {
    answer = failure(400, 'ValidationError')
    await expect(issue(way)).rejects.toThrow(
      /^AssumeRole failed: ValidationError, status 400, request request-7$/,
    )
    answer = success({ SessionToken: undefined, Expiration: undefined })
    await expect(issue(way)).rejects.toThrow(
      /^AssumeRole answered without valid sessionToken, expiration$/,
    )
  },
)

test.each(EACH_WAY)('%s: gives up at the deadline, long before its own limits', async (way) => {
  const patient = WAYS[way]({ ...STS_LIMITS, requestMs: 60_000, socketMs: 60_000 })
  const dropped = Promise.withResolvers<void>()
  answer = (response) => response.on('close', dropped.resolve)
  const soon = new Date(NOON.getTime() + 100)
  await expect(issueBy(patient.assumeRole, soon)).rejects.toMatchObject({ code: 'STS_TIMEOUT' })
  await dropped.promise // the request itself is given up too
  patient.close()
})

test.each(EACH_WAY)('%s: asks nothing when the deadline has come', async (way) => {
  answer = success()
  await expect(issue(way, NOON)).rejects.toMatchObject({ code: 'STS_TIMEOUT' })
  expect(calls).toBe(0)
})

test.each(EACH_WAY)('%s: takes a refused connection for an unreachable STS', async (way) => {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  const nobody = WAYS[way](limits, `http://127.0.0.1:${port}`)
  await expect(issueBy(nobody.assumeRole)).rejects.toMatchObject({ code: 'STS_UNAVAILABLE' })
  nobody.close()
})

test('takes missing credentials of its own for what they are', async () => {
  const without = new STSClient({
    region,
    endpoint: endpoint(),
    credentials: () =>
      Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' })),
  })
  const issuing = createStsIssuer({ client: without, clock: () => NOON })
  await expect(issuing(SESSION, SOON)).rejects.toMatchObject({ code: 'STS_CREDENTIALS_REFUSED' })
  expect(calls).toBe(0)
})
