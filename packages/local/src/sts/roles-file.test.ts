import { mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRolesFile, parseRoles, type RoleEntry, writeRolesFile } from './roles-file.ts'
import { BROKER_ARN, CAMERA, CAMERA_ARN, trust } from './testing/sts-under-test.ts'

const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
}
const FULL: RoleEntry = {
  ...CAMERA,
  maxSessionDuration: 43_200,
  policies: [POLICY],
  passableBy: ['arn:aws:iam::123456789012:user/*', '*'],
}

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roles-'))
  path = join(folder, 'roles.json')
})
afterEach(() => rm(folder, { recursive: true }))

test('reads back what it wrote, in a file for the owner only', async () => {
  await writeRolesFile(path, [FULL])
  const [role] = openRolesFile(path)()
  expect(role).toMatchObject({
    arn: CAMERA_ARN,
    maxSessionSeconds: 43_200,
    passableBy: FULL.passableBy,
  })
  expect(role?.trust).toHaveLength(1)
  expect(role?.policies).toHaveLength(1)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('holds a role without settings to an hour, without policies, passable by nobody', () => {
  const parsed = parseRoles(JSON.stringify([{ arn: CAMERA_ARN, trustPolicy: CAMERA.trustPolicy }]))
  expect(parsed).toMatchObject({
    ok: true,
    value: [{ maxSessionSeconds: 3600, policies: [], passableBy: [] }],
  })
})

test('writes no file that it could not read', async () => {
  await writeRolesFile(path, [FULL])
  await expect(writeRolesFile(path, [FULL, FULL])).rejects.toThrow('two roles have the same name')
  expect(openRolesFile(path)()).toHaveLength(1)
})

test('reads a file again when it has changed, and only then', async () => {
  await writeRolesFile(path, [FULL])
  const read = openRolesFile(path)
  const first = read()
  expect(read()).toBe(first)
  await writeRolesFile(path, [FULL, { ...FULL, arn: `${CAMERA_ARN}-2` }])
  expect(read()).toHaveLength(2)
})

test('sees a change that keeps the size', async () => {
  await writeRolesFile(path, [FULL])
  const read = openRolesFile(path)
  read()
  const next = join(folder, 'next.json')
  await writeRolesFile(next, [{ ...FULL, arn: CAMERA_ARN.replace('camera', 'kamera') }])
  await rename(next, path)
  expect(read()[0]?.arn).toContain('kamera')
})

test('sees a change in place that keeps the size', async () => {
  await writeRolesFile(path, [FULL])
  const read = openRolesFile(path)
  read()
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replaceAll('camera', 'kamera'))
  await utimes(path, 1, 1.001)
  expect(read()[0]?.arn).toContain('kamera')
})

test('uses no roles of before while the file is broken, and the new ones when it is mended', async () => {
  await writeRolesFile(path, [FULL])
  const read = openRolesFile(path)
  read()
  await writeFile(path, '[\n{"arn": 1,}]')
  expect(read).toThrow(/^roles file .*roles\.json: line 2, column \d+: /)
  expect(read).toThrow('roles file')
  await writeRolesFile(path, [FULL])
  expect(read()).toHaveLength(1)
})

test('has no roles while there is no file', async () => {
  const read = openRolesFile(path)
  expect(read).toThrow('cannot be opened')
  await writeRolesFile(path, [FULL])
  expect(read()).toHaveLength(1)
  await rm(path)
  expect(read).toThrow('cannot be opened')
})

test('is a fault of the configuration, not of a caller', () => {
  expect(openRolesFile(path)).toThrow(expect.objectContaining({ code: 'CONFIGURATION_INVALID' }))
})

test('has no roles where the file is a folder', () => {
  expect(openRolesFile(folder)).toThrow('cannot be read')
})

const entry = (changed: object) => JSON.stringify([{ ...FULL, ...changed }])
const inTrust = (changed: object) => entry({ trustPolicy: trust({ AWS: BROKER_ARN }, changed) })
const principal = (value: unknown) => entry({ trustPolicy: trust(value) })

const refused: [string, string, string][] = [
  ['no JSON', '[', 'line 1'],
  ['a key twice', '[{"arn":"a","arn":"b"}]', 'stands twice'],
  ['no array', '{}', 'must be an array'],
  ['a role that is a text', '["camera"]', 'role 1: must be an object'],
  ['an unknown key', entry({ passable: [] }), 'role 1: has the unknown key "passable"'],
  ['no ARN', entry({ arn: undefined }), 'arn must be'],
  ['the ARN of a user', entry({ arn: 'arn:aws:iam::123456789012:user/ann' }), 'arn must be'],
  ['a short maximum', entry({ maxSessionDuration: 3599 }), 'maxSessionDuration'],
  ['a long maximum', entry({ maxSessionDuration: 43_201 }), 'maxSessionDuration'],
  ['half a second', entry({ maxSessionDuration: 3600.5 }), 'maxSessionDuration'],
  ['a maximum in quotes', entry({ maxSessionDuration: '3600' }), 'maxSessionDuration'],
  ['one pattern without brackets', entry({ passableBy: '*' }), 'passableBy'],
  ['a pattern that is no ARN', entry({ passableBy: ['ann'] }), 'passableBy'],
  ['a pattern with a space', entry({ passableBy: ['arn:aws:iam::1:user/a b'] }), 'passableBy'],
  ['a pattern with text before', entry({ passableBy: ['x arn:aws:x'] }), 'passableBy'],
  ['a pattern that is no text', entry({ passableBy: [1] }), 'passableBy'],
  ['one policy without brackets', entry({ policies: POLICY }), 'policies must be an array'],
  ['an unreadable policy', entry({ policies: [POLICY, {}] }), 'policies, document 2'],
  ['no trust policy', entry({ trustPolicy: undefined }), 'trustPolicy: a trust policy must be'],
  ['a trust policy in quotes', entry({ trustPolicy: '{}' }), 'a trust policy must be an object'],
  ['no statement', entry({ trustPolicy: { Version: '2012-10-17' } }), 'needs a Statement'],
  ['an empty list of statements', entry({ trustPolicy: { Statement: [] } }), 'needs a Statement'],
  ['a statement in quotes', entry({ trustPolicy: { Statement: ['x'] } }), 'must be an object'],
  ['an unknown element', entry({ trustPolicy: { ...CAMERA.trustPolicy, Name: 'x' } }), '"Name"'],
  ['a resource', inTrust({ Resource: '*' }), 'no element "Resource"'],
  ['an excluded principal', inTrust({ NotPrincipal: '*' }), 'no element "NotPrincipal"'],
  ['another effect', inTrust({ Effect: 'Permit' }), 'Effect'],
  ['another version', entry({ trustPolicy: { ...CAMERA.trustPolicy, Version: '1' } }), 'Version'],
  ['an unknown operator', inTrust({ Condition: { Equals: { a: 'b' } } }), 'Statement[0]: '],
  ['no principal', principal(undefined), 'must have a Principal'],
  ['an empty principal', principal({}), 'must have a Principal'],
  ['a principal that is a name', principal('ann'), 'must have a Principal'],
  ['a principal of another kind', principal({ Aws: '*' }), 'of kind AWS'],
  ['a principal that is no text', principal({ AWS: 1 }), 'must be a string'],
  ['a principal with a star', principal({ AWS: `${BROKER_ARN}*` }), 'without wildcards'],
  ['a principal with a question mark', principal({ AWS: `${BROKER_ARN}?` }), 'without wildcards'],
  ['a principal that is a long account', principal({ AWS: '1234567890123' }), 'an account'],
  ['a principal with text before', principal({ AWS: `x${BROKER_ARN}` }), 'an account'],
  ['a root with text before', principal({ AWS: 'xarn:aws:iam::123456789012:root' }), 'an account'],
  ['an account with text before', principal({ AWS: 'x123456789012' }), 'an account'],
  ['a principal that is a short account', principal({ AWS: '12345678901' }), 'an account'],
]

test.each(refused)('refuses a file with %s', (_, text, words) => {
  const parsed = parseRoles(text)
  expect(parsed).toMatchObject({ ok: false })
  expect(parsed.ok ? '' : parsed.problem).toContain(words)
})

const elsewhere = (arn: string) => JSON.stringify([FULL, { ...FULL, arn }])

test.each([
  ['under another path', CAMERA_ARN.replace('fleet', 'other')],
  ['in other letter case', CAMERA_ARN.replace('camera', 'Camera')],
])('refuses a second role of the same name %s', (_, arn) => {
  expect(parseRoles(elsewhere(arn))).toMatchObject({ problem: 'two roles have the same name' })
})

test('accepts a role of the same name in another account', () => {
  const arn = CAMERA_ARN.replace('123456789012', '210987654321')
  expect(parseRoles(elsewhere(arn))).toMatchObject({ ok: true })
})

test('names the statement that it refuses', () => {
  const [statement] = (CAMERA.trustPolicy as { Statement: object[] }).Statement
  const Statement = [statement, { ...statement, Effect: 'Permit' }]
  const parsed = parseRoles(entry({ trustPolicy: { Version: '2012-10-17', Statement } }))
  expect(parsed.ok ? '' : parsed.problem).toMatch(/^role 1: trustPolicy: Statement\[1\]: Effect/)
})

test('accepts statements with a Sid, and with NotAction in the place of Action', () => {
  const changed = { Sid: 'Broker', Action: undefined, NotAction: 'sts:GetFederationToken' }
  expect(parseRoles(inTrust(changed))).toMatchObject({ ok: true })
})

test.each([3600, 43_200])('accepts a maximum of %d s', (maxSessionDuration) => {
  expect(parseRoles(entry({ maxSessionDuration }))).toMatchObject({ ok: true })
})
