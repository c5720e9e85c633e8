import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditRecord } from '@thingpass/core/audit-record'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAuditFile } from './audit-file.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-file-'))
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

const record = (requestId: string): AuditRecord => ({
  kind: 'credentials',
  time: '2030-01-01T00:00:00.000Z',
  requestId,
  decision: 'deny',
  reason: 'path-unknown',
  status: 404,
  timings: { total: 1 },
})
const lines = async () => (await readFile(path, 'utf8')).split('\n')

test('a record is in the file when the write returns, one line each', async () => {
  const audit = await openAuditFile(path)
  await audit.write(record('a\n"b'))
  expect(await lines()).toEqual([JSON.stringify(record('a\n"b')), ''])
  await audit.close()
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('records written at once stay whole and in order', async () => {
  const audit = await openAuditFile(path)
  const names = Array.from({ length: 200 }, (_, index) => `request-${index}`)
  await Promise.all(names.map((name) => audit.write(record(name))))
  const kept = (await lines()).filter(Boolean).map((line) => JSON.parse(line).requestId)
  expect(kept).toEqual(names)
  await audit.close()
})

test('records of an earlier start stay, and a torn line does not swallow the next record', async () => {
  await writeFile(path, '{"whole":true}\n{"torn":')
  const audit = await openAuditFile(path)
  await audit.write(record('next'))
  await audit.write(record('after'))
  await audit.close()
  expect(await lines()).toEqual([
    '{"whole":true}',
    '{"torn":',
    JSON.stringify(record('next')),
    JSON.stringify(record('after')),
    '',
  ])
})

test('a record that cannot be kept is a fault, and later ones are tried again', async () => {
  const audit = await openAuditFile('/dev/full')
  for (const name of ['one', 'two']) {
    await expect(audit.write(record(name))).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' })
  }
  await audit.close()
})
