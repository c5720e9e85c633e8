import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localServerCa } from './local-server-ca.ts'

let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cli-'))
  await mkdir(join(dataDir, 'server'))
  await writeFile(join(dataDir, 'server', 'ca.pem'), 'the CA')
})
afterAll(() => rm(dataDir, { recursive: true }))

test('beside a local stack there is the CA of its endpoint', async () => {
  expect(await localServerCa({ dataDir }, {})()).toBe('the CA')
})

test('for a deployment there is none, whatever lies in the folder', async () => {
  const endpoint = 'https://abc.execute-api.eu-west-1.amazonaws.com/live'
  expect(await localServerCa({ dataDir, endpoint }, {})()).toBeUndefined()
})

test('without the folder, or with a line that is not understood, there is none', async () => {
  expect(await localServerCa({ dataDir: join(dataDir, 'none') }, {})()).toBeUndefined()
  expect(await localServerCa({ dataDir, endpoint: 'nowhere' }, {})()).toBeUndefined()
})
