import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { IAMClient } from '@aws-sdk/client-iam'
import type { FaultCode } from '@thingpass/core/fault'
import { parseRegion, parseRoleArn } from '@thingpass/core/names'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createIamClient, IAM_LIMITS } from './iam-client.ts'
import { createMayPassRole } from './may-pass-role.ts'

const ROLE = 'arn:aws:iam::123456789012:role/devices/camera'
const OPERATORS = 'arn:aws:iam::123456789012:role/people/operators'
const ANNA = 'arn:aws:iam::123456789012:user/anna'
const SESSION = 'arn:aws:sts::123456789012:assumed-role/operators/anna'

type Reply = { readonly status: number; readonly body: string }

/** What IAM was asked, action and parameters. */
let asked: URLSearchParams[]
let roles: ReadonlyMap<string, Reply>
let simulation: Reply
const server = createServer(async (request, response) => {
  const call = new URLSearchParams(await text(request))
  asked.push(call)
  const simulates = call.get('Action') === 'SimulatePrincipalPolicy'
  const { status, body } = simulates
    ? simulation
    : (roles.get(call.get('RoleName') ?? '') ?? NO_SUCH_ENTITY)
  if (status < 0) {
    response.destroy()
    return
  }
  response
    .writeHead(status, { 'content-type': 'text/xml', 'x-amzn-requestid': 'request-7' })
    .end(body)
})
let client: IAMClient

const NAMESPACE = 'xmlns="https://iam.amazonaws.com/doc/2010-05-08/"'
const failure = (status: number, code: string): Reply => ({
  status,
  body: `<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type><Code>${code}</Code><Message>not to be seen</Message></Error><RequestId>request-7</RequestId></ErrorResponse>`,
})
const NO_SUCH_ENTITY = failure(404, 'NoSuchEntity')
const role = (arn: string): Reply => ({
  status: 200,
  body: `<GetRoleResponse ${NAMESPACE}><GetRoleResult><Role><Path>/</Path><RoleName>r</RoleName><RoleId>AROA</RoleId><Arn>${arn}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>`,
})
const member = (decision: string, resource = ROLE) =>
  `<member><EvalActionName>iam:PassRole</EvalActionName><EvalResourceName>${resource}</EvalResourceName><EvalDecision>${decision}</EvalDecision></member>`
