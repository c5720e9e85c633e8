import type { AuditRecord } from '@thingpass/core/audit-record'
import { describe, expect, test } from 'vitest'
import { describeRecord } from './describe-record.ts'
import { describeStatement } from './describe-statement.ts'

const record: AuditRecord = {
  kind: 'credentials',
  time: '2026-03-04T05:06:07.000Z',
  requestId: 'r-1',
  decision: 'deny',
  reason: 'policy-does-not-allow',
  status: 403,
  tenantId: 'acme',
  thingName: 'cam-1',
  roleAlias: 'camera',
  certificateId: 'c1',
  sourceIp: '192.0.2.7',
  hostName: 'devices.example.com',
  policies: [{ policyName: 'devices' as never, versionId: '2', generationId: 'g' }],
  statements: [{ policy: 'devices', statement: 0, effect: 'Allow', matched: true }],
  timings: { total: 1 },
}

test('a refusal is told with who, what, why and what to do', () => {
  expect(describeRecord(record)).toBe(`2026-03-04T05:06:07.000Z  deny  HTTP 403
tenant      acme
thing       cam-1
role alias  camera
certificate c1
from        192.0.2.7
host        devices.example.com
policies    devices (version 2)
why         policy-does-not-allow
            No Allow statement matches iot:AssumeRoleWithCertificate on the role alias or, for a guarded API, execute-api:Invoke on its route.
  - devices, statement 0, Allow: matches
`)
})

test('a grant is told with role, key id and duration', () => {
  const { reason, statements, policies, ...rest } = record
  const granted = {
    ...rest,
    decision: 'allow',
    status: 200,
    roleArn: 'arn:aws:iam::123456789012:role/x',
    accessKeyId: 'ASIAEXAMPLE',
    durationAskedSeconds: 7200,
    durationGivenSeconds: 3600,
    durationClampedBy: ['issuer-limit'],
  } as const
  const told = describeRecord(granted)
  expect(told).toContain('role        arn:aws:iam::123456789012:role/x\naccess key  ASIAEXAMPLE\n')
  expect(told).toContain('duration    3600 s of 7200 s asked, shortened by issuer-limit\n')
  expect(told).not.toContain('why')
})

test('a fault and a detail are told too', () => {
  const { reason, ...rest } = record
  const told = describeRecord({ ...rest, decision: 'fault', fault: 'STS_THROTTLED', detail: 'x' })
  expect(told).toContain('why         STS_THROTTLED\n            STS throttled')
  expect(told).toContain('detail      x\n')
})

describe('a statement that does not match says why', () => {
  const unmatched = (mismatch: object) =>
    describeStatement({
      statement: 1,
      sid: 'Own',
      effect: 'Allow',
      matched: false,
      mismatch,
    } as never)

  test.each([
    [
      { on: 'action', element: 'Action', patterns: ['iot:Connect'] },
      'Action iot:Connect is not it',
    ],
    [{ on: 'action', element: 'NotAction', patterns: ['a', 'b'] }, 'NotAction a, b leaves it out'],
    [
      { on: 'resource', element: 'Resource', patterns: ['p'], unsetVariables: ['v'] },
      'Resource p is not it (not set: v)',
    ],
    [
      {
        on: 'condition',
        conditions: [
          {
            operator: 'StringEquals',
            key: 'k',
            values: ['v'],
            why: 'key-missing',
            unsetVariables: [],
          },
          {
            operator: 'Bool',
            key: 'l',
            values: ['true'],
            why: 'value-differs',
            unsetVariables: ['u'],
          },
        ],
      },
      "StringEquals k v: the request has no such key; Bool l true: the request's value differs (not set: u)",
    ],
    [
      {
        on: 'condition',
        conditions: [
          {
            operator: 'StringEquals',
            key: 'k',
            values: ['v'],
            why: 'several-values-without-set-operator',
            unsetVariables: [],
          },
        ],
      },
      'StringEquals k v: the key has several values, which needs ForAnyValue or ForAllValues',
    ],
  ])('%j', (mismatch, told) => {
    expect(unmatched(mismatch)).toBe(`policy, statement 1 (Own), Allow: ${told}`)
  })
})
