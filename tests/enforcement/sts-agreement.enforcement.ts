import { AssumeRoleCommand, type AssumeRoleCommandInput } from '@aws-sdk/client-sts'
import { createStsClient, type StaticCredentials } from '@thingpass/aws/clients'
import { parseRegion } from '@thingpass/core/names'
import { parseRoles } from '@thingpass/local/sts/roles-file'
import { type RunningSts, startLocalSts } from '@thingpass/local/sts/start-local-sts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { given } from '../support/fleet.ts'
import { GATEWAY_ROLE_ARN, ROLE_ARN } from './object-gateway.ts'
import { statusOf } from './s3-session.ts'

type Caller = 'broker' | 'stranger' | 'forger' | 'nobody'
/** An STS, the role that trusts its broker, and the keys of callers. */
type Sts = {
  readonly endpoint: string
  readonly roleArn: string
  readonly keys: Readonly<Record<Caller, StaticCredentials>>
}

const region = given(parseRegion('us-east-1'))
const { url, users } = inject('ceph')
const POLICY_LIMIT = 2048
const NOBODY = { accessKeyId: 'AKIANOBODY0000000000', secretAccessKey: 'x'.repeat(40) }

/** Asks an STS for a session, with a change to a request that is granted as it stands. */
function assume(sts: Sts, change: Partial<AssumeRoleCommandInput> = {}, caller: Caller = 'broker') {
  const client = createStsClient({
    ...{ region, endpoint: sts.endpoint, credentials: sts.keys[caller] },
  })
  const asked = { RoleArn: sts.roleArn, RoleSessionName: 'ab'.repeat(32), DurationSeconds: 900 }
  return client.send(new AssumeRoleCommand({ ...asked, ...change })).finally(() => client.destroy())
}

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::fleet/*' }
const policy = (change: object = {}) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...change }] })

const UNKNOWN_OPERATOR = { Condition: { Similar: { 's3:prefix': 'a' } } }
const TWICE = '{"Effect":"Deny","Ef'

/** A policy of that many characters. Many resources, each short: one very long one ends the gateway's process. */
function policyOf(characters: number): string {
  const resources: string[] = []
  const text = () => policy({ Resource: resources })
  while (text().length < characters - 100) resources.push('arn:aws:s3:::fleet/pump/*')
  const start = 'arn:aws:s3:::'
  const missing = characters - text().length - `,"${start}"`.length
  resources.push(`${start}${'x'.repeat(missing)}`)
  return text()
}

const roleOf = (arn: string, trusted: string) => ({
  arn,
  trustPolicy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: trusted }, Action: 'sts:AssumeRole' }],
  },
})

/** The local STS, where a stranger is a session of another role. */
async function startLocal(): Promise<Sts & Pick<RunningSts, 'close'>> {
  const broker = { accessKeyId: 'AKIALOCALBROKER00000', secretAccessKey: 'broker-of-this-test' }
  const trusted = 'arn:aws:iam::123456789012:role/thingpass-credentials'
  const other = 'arn:aws:iam::123456789012:role/other'
  const roles = parseRoles(JSON.stringify([roleOf(ROLE_ARN, trusted), roleOf(other, trusted)]))
  if (!roles.ok) throw new Error(roles.problem)
  const { url: endpoint, close } = await startLocalSts({
    ...{ accountId: '123456789012', region, brokerRoleName: 'thingpass-credentials' },
    brokerCredentials: broker,
    roles: () => roles.value,
    signingKey: new Uint8Array(32),
    clock: () => new Date(),
    log: (line) => expect(line).toBe('nothing to report'),
  })
  const keys = keysOf(broker, NOBODY)
  const { Credentials } = await assume({ endpoint, roleArn: other, keys })
  const stranger = {
    accessKeyId: given(Credentials?.AccessKeyId),
    secretAccessKey: given(Credentials?.SecretAccessKey),
    sessionToken: given(Credentials?.SessionToken),
  }
  return { endpoint, roleArn: ROLE_ARN, keys: keysOf(broker, stranger), close }
}

function keysOf(broker: StaticCredentials, stranger: StaticCredentials): Sts['keys'] {
  const forger = { accessKeyId: broker.accessKeyId, secretAccessKey: 'y'.repeat(40) }
  return { broker, stranger, forger, nobody: NOBODY }
}

let local: Awaited<ReturnType<typeof startLocal>>
const ceph: Sts = {
  endpoint: url,
  roleArn: GATEWAY_ROLE_ARN,
  keys: keysOf(users.broker, users.stranger),
}

beforeAll(async () => {
  local = await startLocal()
})
afterAll(() => local.close())

const statuses = async (change: Partial<AssumeRoleCommandInput>, caller?: Caller) => ({
  local: await statusOf(assume(local, change, caller)),
  ceph: await statusOf(assume(ceph, change, caller)),
})

