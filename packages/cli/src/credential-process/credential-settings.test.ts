import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CredentialOptions, readCredentialSettings } from './credential-settings.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  for (const name of ['cert', 'cert2', 'key', 'ca']) await writeFile(join(folder, name), name)
})
afterAll(() => rm(folder, { recursive: true }))

const read = async (changed: Partial<CredentialOptions> = {}, environment = {}) => {
  const paths = { cert: join(folder, 'cert'), key: join(folder, 'key') }
  const options = { endpoint: 'h:1', roleAlias: 'camera', ...paths, ...changed }
  const settings = await readCredentialSettings(options, environment)
  if ('problem' in settings) throw new Error(settings.problem)
  return settings
}

test('options and files become a source', async () => {
  const { source } = await read({ thing: 'cam-1', ca: join(folder, 'ca') })
  expect(source).toEqual({
    origin: { protocol: 'https:', hostname: 'h', port: 1 },
    ...{ roleAlias: 'camera', thingName: 'cam-1' },
    tls: { cert: 'cert', key: 'key', ca: 'ca' },
  })
  expect((await read()).source).toMatchObject({ tls: { cert: 'cert', key: 'key' } })
})

test('whatever changes who asks for what changes the memory', async () => {
  const paths = await Promise.all(
    [
      {},
      { endpoint: 'h:2' },
      { endpoint: 'i:1' },
      { roleAlias: 'other' },
      { thing: 'cam-1' },
      { cert: join(folder, 'cert2') },
    ].map(async (changed) => (await read(changed)).cachePath),
  )
  expect(new Set(paths).size).toBe(paths.length)
  expect((await read()).cachePath).toBe(paths[0])
})

test.each([
  [{ cacheDir: '/own' }, { XDG_CACHE_HOME: '/x' }, '/own'],
  [{}, { XDG_CACHE_HOME: '/x' }, '/x/thingpass'],
  [{}, { XDG_CACHE_HOME: 'x' }, join(homedir(), '.cache', 'thingpass')],
  [{}, {}, join(homedir(), '.cache', 'thingpass')],
])('with %j and %j it is kept in %s', async (changed, environment, cacheDir) => {
  const settings = await read(changed, environment)
  expect(settings.cacheDir).toBe(cacheDir)
  expect(settings.cachePath.startsWith(`${cacheDir}/`)).toBe(true)
})

test.each([
  [{ endpoint: 'https://h' }, '--endpoint'],
  [{ roleAlias: 'a/b' }, '--role-alias'],
  [{ thing: 'a b' }, '--thing'],
  [{ thing: '' }, '--thing'],
  [{ cert: '/none' }, '/none cannot be read'],
  [{ key: '/none' }, '/none cannot be read'],
  [{ ca: '/none' }, '/none cannot be read'],
])('%j is a problem', async (changed, problem) => {
  await expect(read(changed)).rejects.toThrow(problem)
})
