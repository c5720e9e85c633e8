import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openJournal } from './journal.ts'

let folder: string
const path = () => join(folder, 'journal')
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterEach(() => rm(folder, { recursive: true }))

const digest = (digit: number) => `${digit}`.padStart(16, '-')

test('what was added is known at once, and by the next run', async () => {
  const journal = await openJournal(path(), () => 0)
  await journal.add(digest(1))
  expect([journal.has(digest(1)), journal.has(digest(2))]).toEqual([true, false])
  await journal.flush()
  const next = await openJournal(path(), () => 0)
  expect([next.has(digest(1)), next.has(digest(2))]).toEqual([true, false])
})

test('entries are written a hundred at a time, or after a second', async () => {
  const time = { now: 0 }
  const journal = await openJournal(path(), () => time.now)
  for (let count = 0; count < 99; count += 1) await journal.add(digest(count))
  expect(await readdir(folder)).toEqual([])
  await journal.add(digest(99))
  const lines = async () => (await readFile(path(), 'utf8')).split('\n').length - 1
  expect(await lines()).toBe(100)
  await journal.add(digest(100))
  expect(await lines()).toBe(100)
  time.now = 1000
  await journal.add(digest(101))
  expect(await lines()).toBe(102)
})

test('a line that a crash tore is passed over, and spoils none after it', async () => {
  await appendFile(path(), `${digest(1)}\n${digest(2).slice(3)}`)
  const journal = await openJournal(path(), () => 0)
  await journal.add(digest(3))
  await journal.flush()
  const next = await openJournal(path(), () => 0)
  expect([1, 2, 3].map((each) => next.has(digest(each)))).toEqual([true, false, true])
})

test('a journal is removed with what was about to be written', async () => {
  const journal = await openJournal(path(), () => 0)
  await journal.add(digest(1))
  await journal.remove()
  expect(await readdir(folder)).toEqual([])
})

test('a place that cannot be read is not taken for an empty journal', async () => {
  await expect(openJournal(folder, () => 0)).rejects.toThrow('EISDIR')
})
