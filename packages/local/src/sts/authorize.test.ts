import { expect, test } from 'vitest'
import {
  ACCOUNT,
  type Answer,
  BROKER_ARN,
  BROKER_SESSION,
  CAMERA,
  CAMERA_ARN,
  createStsUnderTest,
  rolesOf,
  trust,
} from './testing/sts-under-test.ts'

type Parameters = Readonly<Record<string, string>>

/** The action that the refusal names; of any other failure the code, so that it is not taken for a grant. */
function lackingIn({ status, code, message }: Answer): string | undefined {
  return status === 200 ? undefined : (message?.match(/perform: (\S+)/)?.[1] ?? code)
}

/** The action that a call lacks under a trust policy; undefined when it lacks none. */
function lackingUnder(trustPolicy: object, parameters: Parameters = {}): string | undefined {
  const sts = createStsUnderTest({ roles: () => rolesOf({ ...CAMERA, trustPolicy }) })
  return lackingIn(sts.assume(parameters))
}

test.each<[string, unknown]>([
  ['its role', { AWS: BROKER_ARN }],
  ['its session', { AWS: BROKER_SESSION }],
  ['its account by root', { AWS: `arn:aws:iam::${ACCOUNT}:root` }],
  ['its account by id', { AWS: ACCOUNT }],
  ['everyone', '*'],
  ['everyone of AWS', { AWS: '*' }],
  ['several accounts, its own the last', { AWS: ['210987654321', ACCOUNT] }],
  ['several, the broker among them', { AWS: ['210987654321', BROKER_ARN] }],
  ['services and the broker', { Service: 'iot.amazonaws.com', AWS: BROKER_ARN }],
])('lets the broker assume a role that trusts %s', (_, principal) => {
  expect(lackingUnder(trust(principal))).toBeUndefined()
})

test.each<[string, unknown]>([
  ['another role', { AWS: `arn:aws:iam::${ACCOUNT}:role/other` }],
  ['a role of that name elsewhere', { AWS: BROKER_ARN.replace(ACCOUNT, '210987654321') }],
  ['a role of that name under a path', { AWS: BROKER_ARN.replace('role/', 'role/x/') }],
  ['a role in other letter case', { AWS: BROKER_ARN.replace('thingpass', 'Thingpass') }],
  ['another session', { AWS: BROKER_SESSION.replace('local', 'remote') }],
  ['another account', { AWS: '210987654321' }],
  ['something below the root', { AWS: `arn:aws:iam::${ACCOUNT}:root/x` }],
  ['its account in another partition', { AWS: `arn:aws-cn:iam::${ACCOUNT}:role/x` }],
  ['the root of another account', { AWS: 'arn:aws:iam::210987654321:root' }],
  ['a user', { AWS: `arn:aws:iam::${ACCOUNT}:user/thingpass-credentials` }],
  ['a service', { Service: 'credentials.iot.amazonaws.com' }],
  ['an identity provider', { Federated: BROKER_ARN }],
])('does not let the broker assume a role that trusts only %s', (_, principal) => {
  expect(lackingUnder(trust(principal))).toBe('sts:AssumeRole')
})

test('does what a Deny says, whoever it names', () => {
  const allowing = { Effect: 'Allow', Principal: { AWS: BROKER_ARN }, Action: 'sts:*' }
  const denied = (principal: unknown) =>
    lackingUnder({
      Version: '2012-10-17',
      Statement: [allowing, { Effect: 'Deny', Principal: principal, Action: 'sts:AssumeRole' }],
    })
  expect(denied({ AWS: BROKER_ARN })).toBe('sts:AssumeRole')
  expect(denied({ AWS: ACCOUNT })).toBe('sts:AssumeRole')
  expect(denied('*')).toBe('sts:AssumeRole')
  expect(denied({ AWS: '210987654321' })).toBeUndefined()
})

const TAG = { 'Tags.member.1.Key': 'Site', 'Tags.member.1.Value': 'north' }
const IDENTITY = { SourceIdentity: 'plant-7' }
const allowing = (...actions: string[]) => trust({ AWS: BROKER_ARN }, { Action: actions })

