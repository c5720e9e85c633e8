import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { environmentFor, installTools } from './install-tools.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'load-tools-'))
  await writeFile(join(folder, 'package-lock.json'), 'lock')
  await mkdir(join(folder, 'node_modules'))
})
afterEach(() => rm(folder, { recursive: true }))

const STAMP = createHash('sha256').update('lock').digest('hex')
// No program of any name is there: whoever tries to install fails.
const NO_PROGRAMS = { PATH: '' }

test('tools that were installed from this lockfile are not installed again', async () => {
  await writeFile(join(folder, 'node_modules/.installed-from'), STAMP)
  const said: string[] = []
  await installTools(folder, NO_PROGRAMS, (line) => said.push(line))
  expect(said).toEqual([])
})

test.each([undefined, 'another'])('tools of %s lockfile are', async (stamp) => {
  if (stamp !== undefined) await writeFile(join(folder, 'node_modules/.installed-from'), stamp)
  const said: string[] = []
  await expect(installTools(folder, NO_PROGRAMS, (line) => said.push(line))).rejects.toThrow()
  expect(said).toHaveLength(1)
})

test('npm hears nothing of the package that npm runs for, and is still told of registry and proxy', () => {
  const environment = environmentFor({
    ...{ PATH: '/bin', npm_package_name: 'thingpass', npm_lifecycle_event: 'load' },
    ...{ npm_config_local_prefix: '/elsewhere', npm_config_prefix: '/usr', npm_command: 'run' },
    ...{ npm_config_registry: 'https://registry.example', HTTPS_PROXY: 'http://proxy.example' },
  })
  expect(environment).toEqual({
    ...{ PATH: '/bin', PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
    ...{ npm_config_registry: 'https://registry.example', HTTPS_PROXY: 'http://proxy.example' },
  })
})

type Lockfile = {
  readonly packages: Readonly<
    Record<string, { readonly resolved?: string; readonly hasInstallScript?: boolean }>
  >
}

test('the lockfile names no registry, so that npm ci works from any', async () => {
  const text = await readFile(join(import.meta.dirname, 'package-lock.json'), 'utf8')
  const { packages }: Lockfile = JSON.parse(text)
  expect(Object.keys(packages).length).toBeGreaterThan(100)
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
  const npmrc = await readFile(join(import.meta.dirname, '.npmrc'), 'utf8')
  expect(npmrc).toContain('ignore-scripts=true')
  expect(npmrc).toContain('omit-lockfile-registry-resolved=true')
})