const results = (members: string, more = ''): Reply => ({
  status: 200,
  body: `<SimulatePrincipalPolicyResponse ${NAMESPACE}><SimulatePrincipalPolicyResult>${more}<EvaluationResults>${members}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`,
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  client = createIamClient(
    {
      region: parseRegion('us-east-1')!,
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    { ...IAM_LIMITS, maxAttempts: 1 },
  )
})
beforeEach(() => {
  asked = []
  roles = new Map([
    ['camera', role(ROLE)],
    ['operators', role(OPERATORS)],
  ])
  simulation = results(member('allowed'))
})
afterAll(async () => {
  client.destroy()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const mayPass = (callerArn: string, roleArn = ROLE) =>
  createMayPassRole({ client })(callerArn, parseRoleArn(roleArn)!)

test('a user is asked about as it is, for the one role and the service that gets it', async () => {
  expect(await mayPass(ANNA)).toBe(true)
  expect(asked.map((call) => call.get('Action'))).toEqual(['GetRole', 'SimulatePrincipalPolicy'])
  expect(Object.fromEntries(asked.at(-1)!)).toMatchObject({
    PolicySourceArn: ANNA,
    'ActionNames.member.1': 'iam:PassRole',
    'ResourceArns.member.1': ROLE,
    'ContextEntries.member.1.ContextKeyName': 'iam:PassedToService',
    'ContextEntries.member.1.ContextKeyType': 'string',
    'ContextEntries.member.1.ContextKeyValues.member.1': 'credentials.iot.amazonaws.com',
  })
})

test('a session is asked about as its role, which has a path that the session does not name', async () => {
  expect(await mayPass(SESSION)).toBe(true)
  expect(asked.at(-1)!.get('PolicySourceArn')).toBe(OPERATORS)
})

describe('a role is passed by nobody', () => {
  const notAsked: readonly (readonly [string, string, string])[] = [
    ['that is of another account', ANNA, 'arn:aws:iam::210987654321:role/devices/camera'],
    ['by a caller of another account', 'arn:aws:iam::210987654321:user/anna', ROLE],
    ['by the root of the account', 'arn:aws:iam::123456789012:root', ROLE],
    ['by a federated user', 'arn:aws:sts::123456789012:federated-user/anna', ROLE],
  ]
  test.each(notAsked)('%s, and IAM is not asked', async (_, callerArn, roleArn) => {
    expect(await mayPass(callerArn, roleArn)).toBe(false)
    expect(asked).toEqual([])
  })

  test.each([
    ['that is not there', ANNA, 'arn:aws:iam::123456789012:role/devices/nobody'],
    ['that has the name of another', ANNA, 'arn:aws:iam::123456789012:role/other/camera'],
    ['by the session of a role that is not there', SESSION.replace('operators', 'nobodies'), ROLE],
  ])('%s, and nothing is simulated', async (_, callerArn, roleArn) => {
    expect(await mayPass(callerArn, roleArn)).toBe(false)
    expect(asked.map((call) => call.get('Action'))).not.toContain('SimulatePrincipalPolicy')
  })

  test.each([
    ['is denied', results(member('implicitDeny'))],
    ['is denied outright', results(member('explicitDeny'))],
    ['has gone', NO_SUCH_ENTITY],
  ])('when the caller %s', async (_, reply) => {
    simulation = reply
    expect(await mayPass(ANNA)).toBe(false)
  })
})

describe('IAM that cannot answer is a fault, which tells nothing of what was sent', () => {
  const failures: readonly (readonly [FaultCode, number, string])[] = [
    ['IAM_REFUSED', 403, 'AccessDenied'],
    ['IAM_REFUSED', 403, 'InvalidClientTokenId'],
    ['IAM_THROTTLED', 400, 'Throttling'],
    ['IAM_UNAVAILABLE', 500, 'InternalFailure'],
    ['IAM_TIMEOUT', 408, 'RequestTimeout'],
  ]
  test.each(failures)('%s of GetRole: %d %s', async (code, status, name) => {
    roles = new Map([['camera', failure(status, name)]])
    await expect(mayPass(ANNA)).rejects.toMatchObject({
      code,
      message: `GetRole failed: ${name}, status ${status}, request request-7`,
    })
  })

  test.each(failures)('%s of SimulatePrincipalPolicy: %d %s', async (code, status, name) => {
    simulation = failure(status, name)
    await expect(mayPass(ANNA)).rejects.toMatchObject({
      code,
      message: `SimulatePrincipalPolicy failed: ${name}, status ${status}, request request-7`,
    })
  })

  test('of a connection that breaks', async () => {
    roles = new Map([['camera', { status: -1, body: '' }]])
    await expect(mayPass(ANNA)).rejects.toMatchObject({ code: 'IAM_UNAVAILABLE' })
  })
})

describe('an answer of IAM without what was asked for is a fault, and nobody is told that they may not', () => {
  test.each([
    ['no role', { status: 200, body: `<GetRoleResponse ${NAMESPACE}/>` }],
    ['no XML', { status: 200, body: '{"Role":' }],
  ])('GetRole: %s', async (_, reply) => {
    roles = new Map([['camera', reply]])
    await expect(mayPass(ANNA)).rejects.toMatchObject({ code: 'IAM_UNREADABLE' })
  })

  test.each([
    ['nothing', results('')],
    ['another role', results(member('allowed', OPERATORS))],
    ['several', results(member('allowed') + member('explicitDeny'))],
    ['a part', results(member('allowed'), '<IsTruncated>true</IsTruncated>')],
    ['no decision', results(member(''))],
    ['a decision that is none', results(member('perhaps'))],
    ['no XML', { status: 200, body: 'allowed' }],
  ])('SimulatePrincipalPolicy: %s', async (_, reply) => {
    simulation = reply
    await expect(mayPass(ANNA)).rejects.toMatchObject({ code: 'IAM_UNREADABLE' })
  })
})