test.each<[string, object, Parameters, string | undefined]>([
  ['nothing', allowing('sts:GetCallerIdentity'), {}, 'sts:AssumeRole'],
  ['AssumeRole', allowing('sts:AssumeRole'), {}, undefined],
  ['AssumeRole, with tags', allowing('sts:AssumeRole'), TAG, 'sts:TagSession'],
  ['both, with tags', allowing('sts:AssumeRole', 'sts:TagSession'), TAG, undefined],
  ['TagSession alone', allowing('sts:TagSession'), TAG, 'sts:AssumeRole'],
  ['AssumeRole, with identity', allowing('sts:AssumeRole'), IDENTITY, 'sts:SetSourceIdentity'],
  ['both, with identity', allowing('sts:AssumeRole', 'sts:SetSourceIdentity'), IDENTITY, undefined],
])('asks for each action that is needed: allowed %s', (_, trustPolicy, parameters, lacking) => {
  expect(lackingUnder(trustPolicy, parameters)).toBe(lacking)
})

// Each condition is met by the one call and by no call without it.
const EXTERNAL = { ExternalId: 'tenant-a' }
const TRANSITIVE = { ...TAG, 'TransitiveTagKeys.member.1': 'Site' }
const conditions: [string, object, Parameters, Parameters][] = [
  ['sts:ExternalId', { StringEquals: { 'sts:ExternalId': 'tenant-a' } }, EXTERNAL, {}],
  [
    'another sts:ExternalId',
    { StringEquals: { 'sts:ExternalId': 'tenant-a' } },
    EXTERNAL,
    { ExternalId: 'tenant-b' },
  ],
  [
    'sts:RoleSessionName',
    { StringLike: { 'sts:RoleSessionName': 'device-*' } },
    {},
    { RoleSessionName: 'other' },
  ],
  ['sts:SourceIdentity', { StringEquals: { 'sts:SourceIdentity': 'plant-7' } }, IDENTITY, {}],
  ['aws:RequestTag', { StringEquals: { 'aws:RequestTag/site': 'north' } }, TAG, {}],
  ['aws:TagKeys', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'Site' } }, TAG, {}],
  [
    'sts:TransitiveTagKeys',
    { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'Site' } },
    TRANSITIVE,
    TAG,
  ],
]

test.each(conditions)('judges the condition key %s', (_, Condition, met, unmet) => {
  const trustPolicy = trust({ AWS: BROKER_ARN }, { Condition })
  expect(lackingUnder(trustPolicy, met)).toBeUndefined()
  expect(lackingUnder(trustPolicy, unmet)).toBe('sts:AssumeRole')
})

// Facts that a caller does not choose: each condition is met, and its opposite is not.
const facts: [string, string, string, string][] = [
  ['ArnEquals', 'aws:PrincipalArn', BROKER_ARN, `arn:aws:iam::${ACCOUNT}:role/other`],
  ['StringEquals', 'aws:PrincipalAccount', ACCOUNT, '210987654321'],
  ['StringEquals', 'aws:PrincipalType', 'AssumedRole', 'User'],
  ['StringLike', 'aws:userid', 'AROALOCAL*:local', '*:remote'],
  ['IpAddress', 'aws:SourceIp', '127.0.0.0/8', '10.0.0.0/8'],
  ['Bool', 'aws:SecureTransport', 'false', 'true'],
  ['DateGreaterThan', 'aws:CurrentTime', '2026-03-01T11:59:59Z', '2026-03-01T12:00:01Z'],
  ['NumericEquals', 'aws:EpochTime', '1772366400', '1772366401'],
]

test.each(facts)('judges %s of %s', (operator, key, met, unmet) => {
  const lacking = (value: string) =>
    lackingUnder(trust({ AWS: BROKER_ARN }, { Condition: { [operator]: { [key]: value } } }))
  expect(lacking(met)).toBeUndefined()
  expect(lacking(unmet)).toBe('sts:AssumeRole')
})

