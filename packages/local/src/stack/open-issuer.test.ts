import { createCredentials } from '@thingpass/core/credentials'
import { parseRoleArn } from '@thingpass/core/names'
import type { IssueCredentials, SessionRequest } from '@thingpass/core/ports'
import { expect, test } from 'vitest'
import { allowingRoles } from './open-issuer.ts'

const REQUEST: SessionRequest = {
  roleArn: parseRoleArn('arn:aws:iam::123456789012:role/device-camera')!,
  sessionName: 'session',
  durationSeconds: 900,
  externalId: 'external',
  tags: [],
  transitiveTagKeys: [],
}
const issued = {
  issued: true,
  credentials: createCredentials({
    accessKeyId: 'ASIALOCALEXAMPLE',
    secretAccessKey: 'x',
    sessionToken: 'y',
    expiration: new Date('2030-01-01'),
  }),
} as const
const issue: IssueCredentials = async () => issued
const refused = { issued: false, reason: 'role-not-assumable' }

const rows: [sts: 'aws' | 'local', allowRoles: string[], outcome: unknown][] = [
  ['local', [], issued],
  ['aws', [], refused],
  ['aws', ['arn:aws:iam::123456789012:role/device-*'], issued],
  ['aws', ['arn:aws:iam::123456789012:role/x', REQUEST.roleArn], issued],
  ['aws', ['arn:aws:iam::123456789012:role/device'], refused],
  ['aws', ['arn:aws:iam::12345678901?:role/*'], issued],
  ['aws', ['arn:aws:iam::999999999999:role/*'], refused],
  ['local', ['arn:aws:iam::999999999999:role/*'], refused],
]
test.each(rows)('with --sts %s and --allow-role %j', async (sts, allowRoles, outcome) => {
  const lines: string[] = []
  const limited = allowingRoles({ sts, allowRoles }, issue, (line) => lines.push(line))
  expect(await limited(REQUEST, new Date())).toEqual(outcome)
  expect(lines).toHaveLength(outcome === issued ? 0 : 1)
})
