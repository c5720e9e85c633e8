import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  BROKER_ARN,
  BROKER_SESSION,
  CAMERA,
  CAMERA_ARN,
  createStsUnderTest,
  NOON,
  rolesOf,
  trust,
} from './testing/sts-under-test.ts'

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
})
const sts = createStsUnderTest()

/** Parameters of `count` tags, `k1=v` and on. */
function tags(count: number): Record<string, string> {
  const members = Array.from({ length: count }, (_, index) => index + 1)
  return Object.assign({}, ...members.map((member) => tag(member, `k${member}`, 'v')))
}

function tag(member: number, key: string, value: string): Record<string, string> {
  return { [`Tags.member.${member}.Key`]: key, [`Tags.member.${member}.Value`]: value }
}

test('issues credentials that say they are local, and when they end', () => {
  const answer = sts.assume({ DurationSeconds: '900', SourceIdentity: 'plant-7' })
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('text/xml')
  expect(answer.headers['x-amzn-requestid']).toBe(answer.text('RequestId'))
  expect(answer.text('AccessKeyId')).toMatch(/^ASIALOCAL[A-Z2-7]{11}$/)
  expect(answer.text('SecretAccessKey')).toMatch(/^[A-Za-z0-9+/]{40}$/)
  expect(answer.text('SessionToken')).toMatch(/^thingpass-local\/1\/[\w.-]+$/)
  expect(answer.text('Expiration')).toBe('2026-03-01T12:15:00Z')
  expect(answer.text('Arn')).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/camera/device-1`)
  expect(answer.text('AssumedRoleId')).toMatch(/^AROALOCAL[A-Z2-7]{12}:device-1$/)
  expect(answer.text('SourceIdentity')).toBe('plant-7')
  expect(answer.text('SessionTokenSize')).toBe(`${answer.text('SessionToken')?.length}`)
})

test('leaves out what has no value: source identity, and the packed size of nothing', () => {
  const { body } = sts.assume()
  expect(body).not.toContain('SourceIdentity')
  expect(body).not.toContain('PackedPolicySize')
})

test('gives an hour where no duration is asked for', () => {
  expect(sts.assume().text('Expiration')).toBe('2026-03-01T13:00:00Z')
})

test('answers with a success as STS words it', () => {
  const { body } = sts.assume()
  expect(body).toMatch(
    /^<AssumeRoleResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/">\n {2}<AssumeRoleResult>\n/,
  )
  expect(body).toMatch(/<\/AssumeRoleResult>\n {2}<ResponseMetadata>\n {4}<RequestId>[\w-]{36}</)
})

// Everything that is just within a bound.
const accepted: [string, Record<string, string>][] = [
  ['the shortest duration', { DurationSeconds: '900' }],
  ['the longest duration of a chained session', { DurationSeconds: '3600' }],
  ['the shortest session name', { RoleSessionName: 'ab' }],
  ['the longest session name', { RoleSessionName: 'a'.repeat(64) }],
  ['every character of a session name', { RoleSessionName: 'aZ09_+=,.@-' }],
  ['the shortest source identity', { SourceIdentity: 'ab' }],
  ['the longest source identity', { SourceIdentity: 'a'.repeat(64) }],
  ['the shortest external id', { ExternalId: 'ab' }],
  ['the longest external id', { ExternalId: 'a'.repeat(1224) }],
  ['every character of an external id', { ExternalId: 'aZ09_+=,.@:/-' }],
  ['a policy', { Policy: POLICY }],
  ['the longest policy', { Policy: POLICY.padEnd(2048) }],
  ['every white space of a policy', { Policy: `${POLICY}\t\n\r ` }],
  ['the last character of a policy', { Policy: POLICY.replace('*', '\u00ff') }],
  ['50 tags', tags(50)],
  ['the longest tag key', tag(1, 'k'.repeat(128), 'v')],
  ['the longest tag value', tag(1, 'k', 'v'.repeat(256))],
  ['a tag key that is long in UTF-16 only', tag(1, '\u{20000}'.repeat(128), 'v')],
  ['an empty tag value', tag(1, 'k', '')],
  ['every kind of character of a tag', tag(1, 'kä 9_.:/=+-@', 'vä 9_.:/=+-@')],
  ['a tag key that has aws: inside', tag(1, 'k:aws:', 'v')],
  ['a transitive tag', { ...tags(1), 'TransitiveTagKeys.member.1': 'k1' }],
  ['a transitive tag in other letter case', { ...tags(1), 'TransitiveTagKeys.member.1': 'K1' }],
  [
    '50 transitive tags',
    Array.from({ length: 50 }, (_, index) => index + 1).reduce(
      (all, member) => Object.assign(all, { [`TransitiveTagKeys.member.${member}`]: `k${member}` }),
      tags(50),
    ),
  ],
  ['empty lists', { Tags: '', TransitiveTagKeys: '', PolicyArns: '', ProvidedContexts: '' }],
]

test.each(accepted)('accepts %s', (_, parameters) => {
  expect(sts.assume(parameters)).toMatchObject({ status: 200 })
})

const validation = (name: string) => [400, 'ValidationError', `Value at '${name}'`] as const
const invalid = (words: string) => [400, 'InvalidParameterValue', words] as const
const unsupported = [400, 'ValidationError', 'does not support'] as const
const malformed = [400, 'MalformedPolicyDocument', 'This policy contains invalid'] as const

// One row per bound: each is what `accepted` allows, and one more.
type Refused = readonly [string, Record<string, string>, readonly [number, string, string]]
const refused: Refused[] = [
  ['a role that is no ARN', { RoleArn: 'camera-role-of-the-fleet' }, validation('roleArn')],
  ['the ARN of a user', { RoleArn: `arn:aws:iam::${ACCOUNT}:user/ann` }, validation('roleArn')],
  ['an empty session name', { RoleSessionName: '' }, validation('roleSessionName')],
  ['a short session name', { RoleSessionName: 'a' }, validation('roleSessionName')],
  ['a long session name', { RoleSessionName: 'a'.repeat(65) }, validation('roleSessionName')],
  ['a session name with a colon', { RoleSessionName: 'a:b' }, validation('roleSessionName')],
  ['a session name with a line end', { RoleSessionName: 'ab\n' }, validation('roleSessionName')],
  ['a short source identity', { SourceIdentity: 'a' }, validation('sourceIdentity')],
  ['a long source identity', { SourceIdentity: 'a'.repeat(65) }, validation('sourceIdentity')],
  ['a reserved source identity', { SourceIdentity: 'aws:x' }, validation('sourceIdentity')],
  ['a short external id', { ExternalId: 'a' }, validation('externalId')],
  ['a long external id', { ExternalId: 'a'.repeat(1225) }, validation('externalId')],
  ['an external id with a space', { ExternalId: 'a b' }, validation('externalId')],
  ['a short duration', { DurationSeconds: '899' }, validation('durationSeconds')],
  ['a negative duration', { DurationSeconds: '-900' }, validation('durationSeconds')],
  ['a duration in words', { DurationSeconds: '1e3' }, validation('durationSeconds')],
  ['an empty duration', { DurationSeconds: '' }, validation('durationSeconds')],
  ['a duration beyond any role', { DurationSeconds: '43201' }, validation('durationSeconds')],
  [
    'a duration beyond the role',
    { DurationSeconds: '7201' },
    [
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
  ],
  [
    'a duration beyond role chaining',
    { DurationSeconds: '3601' },
    [
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    ],
  ],
  ['an empty policy', { Policy: '' }, validation('policy')],
  ['a long policy', { Policy: POLICY.padEnd(2049) }, validation('policy')],
  ['a policy beyond Latin-1', { Policy: POLICY.replace('*', '\u0100') }, validation('policy')],
  ['a policy with a control', { Policy: `${POLICY}\u000b` }, validation('policy')],
  ['a policy that is no JSON', { Policy: '{' }, malformed],
  ['a policy without statement', { Policy: '{"Version":"2012-10-17"}' }, malformed],
  [
    'a policy with a repeated key',
    { Policy: POLICY.replace('{', '{"Id":"a","Id":"b",') },
    malformed,
  ],
  ['51 tags', tags(51), validation('tags')],
  ['an empty tag key', tag(1, '', 'v'), validation('tags.1.member.key')],
  ['a long tag key', tag(1, 'k'.repeat(129), 'v'), validation('tags.1.member.key')],
  ['a long tag value', tag(1, 'k', 'v'.repeat(257)), validation('tags.1.member.value')],
  ['a tag key with a star', tag(1, 'k*', 'v'), validation('tags.1.member.key')],
  ['a tag value with a dollar', tag(1, 'k', '$v'), validation('tags.1.member.value')],
  ['a tag without value', { 'Tags.member.1.Key': 'k' }, validation('tags.1.member.value')],
  ['a tag without key', { 'Tags.member.1.Value': 'v' }, validation('tags.1.member.key')],
  ['a gap in the tags', tag(2, 'k', 'v'), validation('tags.1.member.key')],
  ['a reserved tag key', tag(1, 'AWS:k', 'v'), invalid('reserved')],
  [
    'tag keys equal but for case',
    { ...tag(1, 'k', 'a'), ...tag(2, 'K', 'b') },
    invalid('Duplicate'),
  ],
  [
    'a transitive key without tag',
    { ...tags(1), 'TransitiveTagKeys.member.1': 'k2' },
    invalid('must be included in the requested tags'),
  ],
  [
    'a gap in the transitive keys',
    { ...tags(1), 'TransitiveTagKeys.member.2': 'k1' },
    invalid('must be included in the requested tags'),
  ],
  [
    '51 transitive keys',
    { ...tags(1), 'TransitiveTagKeys.member.51': 'k1' },
    validation('transitiveTagKeys'),
  ],
  ['a managed policy', { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/X' }, unsupported],
  ['a token code', { SerialNumber: 'GAHT12345678', TokenCode: '123456' }, unsupported],
  ['a parameter with text before its name', { XPolicy: POLICY }, unsupported],
  ['a padded token', { MinimumSessionTokenSize: '4096' }, unsupported],
  ['a context', { 'ProvidedContexts.member.1.ProviderArn': 'arn:x' }, unsupported],
  ['a list that is a text', { PolicyArns: 'arn:aws:iam::aws:policy/X' }, unsupported],
  ['a member beyond three digits', { 'Tags.member.1000.Key': 'k' }, unsupported],
]

test.each(refused)('refuses %s', (_, parameters, [status, code, words]) => {
  const answer = sts.assume(parameters)
  expect(answer).toMatchObject({ status, code })
  expect(answer.message).toContain(words)
  expect(answer.text('Type')).toBe('Sender')
})

test.each([
  ['have length between 2 and 64', { RoleSessionName: 'a' }],
  ['satisfy regular expression pattern: ^[\\w+=,.@-]*$', { RoleSessionName: 'a:b' }],
  ['have value greater than or equal to 900', { DurationSeconds: '1' }],
  ['have value less than or equal to 43200', { DurationSeconds: '50000' }],
  ['have length less than or equal to 50', tags(51)],
  ['have length between 1 and 128', tag(1, '', 'v')],
  ['have length less than or equal to 256', tag(1, 'k', 'v'.repeat(257))],
  ['satisfy regular expression pattern: [\\p{L}', tag(1, '*', 'v')],
  ['not be null', { 'Tags.member.1.Key': 'k' }],
  ['be the ARN of a role', { RoleArn: 'x' }],
])('says what a parameter must do: %s', (constraint, parameters: Record<string, string>) => {
  expect(sts.assume(parameters).message).toContain(`: Member must ${constraint}`)
})

test('refuses a missing role and a missing session name', () => {
  const { RoleArn, RoleSessionName, ...rest } = {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: CAMERA_ARN,
    RoleSessionName: 'device-1',
  }
  expect(sts.call({ ...rest, RoleSessionName }).message).toContain("'roleArn'")
  expect(sts.call({ ...rest, RoleArn }).message).toContain("'roleSessionName'")
})

test('does not say which of role and trust is missing', () => {
  const roles = () => rolesOf({ ...CAMERA, trustPolicy: trust({ AWS: '210987654321' }) })
  const distrusted = createStsUnderTest({ roles }).assume()
  const missing = createStsUnderTest({ roles: () => [] }).assume()
  const message = `User: ${BROKER_SESSION} is not authorized to perform: sts:AssumeRole on resource: ${CAMERA_ARN}`
  expect(distrusted).toMatchObject({ status: 403, code: 'AccessDenied', message })
  expect(missing).toMatchObject({ status: 403, code: 'AccessDenied', message })
})

test("tells a role's limits to nobody whom it does not trust", () => {
  const roles = () => rolesOf({ ...CAMERA, trustPolicy: trust({ AWS: '210987654321' }) })
  const answer = createStsUnderTest({ roles }).assume({ DurationSeconds: '43200' })
  expect(answer).toMatchObject({ code: 'AccessDenied' })
})

test('holds the chaining limit for a role that would allow more', () => {
  const roles = () => rolesOf({ ...CAMERA, maxSessionDuration: 43_200 })
  const answer = createStsUnderTest({ roles }).assume({ DurationSeconds: '43200' })
  expect(answer.message).toContain('role chaining')
})

// Text that hardly compresses: the stand-in for the packed size counts it nearly in full.
const NOISE = Array.from({ length: 43 }, (_, index) =>
  createHash('sha256').update(`${index}`).digest('base64'),
).join('')

test('says how much of the packed size is used, and refuses more than all of it', () => {
  const used = Number(sts.assume({ Policy: POLICY, ...tags(3) }).text('PackedPolicySize'))
  expect(used).toBeGreaterThan(5)
  expect(used).toBeLessThan(20)
  const answer = sts.assume({ Policy: POLICY.replace('*', NOISE) })
  expect(answer).toMatchObject({ status: 400, code: 'PackedPolicyTooLarge' })
  expect(answer.message).toMatch(/^Packed policy consumes 1\d\d% of allotted space/)
})

test('counts tags in the packed size as it counts a policy', () => {
  const noisy = Array.from({ length: 7 }, (_, index) =>
    tag(index + 1, `k${index}`, NOISE.slice(index * 250, index * 250 + 250)),
  )
  const answer = sts.assume(Object.assign({}, ...noisy))
  expect(answer).toMatchObject({ status: 400, code: 'PackedPolicyTooLarge' })
  expect(answer.message).toMatch(/^Packed size of session tags consumes 1[23]\d% of/)
  const few = sts.assume(Object.assign({}, ...noisy.slice(0, 3)))
  expect(Number(few.text('PackedPolicySize'))).toBeGreaterThan(50)
  expect(Number(sts.assume(tags(1)).text('PackedPolicySize'))).toBe(1)
})

test('refuses tags that a token of 1879 characters cannot hold, though they pack well', () => {
  const many = (count: number) =>
    Object.assign(
      {},
      ...Array.from({ length: count }, (_, i) => tag(i + 1, `k${i}`, 'v'.repeat(256))),
    )
  const fitting = sts.assume(many(4))
  expect(fitting.status).toBe(200)
  expect(Number(fitting.text('SessionTokenUtilization'))).toBeLessThanOrEqual(100)
  expect(fitting.keys().sessionToken?.length).toBeLessThanOrEqual(1879)
  const answer = sts.assume(many(5))
  expect(answer).toMatchObject({ status: 400, code: 'PackedPolicyTooLarge' })
  expect(answer.message).toMatch(/^Packed size of session tags consumes 1\d\d% of allotted space/)
})

test('never puts the text of a policy into the token', () => {
  const { sessionToken = '' } = sts.assume({ Policy: POLICY }).keys()
  const [payload = ''] = sessionToken.replace('thingpass-local/1/', '').split('.')
  const text = Buffer.from(payload, 'base64url').toString()
  expect(text).toContain('device-1')
  expect(text).not.toContain('GetObject')
})

// Chaining: a session of the role `camera` goes on to the role `store`.
const STORE_ARN = `arn:aws:iam::${ACCOUNT}:role/store`
const store = { ...CAMERA, arn: STORE_ARN, trustPolicy: trust({ AWS: CAMERA_ARN }) }
const chain = createStsUnderTest({ roles: () => rolesOf(CAMERA, store) })
const onward = { RoleArn: STORE_ARN, RoleSessionName: 'onward' }

test('lets a session assume a role that trusts its role, with its own name in the answer', () => {
  const answer = chain.assume(onward, chain.assume().keys())
  expect(answer.text('Arn')).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/store/onward`)
})

