import { createHash } from 'node:crypto'
import { pemOfDer } from '@thingpass/x509/pem'
import { describe, expect, test } from 'vitest'
import type { FleetRecord, RecordOf } from './fleet-record.ts'
import { planRecord } from './plan-record.ts'

const from = { partition: 'aws', region: 'eu-central-1', account: '111122223333' }
const to = { partition: 'aws', region: 'us-east-1', account: '123456789012' }
const settings = { from, to, copyCas: false }
const thing = { kind: 'thing', name: 'a', attributes: {} } as const
const group = { kind: 'thing-group', name: 'g', attributes: {}, tags: {} } as const
const ca = {
  kind: 'ca',
  id: 'c',
  pem: 'P',
  status: 'ACTIVE',
  mode: 'DEFAULT',
  autoRegistration: false,
  provisions: false,
  tags: {},
} as const
const der = Buffer.from('stands for a certificate')
const certificate = {
  kind: 'certificate',
  id: createHash('sha256').update(der).digest('hex'),
  pem: pemOfDer(der),
  status: 'ACTIVE',
} as const
const document = (account: string, action = 'iot:AssumeRoleWithCertificate') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Action: action, Resource: `arn:aws:iot:eu-central-1:${account}:rolealias/a` },
  })
const policy = {
  kind: 'policy',
  name: 'p',
  tags: {},
  versions: [{ document: document(from.account), isDefault: true }],
} as const
const alias = {
  kind: 'role-alias',
  name: 'r',
  durationSeconds: 900,
  tags: {},
  roleArn: 'arn:aws:iam::123456789012:role/camera',
} as const

test.each<FleetRecord>([
  { kind: 'thing-type', name: 't', searchableAttributes: [], deprecated: true, tags: {} },
  thing,
  group,
  { kind: 'thing-group-member', group: 'g', thing: 'a' },
  certificate,
  { ...certificate, status: 'INACTIVE' },
  { ...certificate, status: 'REVOKED' },
  { kind: 'policy-attachment', policy: 'p', target: { kind: 'role-alias', name: 'r' } },
  {
    kind: 'thing-principals',
    thing: 'a',
    principals: [{ kind: 'certificate', name: 'c', exclusive: true }],
  },
])('a record is carried over as it is: %#', (record) => {
  expect(planRecord(record, settings)).toEqual({ record, findings: [] })
})

test.each<[FleetRecord, RegExp]>([
  [{ ...group, query: 'a:b' }, /^a dynamic group/],
  [ca, /proof of possession/],
  [{ ...certificate, status: 'PENDING_TRANSFER' }, /PENDING_TRANSFER/],
  [{ ...certificate, status: 'PENDING_ACTIVATION' }, /PENDING_ACTIVATION/],
  [{ ...certificate, status: 'NEW_ONE' }, /NEW_ONE/],
  [{ ...certificate, id: '0'.repeat(64) }, /PEM is not of this/],
  [{ ...certificate, pem: 'x' }, /PEM is not of this/],
  [{ ...policy, versions: [{ document: '{', isDefault: true }] }, /cannot be read/],
  [
    { kind: 'policy-attachment', policy: 'p', target: { kind: 'other', name: 'eu:cognito' } },
    /eu:cognito/,
  ],
])('a record is left out, and why is told: %#', (record, reason) => {
  expect(planRecord(record, settings)).toEqual({
    findings: [
      expect.objectContaining({ kind: 'left-out', reason: expect.stringMatching(reason) }),
    ],
  })
})

describe('CA certificates', () => {
  test('are carried over when an administrator says so', () => {
    expect(planRecord(ca, { ...settings, copyCas: true })).toEqual({ record: ca, findings: [] })
  })

  test('lose their template', () => {
    const provisions = { ...ca, provisions: true }
    expect(planRecord(provisions, { ...settings, copyCas: true })).toEqual({
      record: provisions,
      findings: [expect.objectContaining({ kind: 'left-out', collection: 'cas', name: 'c' })],
    })
  })
})

test('a status that AWS has given up becomes INACTIVE, never ACTIVE', () => {
  expect(planRecord({ ...certificate, status: 'REGISTER_INACTIVE' }, settings)).toMatchObject({
    record: { status: 'INACTIVE' },
    findings: [{ kind: 'differs' }],
  })
})

