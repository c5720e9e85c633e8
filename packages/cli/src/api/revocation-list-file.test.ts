import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { revocationListFile } from './revocation-list-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

const neverAsked = async () => {
  throw new Error('the registry is not asked')
}
async function read(content: string | Uint8Array) {
  const path = join(folder, 'ca.crl')
  await writeFile(path, content)
  return revocationListFile.read(path, neverAsked)
}

test('a list in PEM is sent as it is', async () => {
  const pem = '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n'
  expect(await read(pem)).toEqual({ value: pem })
})

test('a list in DER is sent as base64', async () => {
  expect(await read(Uint8Array.of(0x30, 0x80, 0xff))).toEqual({ value: 'MID/' })
})

test('what is neither is sent for the control plane to refuse', async () => {
  expect(await read('')).toEqual({ value: '' })
})

test('a file that is not there is a problem that names it', async () => {
  expect(await revocationListFile.read(join(folder, 'none'), neverAsked)).toEqual({
    problem: `${join(folder, 'none')} cannot be read (ENOENT)`,
  })
})