test('does not let a session that a session policy limits assume a further role', () => {
  const answer = chain.assume(onward, chain.assume({ Policy: POLICY }).keys())
  expect(answer).toMatchObject({ code: 'AccessDenied' })
  expect(answer.message).toContain('assumed-role/camera/device-1 is not authorized')
})

const TRANSITIVE = {
  ...tag(1, 'Site', 'a'),
  ...tag(2, 'Row', 'b'),
  'TransitiveTagKeys.member.1': 'Site',
}

test('passes transitive tags on, and only those', () => {
  const roles = (condition: object) => () =>
    rolesOf(CAMERA, {
      ...CAMERA,
      arn: STORE_ARN,
      trustPolicy: trust({ AWS: [CAMERA_ARN, STORE_ARN] }, { Condition: condition }),
    })
  const twice = (condition: object) => {
    const under = createStsUnderTest({ roles: roles(condition) })
    const first = chain.assume(TRANSITIVE).keys()
    const second = chain.assume(onward, first).keys()
    return under.assume(onward, second).status
  }
  expect(twice({ StringEquals: { 'aws:PrincipalTag/Site': 'a' } })).toBe(200)
  expect(twice({ Null: { 'aws:PrincipalTag/Row': 'false' } })).toBe(403)
})

test('refuses to set an inherited tag again, in any letter case', () => {
  const keys = chain.assume(TRANSITIVE).keys()
  const answer = chain.assume({ ...onward, ...tag(1, 'site', 'other') }, keys)
  expect(answer).toMatchObject({ status: 400, code: 'InvalidParameterValue' })
  expect(answer.message).toContain('conflicts with a transitive tag key from the calling session')
  expect(chain.assume({ ...onward, ...tag(1, 'Row', 'other') }, keys).status).toBe(200)
})