describe('policies', () => {
  test('get the ARNs of the deployment in every version, each told once', () => {
    const version = { document: document(from.account), isDefault: false }
    const { record, findings } = planRecord(
      { ...policy, versions: [...policy.versions, version] },
      settings,
    )
    const turned = document(from.account)
      .replace(from.account, to.account)
      .replace(from.region, to.region)
    expect((record as RecordOf<'policy'>).versions).toEqual([
      { document: turned, isDefault: true },
      { document: turned, isDefault: false },
    ])
    expect(findings).toEqual([
      {
        kind: 'rewritten',
        collection: 'policies',
        name: 'p',
        reason:
          'arn:aws:iot:eu-central-1:111122223333:rolealias/a -> arn:aws:iot:us-east-1:123456789012:rolealias/a',
      },
    ])
  })

  test('are turned from where they are, rather than from where most are', () => {
    const place = { ...from, account: '999999999999' }
    const { record } = planRecord(
      { ...policy, place, versions: [{ document: document('999999999999'), isDefault: true }] },
      settings,
    )
    expect(JSON.stringify(record)).toContain(to.account)
    expect(record).not.toHaveProperty('place')
  })

  test('are left out where it is not known whence they come', () => {
    expect(planRecord(policy, { ...settings, from: undefined })).toMatchObject({
      findings: [{ kind: 'left-out' }],
    })
  })

  test('keep ARNs of elsewhere, and that is told', () => {
    const versions = [{ document: document('999999999999'), isDefault: true }]
    expect(planRecord({ ...policy, versions }, settings)).toEqual({
      record: { ...policy, versions },
      findings: [
        expect.objectContaining({
          kind: 'differs',
          reason: expect.stringContaining('999999999999'),
        }),
      ],
    })
  })

  test('that name what was elsewhere and is here now are marked', () => {
    const arn = `arn:aws:iot:${to.region}:${to.account}:rolealias/a`
    const text = JSON.stringify({ Statement: { Action: '*', Resource: arn } })
    const versions = [{ document: text, isDefault: true }]
    expect(planRecord({ ...policy, versions }, settings)).toEqual({
      record: { ...policy, versions },
      findings: [expect.objectContaining({ reason: expect.stringContaining('BEGINS TO MATCH') })],
    })
  })

  test('are held against what counts here, in their default version only', () => {
    const mqtt = { document: document(to.account, 'iot:Connect'), isDefault: true }
    const place = to
    const told = planRecord({ ...policy, place, versions: [mqtt] }, settings)
    expect(told.findings.map(({ reason }) => reason).join()).toContain('no action')
    const old = planRecord(
      { ...policy, place, versions: [{ ...mqtt, isDefault: false }, ...policy.versions] },
      settings,
    )
    expect(old.findings.map(({ reason }) => reason).join()).not.toContain('no action')
  })
})

test.each([
  [alias.roleArn, 'keeps its role arn:aws:iam::123456789012:role/camera, which'],
  ['arn:aws:iam::111122223333:role/x', 'role/x, of account 111122223333, which'],
])('a role alias keeps role %s, which has to trust us', (roleArn, told) => {
  expect(planRecord({ ...alias, roleArn }, settings)).toEqual({
    record: { ...alias, roleArn },
    findings: [expect.objectContaining({ kind: 'differs', reason: expect.stringContaining(told) })],
  })
})

test('of a thing’s principals only certificates are carried over', () => {
  const own = { kind: 'certificate', name: 'c', exclusive: false } as const
  const other = { kind: 'other', name: 'eu:cognito', exclusive: false } as const
  const record = { kind: 'thing-principals', thing: 'a', principals: [own, other] } as const
  expect(planRecord(record, settings)).toEqual({
    record: { ...record, principals: [own] },
    findings: [expect.objectContaining({ kind: 'left-out', name: 'a' })],
  })
  expect(planRecord({ ...record, principals: [other] }, settings)).toEqual({
    findings: [expect.objectContaining({ kind: 'left-out' })],
  })
  expect(planRecord({ ...record, principals: [] }, settings)).toEqual({ findings: [] })
})
