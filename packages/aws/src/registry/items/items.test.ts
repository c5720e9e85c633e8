import {
  parseCaCertificateId,
  parseCertificateId,
  parsePolicyName,
  parseRoleAlias,
  parseRoleArn,
  parseTenantId,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
} from '@thingpass/core/names'
import { describe, expect, test } from 'vitest'
import { type Item, number, text } from '../attributes.ts'
import { certificateBodyKey, policyKey } from '../keys.ts'
import { decodeAudit, encodeAudit } from './audit.ts'
import { decodeCa, encodeCa } from './ca.ts'
import { decodeCaCertificate, encodeCaCertificate } from './ca-certificate.ts'
import { decodeCaClaim, encodeCaClaim } from './ca-claim.ts'
import { decodeCaOfSubject, decodeOwnCa, encodeCaOfSubject, encodeOwnCa } from './ca-pointer.ts'
import { decodeCertificate, encodeCertificate } from './certificate.ts'
import { decodeCertificateBody, encodeCertificateBody } from './certificate-body.ts'
import {
  decodePolicy,
  decodePolicyVersion,
  documentSha256,
  encodePolicy,
  encodePolicyVersion,
} from './policy.ts'
import { decodePolicyEdge, type EdgeTarget, encodePolicyEdge } from './policy-edge.ts'
import { decodePolicyUsage, encodePolicyUsage } from './policy-usage.ts'
import { decodeRegistrationCode, encodeRegistrationCode } from './registration-code.ts'
import { decodeTags, encodeTags } from './resource-tags.ts'
import { decodeRevocationList, encodeRevocationList } from './revocation-list.ts'
import { decodeRevocationShard, encodeRevocationShard } from './revocation-shard.ts'
import {
  decodeRoleAlias,
  decodeRoleAliasTombstone,
  encodeRoleAlias,
  encodeRoleAliasTombstone,
} from './role-alias.ts'
import { decodeTenant, encodeTenant } from './tenant.ts'
import { decodeThing, encodeThing } from './thing.ts'
import { decodeThingEdge, encodeThingEdge } from './thing-edge.ts'
import { decodeThingGroup, encodeThingGroup } from './thing-group.ts'
import { decodeThingGroupChild, encodeThingGroupChild } from './thing-group-child.ts'
import { decodeThingMembership, encodeThingMembership } from './thing-membership.ts'
import { decodeThingType, encodeThingType } from './thing-type.ts'

const tenantId = parseTenantId('acme')!
const certificateId = parseCertificateId('c1'.repeat(32))!
const caCertificateId = parseCaCertificateId('ca'.repeat(32))!
const thingName = parseThingName('lamp-1')!
const thingTypeName = parseThingTypeName('lamp')!
const groupName = parseThingGroupName('floor-1')!
const house = parseThingGroupName('house')!
const policyName = parsePolicyName('reader')!
const roleAlias = parseRoleAlias('camera')!
const roleArn = parseRoleArn('arn:aws:iam::123456789012:role/camera')!
const at = new Date('2026-06-01T12:00:00Z')
const dates = { createdAt: at, modifiedAt: at }
const digest = 'd1'.repeat(32)

/** A codec, one valid record, and which attributes may be missing from its item. */
type Row = {
  readonly item: Item
  readonly decode: (item: Item) => unknown
  readonly record: unknown
  readonly optional?: readonly string[]
}

const row = <Value>(
  record: Value,
  encode: (record: Value) => Item,
  decode: (item: Item) => unknown,
  optional: readonly string[] = [],
): Row => ({ item: encode(record), decode, record, optional })

const certificate = {
  record: {
    certificateId,
    tenantId,
    registrationId: 'r-1',
    status: 'ACTIVE',
    registration: { kind: 'ca', caCertificateId },
    exclusiveThing: thingName,
  },
  issuerKeySha256: digest,
  certificateMode: 'DEFAULT',
  version: 1,
  thingCount: 1,
  policyCount: 2,
  ...dates,
} as const

const policyEdge = (target: EdgeTarget, end: 'target' | 'policy'): Row =>
  row(
    { tenantId, target, policyName, generationId: 'g-1', attachedAt: at },
    (edge) => encodePolicyEdge(edge, end),
    (item) => decodePolicyEdge(item, end),
  )

