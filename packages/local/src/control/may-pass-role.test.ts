import { parseRoleArn } from '@thingpass/core/names'
import { expect, test } from 'vitest'
import { parseRoles } from '../sts/roles-file.ts'
import { createMayPassRole } from './may-pass-role.ts'

const ROLE = parseRoleArn('arn:aws:iam::123456789012:role/devices/camera')!
const OTHER = parseRoleArn('arn:aws:iam::123456789012:role/devices/pump')!
const user = (name: string) => `arn:aws:iam::123456789012:user/${name}`

function rolesOf(passableBy?: readonly string[]) {
  const trustPolicy = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:role/thingpass-credentials' },
      Action: 'sts:AssumeRole',
    },
  }
  const parsed = parseRoles(JSON.stringify([{ arn: ROLE, trustPolicy, passableBy }]))
  if (!parsed.ok) throw new Error(parsed.problem)
  return () => parsed.value
}

test.each([
  ['who is named', [user('anna')], true],
  ['whom a pattern names', [user('bob'), user('a*')], true],
  ['who is not named', [user('bob')], false],
  ['whose name only begins alike', [user('ann')], false],
  ['whom an empty list leaves out', [], false],
  ['where nobody is named', undefined, false],
])('a role may be passed by %s: %j gives %s', async (_, passableBy, allowed) => {
  expect(await createMayPassRole(rolesOf(passableBy))(user('anna'), ROLE)).toBe(allowed)
})

test('a role that is not in the file may be passed by nobody', async () => {
  expect(await createMayPassRole(rolesOf(['*']))(user('anna'), OTHER)).toBe(false)
})

test('a file that cannot be read is a fault, not a yes or no', async () => {
  const mayPassRole = createMayPassRole(() => {
    throw new Error('unreadable')
  })
  await expect(mayPassRole(user('anna'), ROLE)).rejects.toThrow('unreadable')
})
