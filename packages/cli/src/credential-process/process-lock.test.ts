import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeExactly, tryLock } from './process-lock.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  path = join(folder, 'a.lock')
})
afterEach(() => rm(folder, { recursive: true }))

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid!
}
const lockOf = (owner: object) => writeFile(path, JSON.stringify(owner))

test('one holder at a time, until it releases', async () => {
  const first = await tryLock(path, new Date())
  expect(await tryLock(path, new Date())).toBeUndefined()
  await first?.release()
  expect(await readdir(folder)).toEqual([])
  expect(await tryLock(path, new Date())).toBeDefined()
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('of many at once one gets it', async () => {
  const locks = await Promise.all(Array.from({ length: 20 }, () => tryLock(path, new Date())))
  expect(locks.filter((lock) => lock !== undefined)).toHaveLength(1)
})

test('that of a process that lives is left alone', async () => {
  await lockOf({ pid: process.ppid })
  expect(await tryLock(path, new Date())).toBeUndefined()
})

test('that of a dead process is taken over, and nothing else is left behind', async () => {
  await lockOf({ pid: await deadPid() })
  expect(await tryLock(path, new Date())).toBeDefined()
  expect(await readdir(folder)).toEqual(['a.lock'])
})

test('that of an earlier process with our id is taken over', async () => {
  await lockOf({ pid: process.pid, startedAt: 1 })
  expect(await tryLock(path, new Date())).toBeDefined()
})

test.each([
  [29, false],
  [31, true],
  [-31, true],
])('one of a living process that is %d s old is taken over: %j', async (seconds, taken) => {
  await lockOf({ pid: process.ppid })
  const now = new Date()
  const then = new Date(now.getTime() - seconds * 1000)
  await utimes(path, then, then)
  expect((await tryLock(path, now)) !== undefined).toBe(taken)
})

test.each(['', '{', '{"pid":"1"}'])(
  'one whose owner is still to write is left: %j',
  async (text) => {
    await writeFile(path, text)
    expect(await tryLock(path, new Date())).toBeUndefined()
  },
)

test('whoever was taken for dead does not release the lock of the next', async () => {
  const slow = await tryLock(path, new Date())
  await lockOf({ pid: process.ppid, nonce: 'next' })
  await slow?.release()
  expect(await readFile(path, 'utf8')).toContain('next')
})

test('whoever was quicker in taking over keeps the lock', async () => {
  await lockOf({ pid: process.ppid, nonce: 'quicker' })
  await removeExactly(path, 'the dead one')
  expect(await readFile(path, 'utf8')).toContain('quicker')
  expect(await readdir(folder)).toEqual(['a.lock'])
})

test('a directory that is gone is an error, not a lock that is held', async () => {
  await expect(tryLock(join(folder, 'none', 'a.lock'), new Date())).rejects.toThrow('ENOENT')
})
