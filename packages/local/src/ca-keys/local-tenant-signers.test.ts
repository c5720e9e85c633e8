import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseTenantId } from '@thingpass/core/names'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createLocalTenantSigners } from './local-tenant-signers.ts'

const acme = parseTenantId('acme')!
const beta = parseTenantId('beta')!
let directory: string
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'ca-keys-')), 'keys')
})
afterEach(() => rm(join(directory, '..'), { recursive: true }))

const open = (tenantId = acme) => createLocalTenantSigners(directory)(tenantId)
const fileOf = (tenant: string) => join(directory, `${tenant}.key`)

test('a key is made once, for the owner only, and stays', async () => {
  const first = await open()
  expect((await stat(fileOf('acme'))).mode & 0o777).toBe(0o600)
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
  const again = await open()
  expect(again.publicKey).toEqual(first.publicKey)
  expect(await readdir(directory)).toEqual(['acme.key'])
})

test('every tenant has its own', async () => {
  const [ofAcme, ofBeta] = [await open(), await open(beta)]
  expect(ofBeta.publicKey).not.toEqual(ofAcme.publicKey)
})

test('who opens it at the same time opens the same one, and nothing else is left', async () => {
  const signers = await Promise.all(Array.from({ length: 12 }, () => open()))
  const keys = signers.map(({ publicKey }) => Buffer.from(publicKey).toString('hex'))
  expect(new Set(keys).size).toBe(1)
  expect(await readdir(directory)).toEqual(['acme.key'])
})

test('what it signs, its public key verifies', async () => {
  const { publicKey, sign } = await open()
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })
  const data = Buffer.from('to be signed')
  expect(verify('sha256', data, key, await sign(data))).toBe(true)
  expect(key.asymmetricKeyDetails?.namedCurve).toBe('prime256v1')
})

const pemOf = (namedCurve: string) =>
  generateKeyPairSync('ec', { namedCurve })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()

test.each([
  ['is torn', 'is no P-256 key', async () => (await readFile(fileOf('acme'), 'utf8')).slice(0, 60)],
  ['is empty', 'is no P-256 key', async () => ''],
  ['is of another curve', 'is no P-256 key', async () => pemOf('P-384')],
])('a file that %s is not used, nor replaced', async (_, message, contentOf) => {
  await open()
  const content = await contentOf()
  await writeFile(fileOf('acme'), content)
  const fault = await open().catch((thrown: unknown) => thrown)
  expect(fault).toMatchObject({ code: 'CONFIGURATION_INVALID' })
  expect(String(fault)).toContain(message)
  expect(await readFile(fileOf('acme'), 'utf8')).toBe(content)
})

test.each([0o640, 0o604])('a file that others can read is not used: mode %o', async (mode) => {
  await open()
  await chmod(fileOf('acme'), mode)
  await expect(open()).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
    message: 'the file of the CA key of acme can be read by others',
  })
})

test('a folder that cannot be made is an error', async () => {
  await writeFile(directory, 'a file')
  await expect(open()).rejects.toMatchObject({ code: 'ENOTDIR' })
})