const thingEdge = (end: 'certificate' | 'thing'): Row =>
  row(
    {
      certificateId,
      tenantId,
      registrationId: 'r-1',
      thingName,
      thingId: 't-1',
      exclusive: true,
      attachedAt: at,
    },
    (edge) => encodeThingEdge(edge, end),
    (item) => decodeThingEdge(item, end),
  )

const toCertificate = { kind: 'certificate', certificateId, registrationId: 'r-1' } as const
const toGroup = { kind: 'thing-group', groupName, groupId: 'g-1' } as const
const toAlias = { kind: 'role-alias', roleAlias, aliasId: 'a-1' } as const
const document = '{"Version":"2012-10-17"}'

const rows: Readonly<Record<string, Row>> = {
  tenant: row(
    {
      record: {
        tenantId,
        status: 'ENABLED',
        roleArnPatterns: ['arn:aws:iam::*:role/*'],
        externalId: 'external-id',
        sessionTagKeys: [],
        certificatesWithoutCa: false,
        apiArnPatterns: [],
        rateLimit: { perSecond: 0.5, burst: 10 },
        defaultThing: 'never',
        inactiveCaRefusesDevices: false,
        revocationListRequired: true,
        authorizerRequiresThing: true,
      },
      ...dates,
    },
    encodeTenant,
    decodeTenant,
    ['revocationListRequired'],
  ),
  CA: row(
    {
      record: { caCertificateId, tenantId, status: 'ACTIVE', publicKey: new Uint8Array([1, 2]) },
      certificateMode: 'SNI_ONLY',
      autoRegistration: true,
      ...{ generationId: 'ca-1', version: 2, own: true },
      claims: { key: digest, subject: digest },
      ...dates,
    },
    encodeCa,
    decodeCa,
  ),
  'CA with a revocation list': row(
    {
      record: {
        ...{ caCertificateId, tenantId, status: 'ACTIVE', publicKey: new Uint8Array([1, 2]) },
        revocationListKey: digest,
      },
      ...{ certificateMode: 'SNI_ONLY', autoRegistration: true },
      ...{ generationId: 'ca-1', version: 2, own: false },
      claims: { key: digest, subject: digest },
      ...dates,
    },
    encodeCa,
    decodeCa,
    ['hasRevocationList'],
  ),
  'revocation list': row(
    {
      ...{ keySha256: digest, tenantId, generationId: 'list-1', issuerSha256: digest },
      ...{ number: 2n ** 160n - 1n, thisUpdate: at, nextUpdate: at, graceSeconds: 2_592_000 },
      ...{ entryCount: 0, sha256: digest, shards: new Uint8Array(512).fill(7), putAt: at },
    },
    encodeRevocationList,
    decodeRevocationList,
  ),
  'shard of a revocation list': row(
    {
      ...{ keySha256: digest, shard: '0af', generationId: 'list-1', expiresAt: at },
      serialNumbers: ['0', '5a03', 'f'.repeat(40)],
    },
    encodeRevocationShard,
    decodeRevocationShard,
  ),
  'CA of a subject': row(
    { tenantId, caCertificateId, digest },
    encodeCaOfSubject,
    decodeCaOfSubject,
  ),
  'own CA': row({ tenantId, caCertificateId }, encodeOwnCa, decodeOwnCa),
  'registration code': row(
    { tenantId, code: digest, madeAt: at },
    encodeRegistrationCode,
    decodeRegistrationCode,
  ),
  'claim to a key': row({ of: 'key', digest, tenantId, caCount: 11 }, encodeCaClaim, decodeCaClaim),
  'claim to a subject': row(
    { of: 'subject', digest, tenantId, caCount: 10 },
    encodeCaClaim,
    decodeCaClaim,
  ),
  'certificate of a CA': row(
    { tenantId, caCertificateId, certificateId, registeredAt: at },
    encodeCaCertificate,
    decodeCaCertificate,
  ),
  certificate: row(certificate, encodeCertificate, decodeCertificate, [
    'exclusiveThing',
    'issuerKeySha256',
  ]),
  'certificate without CA': row(
    { ...certificate, record: { ...certificate.record, registration: { kind: 'without-ca' } } },
    encodeCertificate,
    decodeCertificate,
    ['exclusiveThing', 'issuerKeySha256'],
  ),
  'certificate body': row(
    'PEM',
    (pem) => encodeCertificateBody(certificateBodyKey(certificateId), pem),
    (item) => decodeCertificateBody(item, certificateBodyKey(certificateId)),
  ),
  'thing edge at the certificate': thingEdge('certificate'),
  'thing edge at the thing': thingEdge('thing'),
  'policy edge at a certificate': policyEdge(toCertificate, 'target'),
  'policy edge at a group': policyEdge(toGroup, 'target'),
  'policy edge at an alias': policyEdge(toAlias, 'target'),
  'policy edge to a certificate': policyEdge(toCertificate, 'policy'),
  'policy edge to a group': policyEdge(toGroup, 'policy'),
  'policy edge to an alias': policyEdge(toAlias, 'policy'),
  thing: row(
    {
      record: {
        thingName,
        thingId: 't-1',
        thingTypeName,
        attributes: new Map([['site', 'north']]),
        groups: [
          { groupName, groupId: 'g-1' },
          { groupName: house, groupId: 'g-2' },
        ],
      },
      tenantId,
      memberships: [
        { groupName, groupId: 'g-1', through: groupName },
        { groupName: house, groupId: 'g-2', through: groupName },
      ],
      version: 3,
      principalCount: 0,
      ...dates,
    },
    encodeThing,
    decodeThing,
    ['thingTypeName'],
  ),
  'thing type': row(
    {
      tenantId,
      thingTypeName,
      thingTypeId: 'y-1',
      description: 'a lamp',
      searchableAttributes: ['site'],
      deprecatedAt: at,
      createdAt: at,
    },
    encodeThingType,
    decodeThingType,
    ['description', 'deprecatedAt'],
  ),
  'thing group': row(
    {
      tenantId,
      groupName,
      groupId: 'g-1',
      parents: [{ groupName: house, groupId: 'g-2' }],
      description: 'a floor',
      attributes: new Map([['site', 'north']]),
      version: 1,
      childCount: 0,
      policyCount: 1,
      createdAt: at,
    },
    encodeThingGroup,
    decodeThingGroup,
    ['description'],
  ),
  'thing membership': row(
    { tenantId, thingName, groupName, groupId: 'g-1', addedAt: at },
    (membership) => encodeThingMembership(membership, [{ groupName: house, groupId: 'g-2' }]),
    decodeThingMembership,
  ),
  'child of a thing group': row(
    { tenantId, parentGroupName: house, groupName, groupId: 'g-1' },
    encodeThingGroupChild,
    decodeThingGroupChild,
  ),
  'tags of a policy': row(
    { ownerId: 'g-1', tags: new Map([['site', 'north']]) },
    (tags) => encodeTags(policyKey(tenantId, policyName), tags),
    (item) => decodeTags(item, policyKey(tenantId, policyName)),
  ),
  policy: row(
    {
      tenantId,
      policyName,
      generationId: 'g-1',
      defaultVersionId: '7',
      document,
      documentSha256: documentSha256(document),
      lastVersion: 9,
      versionCount: 5,
      ...dates,
    },
    encodePolicy,
    decodePolicy,
  ),
  'policy version': row(
    { tenantId, policyName, generationId: 'g-1', versionId: '10', document, createdAt: at },
    encodePolicyVersion,
    decodePolicyVersion,
  ),
  'policy usage': row(
    { tenantId, policyName, generationId: 'g-1', attachmentCount: 3, roleAliasCount: 3 },
    encodePolicyUsage,
    decodePolicyUsage,
  ),
  'role alias': row(
    {
      record: {
        roleAlias,
        roleArn,
        credentialDurationSeconds: 900,
        sessionProfile: {
          scope: 'session-policy',
          tags: new Map([['site', 'north']]),
          transitiveTagKeys: ['site'],
          sourceIdentity: 'certificateId',
          requireThingName: true,
          longDuration: 'refuse',
        },
      },
      tenantId,
      aliasId: 'a-1',
      policyCount: 1,
      ...dates,
    },
    encodeRoleAlias,
    decodeRoleAlias,
    ['sourceIdentity'],
  ),
  'role alias tombstone': row(
    { tenantId, roleAlias, deletedAt: at },
    encodeRoleAliasTombstone,
    decodeRoleAliasTombstone,
  ),
  audit: row(
    {
      tenantId,
      time: new Date('2026-06-01T12:00:00.123Z'),
      changeId: 'c-1',
      actor: 'arn:aws:iam::123456789012:user/operator',
      action: 'attach-policy',
      subject: `cert/${certificateId}`,
      before: new Map(),
      after: new Map([['policyName', 'reader']]),
    },
    encodeAudit,
    decodeAudit,
    ['before', 'after'],
  ),
}