// A session of `camera` asks for `store`.
const STORE_ARN = `arn:aws:iam::${ACCOUNT}:role/store`
const document = (Effect: string, Action = 'sts:AssumeRole', Resource = STORE_ARN) => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Action, Resource }],
})
const byRole = { AWS: CAMERA_ARN }
const byAccount = { AWS: ACCOUNT }

test.each<[string, unknown, object[], boolean]>([
  ['named by the trust policy', byRole, [], true],
  ['named beside its account', { AWS: [ACCOUNT, CAMERA_ARN] }, [], true],
  ['named by the trust policy, denied by its own', byRole, [document('Deny')], false],
  ['of a trusted account, without policy', byAccount, [], false],
  ['of a trusted account, allowed by its own', byAccount, [document('Allow')], true],
  [
    'of a trusted account, allowed another role',
    byAccount,
    [document('Allow', 'sts:AssumeRole', CAMERA_ARN)],
    false,
  ],
  [
    'of a trusted account, allowed another action',
    byAccount,
    [document('Allow', 'sts:TagSession')],
    false,
  ],
  [
    'of a trusted account, allowed and denied',
    byAccount,
    [document('Allow'), document('Deny')],
    false,
  ],
  ['like everyone', '*', [], true],
])('judges a session that is %s', (_, principal, policies, permitted) => {
  const store = { ...CAMERA, arn: STORE_ARN, trustPolicy: trust(principal) }
  const sts = createStsUnderTest({ roles: () => rolesOf({ ...CAMERA, policies }, store) })
  const answer = sts.assume({ RoleArn: STORE_ARN }, sts.assume().keys())
  expect(answer.status).toBe(permitted ? 200 : 403)
})

test('asks a session for its own permission where the role is of another account', () => {
  const arn = STORE_ARN.replace(ACCOUNT, '210987654321')
  const store = { ...CAMERA, arn, trustPolicy: trust(byRole) }
  const status = (policies: object[]) => {
    const sts = createStsUnderTest({ roles: () => rolesOf({ ...CAMERA, policies }, store) })
    return sts.assume({ RoleArn: arn }, sts.assume().keys()).status
  }
  expect(status([])).toBe(403)
  expect(status([document('Allow', 'sts:AssumeRole', arn)])).toBe(200)
})

test('gives nothing to a session whose role is gone', () => {
  const store = { ...CAMERA, arn: STORE_ARN, trustPolicy: trust(byRole) }
  const keys = createStsUnderTest().assume().keys()
  const sts = createStsUnderTest({ roles: () => rolesOf(store) })
  expect(sts.assume({ RoleArn: STORE_ARN }, keys).status).toBe(403)
})

test('asks for the permission to tag and to set an identity when both are inherited', () => {
  const lacking = (inherited: Parameters, ...actions: string[]) => {
    const store = { ...CAMERA, arn: STORE_ARN, trustPolicy: trust(byRole, { Action: actions }) }
    const sts = createStsUnderTest({ roles: () => rolesOf(CAMERA, store) })
    return lackingIn(sts.assume({ RoleArn: STORE_ARN }, sts.assume(inherited).keys()))
  }
  expect(lacking(TRANSITIVE, 'sts:AssumeRole')).toBe('sts:TagSession')
  expect(lacking(TRANSITIVE, 'sts:AssumeRole', 'sts:TagSession')).toBeUndefined()
  expect(lacking(TAG, 'sts:AssumeRole')).toBeUndefined()
  expect(lacking(IDENTITY, 'sts:AssumeRole')).toBe('sts:SetSourceIdentity')
})

test('shows the inherited source identity to conditions', () => {
  const Condition = { StringEquals: { 'sts:SourceIdentity': 'plant-7' } }
  const store = { ...CAMERA, arn: STORE_ARN, trustPolicy: trust(byRole, { Condition }) }
  const sts = createStsUnderTest({ roles: () => rolesOf(CAMERA, store) })
  expect(sts.assume({ RoleArn: STORE_ARN }, sts.assume(IDENTITY).keys()).status).toBe(200)
  expect(sts.assume({ RoleArn: STORE_ARN }, sts.assume().keys()).status).toBe(403)
})
