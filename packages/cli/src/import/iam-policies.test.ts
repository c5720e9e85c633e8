import { expect, test } from 'vitest'
import { type IamCalls, readRolePolicies } from './iam-policies.ts'

const ROLE = 'arn:aws:iam::111122223333:role/path/camera'
const OWN = 'arn:aws:iam::111122223333:policy/own'
const text = '{"Version":"2012-10-17"}'

/** IAM with one role, whose inline policies come on two pages. */
const iam: IamCalls = {
  send: async (operation, input) => {
    const asked = input as Readonly<Record<string, unknown>>
    switch (operation) {
      case 'ListRolePolicies':
        expect(asked.RoleName).toBe('camera')
        return asked.Marker === undefined
          ? { PolicyNames: ['a'], IsTruncated: true, Marker: 'm' }
          : { PolicyNames: ['b'], IsTruncated: false, Marker: 'm' }
      case 'GetRolePolicy':
        return { PolicyDocument: encodeURIComponent(`${asked.PolicyName}${text}`) }
      case 'ListAttachedRolePolicies':
        return {
          AttachedPolicies: [{ PolicyArn: OWN }, { PolicyArn: 'arn:aws:iam::aws:policy/Theirs' }],
        }
      case 'GetPolicy':
        return { Policy: { DefaultVersionId: 'v3' } }
      default:
        expect(asked).toEqual({ PolicyArn: OWN, VersionId: 'v3' })
        return { PolicyVersion: { Document: encodeURIComponent(text) } }
    }
  },
}

test('inline and own managed policies of a role are read', async () => {
  expect(await readRolePolicies(iam, [ROLE])).toEqual([
    { roleArn: ROLE, policy: 'a', document: `a${text}` },
    { roleArn: ROLE, policy: 'b', document: `b${text}` },
    { roleArn: ROLE, policy: OWN, document: text },
  ])
})

test('no roles, no calls', async () => {
  expect(await readRolePolicies(iam, [])).toEqual([])
})
