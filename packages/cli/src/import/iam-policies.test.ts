import { expect, test } from 'vitest'
import { type RolePolicyCalls, readRolePolicies } from './iam-policies.ts'

const ROLE = 'arn:aws:iam::111122223333:role/path/camera'
const OWN = 'arn:aws:iam::111122223333:policy/own'

const iam: RolePolicyCalls = {
  listInline: async (role) => [`${role}-1`, `${role}-2`],
  readInline: async (role, policy) => `inline ${role} ${policy}`,
  listManaged: async () => [OWN, 'arn:aws:iam::aws:policy/Theirs'],
  readManaged: async (arn) => `managed ${arn}`,
}

test('inline and own managed policies of a role are read', async () => {
  expect(await readRolePolicies(iam, [ROLE])).toEqual([
    { roleArn: ROLE, policy: 'camera-1', document: 'inline camera camera-1' },
    { roleArn: ROLE, policy: 'camera-2', document: 'inline camera camera-2' },
    { roleArn: ROLE, policy: OWN, document: `managed ${OWN}` },
  ])
})
