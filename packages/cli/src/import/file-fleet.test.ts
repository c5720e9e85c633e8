import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { headLine, recordLine } from '../export/fleet-lines.ts'
import { openFileFleet } from './file-fleet.ts'
import type { ReadCollection } from './fleet-reader.ts'
import type { FleetRecord } from './fleet-record.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterEach(() => rm(folder, { recursive: true }))

const place = { partition: 'aws', region: 'us-east-1', account: '123456789012' }
const thing = (name: string): FleetRecord => ({ kind: 'thing', name, attributes: {} })
const group = (name: string): FleetRecord => ({
  kind: 'thing-group',
  name,
  attributes: {},
  tags: {},
})
const fileOf = async (...lines: readonly string[]) => {
  const path = join(folder, 'fleet.jsonl')
  await writeFile(path, lines.join(''))
  return path
}
async function open(...lines: readonly string[]) {
  const opened = await openFileFleet(await fileOf(...lines))
  if ('problem' in opened) throw new Error(opened.problem)
  return opened
}
async function pagesOf(read: ReadCollection) {
  const pages: string[][] = []
  for await (const { entries } of read()) pages.push(entries.map(({ key }) => key))
  return pages
}

test('each collection is read by itself, in pages', async () => {
  const things = Array.from({ length: 251 }, (_, index) => thing(`t${index}`))
  const { head, reader } = await open(
    headLine(place),
    ...things.map(recordLine),
    recordLine(group('g')),
  )
  expect(head).toEqual(place)
  expect((await pagesOf(reader.things)).map(({ length }) => length)).toEqual([250, 1])
  expect(await pagesOf(reader['thing-groups'])).toEqual([['g']])
  expect(await pagesOf(reader.policies)).toEqual([])
})

test('groups come one by one, so that parents are there first', async () => {
  const { reader } = await open(headLine(place), recordLine(group('a')), recordLine(group('b')))
  expect(await pagesOf(reader['thing-groups'])).toEqual([['a'], ['b']])
})

describe('a file is not imported', () => {
  test.each([
    ['that is empty', []],
    ['of another kind', ['{"kind":"other"}\n']],
    ['without a head', [recordLine(thing('a'))]],
    ['with a line that is no record', [headLine(place), '{"kind":"thing"}\n']],
    ['with a line that is cut off', [headLine(place), recordLine(thing('a')), '{"kind":"thi']],
  ])('%s', async (_, lines) => {
    expect(await openFileFleet(await fileOf(...lines))).toEqual({ problem: expect.any(String) })
  })

  test('that is not there', async () => {
    expect(await openFileFleet(join(folder, 'none'))).toEqual({
      problem: expect.stringContaining('ENOENT'),
    })
  })
})
