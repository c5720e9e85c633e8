import { parseRoleArn, parseTenantId } from '@thingpass/core/names'
import { expect, test } from 'vitest'
import { roleTrustPolicy } from './role-trust-policy.ts'

const BROKER = parseRoleArn('arn:aws:iam::123456789012:role/thingpass-production-credentials')!
const trust = {
  tenantId: parseTenantId('acme')!,
  externalId: 'thingpass-0123456789abcdef',
  brokerRoles: [BROKER],
  setsSourceIdentity: false,
}

test('only the broker may assume, with the external id and as the tenant (T23)', () => {
  const shared = { Effect: 'Allow', Principal: { AWS: [BROKER] } }
  expect(roleTrustPolicy(trust)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AssumeForOwnTenant',
        ...shared,
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'thingpass-0123456789abcdef' } },
      },
      {
        Sid: 'TagAsOwnTenant',
        ...shared,
        Action: 'sts:TagSession',
        Condition: { StringEquals: { 'aws:RequestTag/thingpass:TenantId': 'acme' } },
      },
    ],
  })
})

test('a source identity is allowed only where one is set', () => {
  const actions = (setsSourceIdentity: boolean) =>
    roleTrustPolicy({ ...trust, setsSourceIdentity }).Statement.map(({ Action }) => Action)
  expect(actions(false)).not.toContain('sts:SetSourceIdentity')
  expect(actions(true)).toContain('sts:SetSourceIdentity')
})
