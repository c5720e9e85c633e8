import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type JournalFile, openJournalFile } from './journal-file.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  path = join(folder, 'state.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

const head = { from: 'aws 111122223333 eu-central-1', to: 'http://127.0.0.1:8080' }
const open = (changed = {}): JournalFile => {
  const file = openJournalFile(path, { ...head, ...changed })
  if ('problem' in file) throw new Error(file.problem)
  return file
}

test('what was noted is there again', async () => {
  const first = open()
  expect(first.resumed).toBe(false)
  first.journal.add({ stage: 'things', key: 'a', outcome: 'created' })
  first.journal.setCursor('things', 'token')
  first.close()
  const second = open()
  expect(second.resumed).toBe(true)
  expect(second.journal.find('things', 'a')?.outcome).toBe('created')
  expect(second.journal.cursorOf('things')).toBe('token')
  second.close()
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('each change is in the file at once', async () => {
  const file = open()
  file.journal.add({ stage: 'things', key: 'a', outcome: 'created' })
  expect(await readFile(path, 'utf8')).toMatch(/^\{"format".*\n\{"stage":"things","key":"a".*\}\n$/)
  file.close()
})

test('a line that a kill cut off is dropped, and the next one stands on its own', async () => {
  const first = open()
  first.journal.add({ stage: 'things', key: 'ä', outcome: 'created' })
  first.close()
  await appendFile(path, '{"stage":"things","key":"b","outc')
  const second = open()
  expect(second.journal.find('things', 'b')).toBeUndefined()
  second.journal.add({ stage: 'things', key: 'c', outcome: 'created' })
  second.close()
  const third = open()
  expect([...third.journal.entries()].map(({ key }) => key)).toEqual(['ä', 'c'])
  third.close()
})

test('a head that a kill cut off is none', () => {
  const first = open()
  first.close()
  return writeFile(path, '{"format":"thing').then(() => {
    const second = open()
    expect(second.resumed).toBe(false)
    second.close()
    open().close()
  })
})

test.each([{ from: 'aws 111122223333 us-east-1' }, { to: 'http://127.0.0.1:8080/t/acme' }])(
  'a journal of another import is not gone on with: %j',
  (changed) => {
    open().close()
    expect(openJournalFile(path, { ...head, ...changed })).toEqual({
      problem: expect.stringContaining('another import'),
    })
  },
)

test('any other file is not touched', async () => {
  await writeFile(path, 'my notes\n')
  expect(openJournalFile(path, head)).toEqual({ problem: expect.any(String) })
  expect(await readFile(path, 'utf8')).toBe('my notes\n')
})

test('what cannot be read is a problem', () => {
  expect(openJournalFile(folder, head)).toEqual({ problem: expect.stringContaining('EISDIR') })
})

test('an import that is done leaves nothing', async () => {
  open().remove()
  expect(await readdir(folder)).toEqual([])
})