const unreadable = expect.objectContaining({ code: 'REGISTRY_UNREADABLE' })

function faultOf(decode: Row['decode'], item: Item): unknown {
  try {
    return { decoded: decode(item) }
  } catch (error) {
    return error
  }
}

/** Attributes that nothing is decoded from. */
const FOR_THE_INDEX = ['listing', 'branch', 'place']

describe.each(Object.entries(rows))('%s', (_name, { item, decode, record, optional = [] }) => {
  const names = Object.keys(item).filter((name) => !FOR_THE_INDEX.includes(name))

  test('comes back as it was written', () => {
    expect(decode(item)).toEqual(record)
  })

  test.each(names)('is unreadable where %s is of another type', (name) => {
    for (const value of [
      { NULL: true },
      item[name]?.S === undefined ? text('1') : number(1),
    ] as const) {
      expect(faultOf(decode, { ...item, [name]: value })).toEqual(unreadable)
    }
  })

  test.each(names.filter((name) => !optional.includes(name)))(
    'is unreadable without %s',
    (name) => {
      const { [name]: _gone, ...rest } = item
      const fault = faultOf(decode, rest)
      expect(fault).toEqual(unreadable)
      expect(String(fault)).toContain(`${item.kind?.S} item`)
    },
  )

  test('is unreadable as an item of any other kind', () => {
    const others = Object.values(rows).filter((other) => other.item.kind?.S !== item.kind?.S)
    for (const other of others) expect(faultOf(decode, other.item)).toEqual(unreadable)
    expect(faultOf(decode, { ...item, kind: text('something') })).toEqual(unreadable)
  })

  test('is unreadable where it does not belong', () => {
    for (const key of ['pk', 'sk']) {
      const moved = { ...item, [key]: text(`${item[key]?.S}-`) }
      expect(faultOf(decode, moved)).toEqual(unreadable)
    }
  })

  test('names its kind and key in the fault, and no value', () => {
    const fault = faultOf(decode, { ...item, kind: text('secret-kind') })
    expect(String(fault)).toContain(`${item.pk?.S} ${item.sk?.S}`)
    expect(String(fault)).not.toContain('secret-kind')
  })

  test.each(optional)('may be without %s', (name) => {
    const { [name]: _gone, ...rest } = item
    expect(faultOf(decode, rest)).not.toEqual(unreadable)
  })
})