describe('the local STS answers as the object gateway does', () => {
  test.each<[string, Partial<AssumeRoleCommandInput>, number]>([
    ['the shortest session', { DurationSeconds: 900 }, 200],
    ['a session one second too short', { DurationSeconds: 899 }, 400],
    ['a session of a minute', { DurationSeconds: 60 }, 400],
    ["a session of the role's maximum", { DurationSeconds: 3600 }, 200],
    ["a session one second over the role's maximum", { DurationSeconds: 3601 }, 400],
    ['a session over every maximum', { DurationSeconds: 43_201 }, 400],
    ['a session policy', { Policy: policy() }, 200],
    ['a session policy of 2048 characters', { Policy: policyOf(POLICY_LIMIT) }, 200],
    ['a session policy of 2049 characters', { Policy: policyOf(POLICY_LIMIT + 1) }, 400],
    ['a session policy with white space around it', { Policy: ` ${policy()} ` }, 200],
    ['a session policy that is cut off', { Policy: policy().slice(0, -1) }, 400],
    ['a session policy with text after it', { Policy: `${policy()}x` }, 400],
    ['a session policy that is no object', { Policy: '[]' }, 400],
    ['a session policy of an unknown version', { Policy: policy().replace('2012', '2013') }, 400],
    ['a session policy of an unknown effect', { Policy: policy({ Effect: 'Perhaps' }) }, 400],
    ['a session policy of an unknown element', { Policy: policy({ Colour: 'red' }) }, 400],
    ['a session policy whose action has no service', { Policy: policy({ Action: 'get' }) }, 400],
    ['a session policy of an unknown operator', { Policy: policy(UNKNOWN_OPERATOR) }, 400],
    ['a session policy with a key given twice', { Policy: policy().replace('{"Ef', TWICE) }, 400],
    ['a session name of 2 characters', { RoleSessionName: 'ab' }, 200],
    ['a session name of 1 character', { RoleSessionName: 'a' }, 400],
    ['a session name of 65 characters', { RoleSessionName: 'a'.repeat(65) }, 400],
    ['a session name with a colon', { RoleSessionName: 'a:b' }, 400],
    ['an external id of 1 character', { ExternalId: 'a' }, 400],
  ])('%s', async (_, change, status) => {
    expect(await statuses(change)).toEqual({ local: status, ceph: status })
  })

  test.each<[string, Caller]>([
    ['a caller that the role does not trust', 'stranger'],
    ["the broker's key id with another secret", 'forger'],
    ['a key id that nobody has', 'nobody'],
  ])('%s', async (_, caller) => {
    expect(await statuses({}, caller)).toEqual({ local: 403, ceph: 403 })
  })

  test('the session lasts as long as was asked, to the second', async () => {
    for (const sts of [local, ceph]) {
      const before = Date.now()
      const { Credentials } = await assume(sts, { DurationSeconds: 1800 })
      const seconds = (given(Credentials?.Expiration).getTime() - before) / 1000
      expect(seconds).toBeGreaterThan(1798)
      expect(seconds).toBeLessThan(1803)
    }
  })
})

describe('where the object gateway is the more lenient, the local STS refuses as AWS does:', () => {
  test.each<[string, Partial<AssumeRoleCommandInput>]>([
    ['a policy without text', { Policy: '' }],
    ['a policy without a statement', { Policy: '{"Version":"2012-10-17"}' }],
    ['a policy of no statements', { Policy: '{"Version":"2012-10-17","Statement":[]}' }],
    ['a statement without effect', { Policy: policy({ Effect: undefined }) }],
    ['a statement without resource', { Policy: policy({ Resource: undefined }) }],
    ['a statement with a principal', { Policy: policy({ Principal: '*' }) }],
    ['a character above U+00FF', { Policy: policy({ Resource: 'arn:aws:s3:::fleet/\u0100' }) }],
    ['a reserved tag', { Tags: [{ Key: 'aws:reserved', Value: 'x' }] }],
  ])('%s', async (_, change) => {
    expect(await statuses(change)).toEqual({ local: 400, ceph: 200 })
  })
})

test('only the object gateway tells a role that does not exist from one that trusts somebody else', async () => {
  const missing = (arn: string) => ({ RoleArn: arn.replace(/[^/]+$/, 'missing') })
  expect(await statusOf(assume(local, missing(local.roleArn)))).toBe(403)
  expect(await statusOf(assume(ceph, missing(ceph.roleArn)))).toBe(404)
})

// The one row where the local STS is the laxer: it reads a resource as a pattern, whatever its shape. Such a pattern matches no ARN.
test('only the object gateway refuses a session policy whose resource is no ARN', async () => {
  const change = { Policy: policy({ Resource: 'fleet' }) }
  expect(await statuses(change)).toEqual({ local: 200, ceph: 400 })
})
