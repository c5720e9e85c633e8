import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessKeysFor, usualAccessKeys } from './target-credentials.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

const localKeys = async (text: string) => {
  await writeFile(join(folder, 'aws-credentials'), text)
  return accessKeysFor({ localDataDir: folder }, { AWS_PROFILE: '' })()
}

test('a local target is signed for with the keys of its administrator', async () => {
  const text = `[acme]
aws_access_key_id = AKIAACME
aws_secret_access_key = secret-of-acme
[default]
aws_access_key_id=AKIADEFAULT
 aws_secret_access_key = secret=/+
[beta]
aws_access_key_id = AKIABETA
`
  expect(await localKeys(text)).toEqual({
    accessKeyId: 'AKIADEFAULT',
    secretAccessKey: 'secret=/+',
  })
})

test.each([
  ['[default]\naws_access_key_id = AKIADEFAULT\n[acme]\naws_secret_access_key = s\n'],
  ['aws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n'],
  ['[default]\naws_secret_access_key = s\n'],
])('without a whole profile there are none, and the secret is not told: %j', async (text) => {
  const found = await localKeys(text)
  expect(found).toEqual({
    problem: `${join(folder, 'aws-credentials')} has no whole profile [default]`,
  })
})

test('where no local stack has been, that is what is said', async () => {
  const find = accessKeysFor({ localDataDir: join(folder, 'none') }, {})
  expect(await find()).toEqual({ problem: expect.stringContaining('npm start') })
})

test('what the usual chain gives is taken, anew for each request', async () => {
  let asked = 0
  const find = usualAccessKeys(async () => {
    asked += 1
    return { accessKeyId: `A${asked}`, secretAccessKey: 's' }
  })
  await find()
  expect(await find()).toEqual({ accessKeyId: 'A2', secretAccessKey: 's' })
})

test('what the usual chain fails with is not told', async () => {
  const find = usualAccessKeys(() => Promise.reject(new Error('secret')))
  expect(JSON.stringify(await find())).toMatch(/no AWS credentials were found/)
  expect(JSON.stringify(await find())).not.toContain('secret"')
})

test.each([
  ['a variable of AWS', { localDataDir: '/nonexistent' }, { AWS_PROFILE: 'none' }],
  ['a deployment', {}, {}],
])('for %s the usual chain is asked, not a local stack', async (_, target, environment) => {
  const find = accessKeysFor(target, environment, async () => ({
    accessKeyId: 'USUAL',
    secretAccessKey: 's',
  }))
  expect(await find()).toMatchObject({ accessKeyId: 'USUAL' })
})