const list = (...values: Item[]) => ({ L: values.map((value) => ({ M: value })) })
const member = { groupName: text('a'), groupId: text('g'), through: text('a') }

/** One broken attribute per row: [record, attribute, value]. */
const broken: readonly (readonly [string, string, Item[string]])[] = [
  ['tenant', 'tenantId', text('Acme')],
  ['tenant', 'status', text('enabled')],
  ['tenant', 'externalId', text('x')],
  ['tenant', 'externalId', text('a space')],
  ['tenant', 'roleArnPatterns', { L: [number(1)] }],
  ['tenant', 'ratePerSecond', number(0)],
  ['tenant', 'ratePerSecond', number(-1)],
  ['tenant', 'rateBurst', number(0)],
  ['tenant', 'rateBurst', { N: 'Infinity' }],
  ['tenant', 'defaultThing', text('first')],
  ['tenant', 'createdAt', number(-1)],
  ['tenant', 'createdAt', number(253_402_300_800)],
  ['tenant', 'createdAt', number(0.5)],
  ['CA', 'caCertificateId', text('CA'.repeat(32))],
  ['CA', 'status', text('REVOKED')],
  ['CA', 'certificateMode', text('default')],
  ['CA', 'keyClaim', text('d1')],
  ['CA', 'generationId', text('')],
  ['CA', 'version', number(0)],
  ['own CA', 'caCertificateId', text('CA'.repeat(32))],
  ['CA of a subject', 'digest', text('d1')],
  ['registration code', 'code', text('D1'.repeat(32))],
  ['CA', 'subjectClaim', text('D1'.repeat(32))],
  ['claim to a key', 'caCount', number(0)],
  ['claim to a subject', 'caCount', number(11)],
  ['claim to a subject', 'of', text('name')],
  ['certificate', 'certificateId', text('C1'.repeat(32))],
  ['certificate', 'status', text('active')],
  ['certificate', 'registrationId', text('')],
  ['certificate', 'registrationId', text('r#1')],
  ['certificate', 'registration', text('self')],
  ['certificate', 'registration', text('without-ca')],
  ['certificate without CA', 'registration', text('ca')],
  ['certificate', 'certificateMode', text('default')],
  ['certificate', 'version', number(0)],
  ['certificate', 'exclusiveThing', text('a thing')],
  ['certificate', 'thingCount', number(-1)],
  ['certificate', 'policyCount', number(1.5)],
  ['thing edge at the certificate', 'exclusive', text('false')],
  ['thing edge at the certificate', 'thingId', text('')],
  ['policy edge at a certificate', 'target', text('thing')],
  ['policy edge at a certificate', 'target', text('role-alias')],
  ['policy edge at a certificate', 'generationId', text('')],
  ['thing', 'version', number(0)],
  ['thing', 'principalCount', number(-1)],
  ['thing', 'attributes', { M: { site: number(1) } }],
  ['thing', 'groups', { L: [text('floor-1')] }],
  ['thing', 'groups', list({ ...member, groupName: text('a b') })],
  ['thing', 'groups', list({ ...member, groupId: text('') })],
  ['thing', 'groups', list({ groupName: text('a'), groupId: text('g') })],
  ['thing group', 'parents', list({ groupName: text('a') })],
  ['thing group', 'version', number(0)],
  ['child of a thing group', 'groupId', text('')],
  ['tags of a policy', 'ownerId', text('')],
  ['tags of a policy', 'tags', { M: { site: number(1) } }],
  ['policy', 'defaultVersionId', text('0')],
  ['policy', 'defaultVersionId', text('07')],
  ['policy', 'document', text('{}')],
  ['policy', 'documentSha256', text(digest)],
  ['policy', 'versionCount', number(6)],
  ['policy', 'versionCount', number(0)],
  ['policy', 'lastVersion', number(10_000_000_000)],
  ['policy version', 'versionId', text('11')],
  ['policy version', 'versionId', text('010')],
  ['policy usage', 'attachmentCount', number(-1)],
  ['policy usage', 'roleAliasCount', number(4)],
  ['role alias', 'roleArn', text('arn:aws:iam::1:role/x')],
  ['role alias', 'credentialDurationSeconds', number(899)],
  ['role alias', 'credentialDurationSeconds', number(43_201)],
  ['role alias', 'scope', text('none')],
  ['role alias', 'sourceIdentity', text('thingName')],
  ['role alias', 'longDuration', text('')],
  ['role alias', 'policyCount', number(-1)],
  ['audit', 'timeMs', number(253_402_300_800_000)],
  ['audit', 'changeId', text('c#1')],
]

test.each(broken)('%s: %s of %j is unreadable', (name, attribute, value) => {
  const { item, decode } = rows[name]!
  expect(item).toHaveProperty(attribute)
  expect(faultOf(decode, { ...item, [attribute]: value })).toEqual(unreadable)
})

test('a certificate without CA that names one is unreadable', () => {
  const { item, decode } = rows['certificate without CA']!
  expect(faultOf(decode, { ...item, caCertificateId: text(caCertificateId) })).toEqual(unreadable)
})

test('an attribute named like a property of every object is only what the item holds', () => {
  const { item, decode } = rows.thing!
  const attributes = { M: JSON.parse('{"__proto__":{"S":"x"},"constructor":{"S":"y"}}') }
  const { record } = decode({ ...item, attributes }) as ReturnType<typeof decodeThing>
  expect([...record.attributes]).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})