test('keeps a source identity for the whole chain, and lets nobody change it', () => {
  const keys = chain.assume({ SourceIdentity: 'plant-7' }).keys()
  expect(chain.assume(onward, keys).text('SourceIdentity')).toBe('plant-7')
  expect(chain.assume({ ...onward, SourceIdentity: 'plant-7' }, keys).status).toBe(200)
  const answer = chain.assume({ ...onward, SourceIdentity: 'plant-8' }, keys)
  expect(answer).toMatchObject({ status: 403, code: 'AccessDenied' })
  expect(answer.message).toContain('sts:SetSourceIdentity')
})

test('keeps sessions valid over a restart with the same signing key, and none with another', () => {
  const keys = chain.assume().keys()
  const roles = () => rolesOf(CAMERA, store)
  expect(createStsUnderTest({ roles }).assume(onward, keys).status).toBe(200)
  const other = createStsUnderTest({ roles, signingKey: Buffer.alloc(32, 8) })
  expect(other.assume(onward, keys)).toMatchObject({ status: 403, code: 'InvalidClientTokenId' })
})

test('counts seconds from the clock that it was given', () => {
  const clock = () => new Date(NOON.getTime() + 60_000)
  const later = createStsUnderTest({
    clock,
    roles: () => rolesOf({ ...CAMERA, trustPolicy: trust({ AWS: BROKER_ARN }) }),
  })
  expect(later.assume().text('Expiration')).toBe('2026-03-01T13:01:00Z')
})
