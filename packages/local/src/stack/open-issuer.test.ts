import { createCredentials } from '@thingpass/core/credentials'
import { parseRoleArn } from '@thingpass/core/names'
import type { IssueCredentials, SessionRequest } from '@thingpass/core/ports'
import { expect, test } from 'vitest'
import { parseCommandLine } from '../command-line.ts'
import { createClosing } from './closing.ts'
import { allowingRoles, openIssuer } from './open-issuer.ts'

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

test.each([
  [[], 1],
  [['--dynamodb', 'http://127.0.0.1:8000'], 0],
])(
  'real credentials behind the embedded engine are warned of, once: %j',
  async (more, warnings) => {
    const role = 'arn:aws:iam::123456789012:role/device-*'
    const parsed = parseCommandLine(['--sts', 'aws', '--allow-role', role, ...more])
    if (parsed.kind !== 'start') throw new Error('these flags do not start')
    const lines: string[] = []
    const closing = createClosing()
    const surroundings = {
      clock: () => new Date(),
      closing,
      log: (line: string) => lines.push(line),
    }
    await openIssuer(parsed.settings, '/nowhere', surroundings)
    await closing.close()
    expect(lines.filter((line) => line.startsWith('warning:'))).toHaveLength(warnings)
  },
)
