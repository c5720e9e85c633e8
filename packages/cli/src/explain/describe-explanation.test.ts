import type { Explanation } from '@thingpass/control/explanation'
import { expect, test } from 'vitest'
import { describeExplanation } from './describe-explanation.ts'

const denied = {
  certificateId: 'c1',
  thingName: 'cam-1',
  roleAlias: 'camera',
  assumed: { hostName: 'h', sourceIp: '192.0.2.7', time: '2026-03-04T05:06:07.000Z' },
  decision: 'deny',
  reason: 'policy-does-not-allow',
  answer: { status: 403, message: 'Access Denied' },
  steps: [
    { step: 'certificate', passed: true },
    { step: 'policy', passed: false },
  ],
  policies: [{ policyName: 'devices', versionId: '2', generationId: 'g' }],
  statements: [
    {
      ...{ policy: 'devices', statement: 0, effect: 'Allow', matched: false },
      mismatch: { on: 'action', element: 'Action', patterns: ['iot:Connect'] },
    },
  ],
} as unknown as Explanation

test('a refusal is told with reason, guide, steps and statements', () => {
  expect(describeExplanation(denied)).toBe(`deny  HTTP 403  Access Denied
certificate c1
thing       cam-1
role alias  camera
assumed     from 192.0.2.7, to h, at 2026-03-04T05:06:07.000Z
why         policy-does-not-allow
            No Allow statement matches iot:AssumeRoleWithCertificate on the role alias or, for a guarded API, execute-api:Invoke on its route.
steps       certificate ok, policy refuses
policies    devices (version 2)
  - devices, statement 0, Allow: Action iot:Connect is not it
`)
})

const session = {
  roleArn: 'arn:aws:iam::123456789012:role/x',
  sessionName: 'c1',
  duration: { askedSeconds: 7200, givenSeconds: 3600, clampedBy: ['issuer-limit'] },
  tags: [
    { key: 'thingpass:TenantId', value: 'default' },
    { key: 'site', value: 'berlin' },
  ],
  transitiveTagKeys: ['site'],
  sourceIdentity: 'c1',
  sessionPolicies: [{ policyName: 'own-prefix', versionId: '1', generationId: 'g' }],
  policy: '{"Version":"2012-10-17","Statement":[]}',
  dropped: ['statement 1, Resource 0'],
  sizes: [
    { of: 'session-policy-characters', used: 39, most: 2048 },
    { of: 'session-tags', used: 2, most: 50 },
  ],
}
const { reason, thingName, ...rest } = denied
const allowed = {
  ...rest,
  ...{ decision: 'allow', answer: { status: 200 }, statements: [], policies: [], session },
} as unknown as Explanation

test('a grant is told with all that STS would be asked for', () => {
  expect(describeExplanation(allowed)).toBe(`allow  HTTP 200
certificate c1
role alias  camera
assumed     from 192.0.2.7, to h, at 2026-03-04T05:06:07.000Z
steps       certificate ok, policy refuses
role        arn:aws:iam::123456789012:role/x
session     c1
identity    c1
duration    3600 s of 7200 s asked, shortened by issuer-limit
tags        thingpass:TenantId = default
            site = berlin  (transitive)
sizes       39 of 2048 session policy characters
            2 of 50 session tags
scoped by   own-prefix (version 1)
left out    statement 1, Resource 0
policy      as STS would get it
  {
    "Version": "2012-10-17",
    "Statement": []
  }
`)
})

test('a session without policy says that its role is the only limit', () => {
  const { policy, sourceIdentity, ...unscoped } = session
  const duration = { askedSeconds: 900, givenSeconds: 900, clampedBy: [] }
  const told = describeExplanation({
    ...allowed,
    session: { ...unscoped, duration, dropped: [] } as never,
  })
  expect(told).toContain('policy      none: the session may do what its role may\n')
  expect(told).toContain('duration    900 s of 900 s asked\n')
  expect(told).not.toContain('identity')
})

test('a reason of a newer control plane, and a detail, are told as they are', () => {
  const told = describeExplanation({ ...denied, reason: 'new' as never, detail: 'place' })
  expect(told).toContain('why         new\ndetail      place\nsteps')
})
