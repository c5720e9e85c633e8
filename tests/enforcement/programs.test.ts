import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leftOut } from '../clients/available.ts'
import { findPrograms, INSTALL_COMMAND } from './programs.ts'

leftOut('enforcement by a real object gateway', 'it is a lane of its own, npm run test:enforcement')

const NAMES = [
  ...['monmaptool', 'ceph-authtool', 'ceph-mon', 'ceph-osd', 'ceph'],
  ...['radosgw', 'radosgw-admin'],
]
let folder: string
let empty: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thingpass-'))
  empty = await mkdtemp(join(tmpdir(), 'thingpass-'))
  for (const name of NAMES) await writeFile(join(folder, name), '', { mode: 0o755 })
})
afterAll(async () => {
  for (const each of [folder, empty]) await rm(each, { recursive: true })
})

test('finds the programs in whichever folder of the path they are', () => {
  const programs = Object.fromEntries(NAMES.map((name) => [name, join(folder, name)]))
  const path = ['', empty, folder].join(delimiter)
  expect(findPrograms(path)).toEqual({ complete: true, programs })
})

test('names each program that is missing or cannot be run', async () => {
  await rm(join(folder, 'radosgw'))
  await chmod(join(folder, 'ceph'), 0o644)
  expect(findPrograms(folder)).toEqual({ complete: false, missing: ['ceph', 'radosgw'] })
  expect(findPrograms('')).toEqual({ complete: false, missing: NAMES })
})

test('without the programs the lane says in one line what to install, and exits with 2', () => {
  const main = join(import.meta.dirname, 'enforcement.main.ts')
  const options = { env: { PATH: empty }, encoding: 'utf8' } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [main], options)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(INSTALL_COMMAND)])
  expect(stderr).toContain('missing: monmaptool, ')
})
