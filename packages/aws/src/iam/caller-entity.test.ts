import { expect, test } from 'vitest'
import { readCallerEntity } from './caller-entity.ts'

const accountId = '123456789012'

test.each([
  'arn:aws:iam::123456789012:user/anna',
  'arn:aws:iam::123456789012:user/division_abc/sub/anna@example.com',
  'arn:aws-cn:iam::123456789012:user/anna',
])('%s is a user', (arn) => {
  expect(readCallerEntity(arn)).toEqual({ kind: 'user', accountId, arn })
})

test.each([
  ['arn:aws:sts::123456789012:assumed-role/operators/anna', 'operators'],
  [
    'arn:aws-us-gov:sts::123456789012:assumed-role/AWSReservedSSO_Ops_0123abcd/anna@example.com',
    'AWSReservedSSO_Ops_0123abcd',
  ],
])('%s is a session of a role', (arn, roleName) => {
  expect(readCallerEntity(arn)).toEqual({ kind: 'role-session', accountId, roleName })
})

test.each([
  ['the root of an account', 'arn:aws:iam::123456789012:root'],
  ['a federated user', 'arn:aws:sts::123456789012:federated-user/anna'],
  ['a role', 'arn:aws:iam::123456789012:role/operators'],
  ['a user without a name', 'arn:aws:iam::123456789012:user/'],
  ['a session without a name', 'arn:aws:sts::123456789012:assumed-role/operators'],
  ['a session in a path', 'arn:aws:sts::123456789012:assumed-role/path/operators/anna'],
  ['a user of STS', 'arn:aws:sts::123456789012:user/anna'],
  ['a session of IAM', 'arn:aws:iam::123456789012:assumed-role/operators/anna'],
  ['an account of eleven digits', 'arn:aws:iam::12345678901:user/anna'],
  ['text around an ARN', 'x arn:aws:iam::123456789012:user/anna'],
  ['a line behind an ARN', 'arn:aws:iam::123456789012:user/anna\n'],
  ['nothing', ''],
])('%s cannot be simulated', (_, arn) => {
  expect(readCallerEntity(arn)).toBeUndefined()
})
