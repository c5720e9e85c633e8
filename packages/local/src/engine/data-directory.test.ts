import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { MARKER_FILE, openDataDirectory } from './data-directory.ts'

let parent: string
let path: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'data-directory-'))
  path = join(parent, 'a', 'b')
})
afterEach(() => rm(parent, { recursive: true }))

const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: 'CONFIGURATION_INVALID',
    message: expect.stringMatching(message),
  })

test('makes a directory that only the owner can open, and marks it', async () => {
  const directory = await openDataDirectory(path, false)
  expect((await stat(path)).mode & 0o777).toBe(0o700)
  expect(await readdir(directory.path)).toEqual([MARKER_FILE])
  await directory.release()
})

test('takes an empty directory, and closes it to others', async () => {
  await mkdir(path, { recursive: true, mode: 0o755 })
  await (await openDataDirectory(path, false)).release()
  expect((await stat(path)).mode & 0o777).toBe(0o700)
})

test.each([false, true])('refuses a directory of somebody else (reset: %s)', async (reset) => {
  await mkdir(path, { recursive: true })
  await writeFile(join(path, 'audit.jsonl'), 'precious')
  await expect(openDataDirectory(path, reset)).rejects.toEqual(refusal(/neither empty nor/))
  expect(await readdir(path)).toEqual(['audit.jsonl'])
})

test('reset deletes what a stack made, and nothing else', async () => {
  await (await openDataDirectory(path, false)).release()
  const own = ['registry.db', 'registry.db-journal', 'registry.db-wal', 'registry.db-shm']
  for (const name of [...own, 'audit.jsonl', 'roles.json', 'aws-credentials', 'my-notes.txt']) {
    await writeFile(join(path, name), 'x')
  }
  for (const name of ['server', 'cas', 'devices']) {
    await mkdir(join(path, name, 'deep'), { recursive: true })
  }
  await (await openDataDirectory(path, true)).release()
  expect(await readdir(path)).toEqual([MARKER_FILE, 'my-notes.txt'])
})

test('without reset everything stays', async () => {
  await (await openDataDirectory(path, false)).release()
  await writeFile(join(path, 'registry.db'), 'x')
  await (await openDataDirectory(path, false)).release()
  expect(await readdir(path)).toEqual([MARKER_FILE, 'registry.db'])
})

test('is for one stack at a time, whatever name it goes by', async () => {
  const first = await openDataDirectory(path, false)
  await writeFile(join(path, 'registry.db'), 'x')
  await symlink(path, join(parent, 'other-name'))
  await expect(openDataDirectory(join(parent, 'other-name'), true)).rejects.toEqual(
    refusal(/another stack is running in /),
  )
  expect(await readdir(path)).toContain('registry.db')
  await first.release()
  await (await openDataDirectory(path, false)).release()
})

const unwritable: Record<string, () => Promise<string>> = {
  'below a file': async () => {
    await writeFile(join(parent, 'file'), '')
    return join(parent, 'file', 'data')
  },
  'that is a file': async () => {
    await writeFile(join(parent, 'file'), '')
    return join(parent, 'file')
  },
}
test.each(Object.entries(unwritable))('refuses a directory %s, in one line', async (_, make) => {
  await expect(openDataDirectory(await make(), false)).rejects.toEqual(
    refusal(/^cannot write to \S+ \(E[A-Z]+\)$/),
  )
})

test.runIf(process.platform === 'linux')('refuses at once where nothing can be made', async () => {
  const refused = openDataDirectory('/proc/thingpass/data', false)
  await expect(refused).rejects.toEqual(
    refusal(/^cannot write to \/proc\/thingpass\/data \(ENOENT\)$/),
  )
})

test('gives the lock back when it fails later', async () => {
  await (await openDataDirectory(path, false)).release()
  await rm(join(path, MARKER_FILE))
  await mkdir(join(path, MARKER_FILE))
  await expect(openDataDirectory(path, false)).rejects.toEqual(refusal(/\(EISDIR\)$/))
  await rm(join(path, MARKER_FILE), { recursive: true })
  await (await openDataDirectory(path, false)).release()
})
