import { describe, expect, test } from 'vitest'
import { mayDeny, policyLimits } from './policy-limits.ts'

const policy = (statement: unknown) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statement })

test.each([
  'iot:AssumeRoleWithCertificate',
  'IOT:assumerolewithcertificate',
  'iot:*',
  'iot:Assume?oleWithCertificate',
  '*',
  'execute-api:Invoke',
  'execute-api:*',
  ['iot:Connect', 'execute-*'],
])('nothing is said of a policy with action %j', (Action) => {
  expect(policyLimits(policy({ Action }))).toEqual([])
  expect(policyLimits(policy([{ Action: 's3:*' }, { Action }]))).toEqual([])
})

test('NotAction counts as everything', () => {
  expect(policyLimits(policy({ NotAction: 'iot:Connect' }))).toEqual([])
})

test.each(['iot:Connect', 'iot:AssumeRole', 'iot:Publish*', 's3:*', ['iot:Connect', 7]])(
  'a policy with action %j has no effect here',
  (Action) => {
    expect(policyLimits(policy({ Action }))).toEqual([expect.stringContaining('no action')])
  },
)

test.each(['${iot:ClientId}', '${IOT:CLIENTID}'])('%s has no value here', (Resource) => {
  const notes = policyLimits(policy({ Action: '*', Resource }))
  expect(notes).toEqual([expect.stringContaining('iot:ClientId')])
})

describe('a document may deny', () => {
  test.each([
    ['that denies', policy([{ Effect: 'Allow' }, { Effect: 'Deny' }]), true],
    ['that denies in one statement', policy({ Effect: 'Deny' }), true],
    ['whose effect is not known', policy({ Effect: 'allow' }), true],
    ['that cannot be read', '{', true],
    ['that only allows', policy([{ Effect: 'Allow' }]), false],
    ['without statement', '{}', false],
    ['that is none', '[]', false],
  ])('%s: %#', (_, document, expected) => {
    expect(mayDeny(document)).toBe(expected)
  })
})
