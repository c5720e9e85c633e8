import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepPrivateDirectory, readMemory, writeMemory } from './memory-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterEach(() => rm(folder, { recursive: true }))

const memory = {
  held: {
    ...{ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 's', sessionToken: 't' },
    expiration: new Date('2026-03-04T13:00:00Z'),
    receivedAt: new Date('2026-03-04T12:00:00.123Z'),
    refreshAt: new Date('2026-03-04T12:40:00.456Z'),
  },
  failure: {
    at: new Date('2026-03-04T12:45:00.123Z'),
    until: new Date('2026-03-04T12:46:00Z'),
    message: 'HTTP 503',
  },
}
const file = () => join(folder, 'memory.json')

describe('a memory', () => {
  test.each([[memory], [{ held: memory.held }], [{ failure: memory.failure }], [{}]])(
    'comes back as it was written: %j',
    async (written) => {
      await writeMemory(file(), written)
      expect(await readMemory(file())).toEqual(written)
    },
  )

  test('is for its owner alone', async () => {
    await writeMemory(file(), memory)
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  test('that others may read is not believed', async () => {
    await writeMemory(file(), memory)
    await chmod(file(), 0o640)
    expect(await readMemory(file())).toEqual({})
  })

  test('behind a link is not believed', async () => {
    await writeMemory(join(folder, 'other'), memory)
    await symlink(join(folder, 'other'), file())
    expect(await readMemory(file())).toEqual({})
  })

  test('of a size that none has is not read', async () => {
    await writeMemory(file(), memory)
    const text = await readFile(file(), 'utf8')
    await writeFile(file(), text + ' '.repeat(16_384))
    expect(await readMemory(file())).toEqual({})
  })

  test.each([
    [(text: string) => text.slice(1)],
    [() => ''],
    [() => 'null'],
    [(text: string) => text.replace('"format":1', '"format":2')],
    [(text: string) => text.replace('"accessKeyId"', '"a"').replace('"at"', '"b"')],
    [(text: string) => text.replace('"receivedAt"', '"a"').replace('"until"', '"b"')],
    [(text: string) => text.replace('"refreshAt":"', '"refreshAt":"x').replace('"message"', '"b"')],
  ])('that is damaged is none: %s', async (damage) => {
    await writeMemory(file(), memory)
    await writeFile(file(), damage(await readFile(file(), 'utf8')))
    expect(await readMemory(file())).toEqual({})
  })

  test('that is not there is none', async () => {
    expect(await readMemory(file())).toEqual({})
    await mkdir(file(), { mode: 0o700 })
    expect(await readMemory(file())).toEqual({})
  })
})

describe('the directory', () => {
  test('is made for its owner alone', async () => {
    const path = join(folder, 'a', 'b')
    expect(await keepPrivateDirectory(path)).toBeUndefined()
    expect((await stat(path)).mode & 0o777).toBe(0o700)
    expect(await keepPrivateDirectory(path)).toBeUndefined()
  })

  test.each([0o710, 0o701, 0o750, 0o777])('with mode %o is refused', async (mode) => {
    await chmod(folder, mode)
    expect(await keepPrivateDirectory(folder)).toEqual({
      problem: expect.stringContaining('chmod 700'),
    })
  })

  test('that cannot be made is named with the way out', async () => {
    await writeFile(file(), '')
    expect(await keepPrivateDirectory(join(file(), 'a'))).toEqual({
      problem: `${join(file(), 'a')} cannot be made (ENOTDIR); name another with --cache-dir`,
    })
  })
})
