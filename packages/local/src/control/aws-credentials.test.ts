import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepAwsCredentials } from './aws-credentials.ts'

let directory = ''
const path = () => join(directory, 'aws-credentials')

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'thingpass-'))
})
afterEach(() => rm(directory, { recursive: true }))

test('keys are made for the administrator and each tenant, for the owner’s eyes only', async () => {
  const keys = await keepAwsCredentials(path(), ['acme', 'beta', 'acme'])
  expect(keys.map(({ profile }) => profile)).toEqual(['default', 'acme', 'beta'])
  for (const { accessKeyId, secretAccessKey } of keys) {
    expect(accessKeyId).toMatch(/^AKIALOCAL[A-Z2-7]{11}$/)
    expect(secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/)
  }
  expect(new Set(keys.flatMap((key) => [key.accessKeyId, key.secretAccessKey])).size).toBe(6)
  expect((await stat(path())).mode & 0o777).toBe(0o600)
})

test('the file is one that AWS’s tools read', async () => {
  const [key] = await keepAwsCredentials(path(), [])
  expect(await readFile(path(), 'utf8')).toBe(
    `[default]\naws_access_key_id = ${key?.accessKeyId}\naws_secret_access_key = ${key?.secretAccessKey}\n`,
  )
})

test('keys stay, and a new tenant gets one beside them', async () => {
  const first = await keepAwsCredentials(path(), ['acme'])
  const text = await readFile(path(), 'utf8')
  expect(await keepAwsCredentials(path(), ['acme'])).toEqual(first)
  expect(await readFile(path(), 'utf8')).toBe(text)
  const second = await keepAwsCredentials(path(), ['beta'])
  expect(second.slice(0, 2)).toEqual(first)
  expect(second.map(({ profile }) => profile)).toEqual(['default', 'acme', 'beta'])
  expect(await keepAwsCredentials(path(), [])).toEqual(second)
})

test('a file that anybody could read is closed again', async () => {
  const keys = await keepAwsCredentials(path(), ['acme'])
  await chmod(path(), 0o644)
  expect(await keepAwsCredentials(path(), ['acme'])).toEqual(keys)
  expect((await stat(path())).mode & 0o777).toBe(0o600)
})

const SECTION = '[default]\naws_access_key_id = A\naws_secret_access_key = B\n'

test.each([
  ['a setting before any profile', 'aws_access_key_id = A\n', 'line 1 is not of its form'],
  ['another setting', `${SECTION}region = us-east-1\n`, 'line 4 is not of its form'],
  ['a setting twice', `${SECTION}aws_access_key_id = C\n`, 'line 4 is not of its form'],
  ['an empty setting', '[default]\naws_access_key_id =\n', 'line 2 is not of its form'],
  ['half a profile', '[default]\naws_access_key_id = A\n', 'profile default is not whole'],
  ['a profile twice', SECTION + SECTION.replace('= A', '= C'), 'stands twice'],
  ['a key twice', SECTION + SECTION.replace('default', 'acme'), 'stands twice'],
])('a file with %s is not used, nor written over', async (_, text, problem) => {
  await writeFile(path(), text)
  await expect(keepAwsCredentials(path(), ['beta'])).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
    message: expect.stringContaining(problem),
  })
  expect(await readFile(path(), 'utf8')).toBe(text)
})

test('a file that cannot be read is not one that is not there', async () => {
  await expect(keepAwsCredentials(directory, [])).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
    message: `${directory} cannot be read`,
  })
})
