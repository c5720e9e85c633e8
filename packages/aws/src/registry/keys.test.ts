import {
  parseCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseTenantId,
  parseThingGroupName,
  parseThingName,
} from '@thingpass/core/names'
import { expect, test } from 'vitest'
import * as keys from './keys.ts'

const tenantId = parseTenantId('acme')!
const certificateId = parseCertificateId('c1'.repeat(32))!
const policy = parsePolicyName('zz')!
const thing = parseThingName('lamp:1')!
const group = parseThingGroupName('floor')!
const alias = parseRoleAlias('camera')!

const { from, to } = keys.META_AND_POLICIES
const within = ({ sk }: keys.ItemKey): boolean => from <= sk && sk <= to

test.each([
  ['a certificate', keys.certificateKey(certificateId)],
  ['its policy edge', keys.certificatePolicyKey(certificateId, policy)],
  ['a group', keys.thingGroupKey(tenantId, group)],
  ['its policy edge', keys.thingGroupPolicyKey(tenantId, group, policy)],
  ['an alias', keys.roleAliasKey(tenantId, alias)],
  ['its policy edge', keys.roleAliasPolicyKey(tenantId, alias, policy)],
  ['a revocation list', keys.revocationListKey('d1')],
  ['a part of one', keys.revocationShardKey('d1', '0af', 'list-1')],
  ['a part of the last one', keys.revocationShardKey('d1', '0af', 'zzz')],
])('%s lies within META and policies', (_name, key) => {
  expect(within(key)).toBe(true)
})

test.each([
  ['the body of a certificate', keys.certificateBodyKey(certificateId)],
  ['an edge to a thing', keys.certificateThingKey(certificateId, thing)],
  ['an edge to a certificate', keys.thingCertificateKey(tenantId, thing, certificateId)],
  ['a membership', keys.thingMembershipKey(tenantId, thing, group)],
  ['a child group', keys.thingGroupChildKey(tenantId, group, group)],
  ['the tags of a group', keys.tagsKey(keys.thingGroupKey(tenantId, group))],
  ['a tombstone', keys.roleAliasTombstoneKey(tenantId, alias)],
])('%s lies outside of META and policies', (_name, key) => {
  expect(within(key)).toBe(false)
})

test('the layout is what stored tables have', () => {
  expect([
    keys.tenantKey(tenantId),
    keys.thingKey(tenantId, thing),
    keys.certificatePolicyKey(certificateId, policy),
    keys.policyVersionKey(tenantId, policy, 12),
    keys.policyTargetKey(tenantId, policy, { kind: 'ALIAS', name: alias }),
    keys.auditKey(tenantId, new Date('2026-06-01T23:59:59.999Z'), 'c-1'),
    keys.caClaimKey('subject', 'd1'),
    keys.revocationListKey('d1'),
    keys.revocationShardKey('d1', '0af', 'list-1'),
  ]).toEqual([
    { pk: 'TENANT#acme', sk: 'META' },
    { pk: 'TENANT#acme#THING#lamp:1', sk: 'META' },
    { pk: `CERT#${certificateId}`, sk: 'POLICY#zz' },
    { pk: 'TENANT#acme#POLICY#zz', sk: 'VERSION#0000000012' },
    { pk: 'TENANT#acme#POLICY#zz', sk: 'TARGET#ALIAS#camera' },
    { pk: 'TENANT#acme#AUDIT#2026-06-01', sk: '2026-06-01T23:59:59.999Z#c-1' },
    { pk: 'CA-SUBJECT#d1', sk: 'META' },
    { pk: 'CRL#d1', sk: 'META' },
    { pk: 'CRL#d1#0af', sk: 'PART#list-1' },
  ])
})
