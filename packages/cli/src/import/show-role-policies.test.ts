import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pageOf } from './fleet-reader.ts'
import { type FleetRecord, keyOf } from './fleet-record.ts'
import type { RolePolicyCalls } from './iam-policies.ts'
import { showIamRolePolicies, showRolePolicyFiles } from './show-role-policies.ts'

let folder: string
let printed: { out: string; err: string }
const io = {
  out: (text: string) => {
    printed.out += text
  },
  err: (text: string) => {
    printed.err += text
  },
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  printed = { out: '', err: '' }
})
afterEach(() => rm(folder, { recursive: true }))

const policy = (resource: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Resource: resource }] })
const OLD = policy(`arn:aws:s3:::b/\${credentials-iot:ThingName}/*`)
const fileOf = async (text: string) => {
  const path = join(folder, 'policy.json')
  await writeFile(path, text)
  return path
}

test('a policy in a file is shown as it has to be', async () => {
  const path = await fileOf(OLD)
  expect(await showRolePolicyFiles([path], io)).toBe('all-readable')
  const [title, change, ...document] = printed.out.trimEnd().split('\n')
  expect(title).toBe(`${path}: 1 to rewrite`)
  expect(change).toContain(' -> arn:aws:s3:::b/${aws:PrincipalTag/credentials-iot:ThingName}/*')
  expect(JSON.parse(document.join('\n')).Statement).toEqual([
    { Resource: `arn:aws:s3:::b/\${aws:PrincipalTag/credentials-iot:ThingName}/*` },
  ])
})

test('one without such keys is told to stay', async () => {
  const path = await fileOf(policy('*'))
  expect(await showRolePolicyFiles([path], io)).toBe('all-readable')
  expect(printed.out).toBe(`${path}: names no credentials-iot key, stays as it is\n`)
})

test('one that cannot be rewritten says why', async () => {
  const path = await fileOf('{')
  expect(await showRolePolicyFiles([path], io)).toBe('some-unreadable')
  expect(printed.out).toContain('cannot be rewritten')
})

test('a file that is not there ends it', async () => {
  expect(await showRolePolicyFiles([join(folder, 'none'), await fileOf(OLD)], io)).toBe('no-file')
  expect(printed).toEqual({ out: '', err: expect.stringContaining('ENOENT') })
})

const aliases: readonly FleetRecord[] = ['a', 'b'].map((name) => ({
  kind: 'role-alias',
  name,
  roleArn: 'arn:aws:iam::111122223333:role/camera',
  durationSeconds: 900,
  tags: {},
}))
const readAliases = async function* () {
  yield pageOf(aliases.map((record) => ({ key: keyOf(record), record })))
}
const iam: RolePolicyCalls = {
  listInline: async () => ['inline'],
  readInline: async () => OLD,
  listManaged: async () => [],
  readManaged: async () => '',
}

test('a role that two aliases name is shown once', async () => {
  expect(await showIamRolePolicies(readAliases, iam, io)).toBe('all-readable')
  expect(printed.out.match(/role\/camera inline: 1 to rewrite/g)).toHaveLength(1)
})

test('roles that may not be read do not end the import', async () => {
  const listInline = async () => {
    throw Object.assign(new Error('no'), { name: 'AccessDenied' })
  }
  expect(await showIamRolePolicies(readAliases, { ...iam, listInline }, io)).toBe('some-unreadable')
  expect(printed.err).toContain('AccessDenied: no')
})
