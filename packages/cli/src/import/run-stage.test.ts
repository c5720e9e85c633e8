import { expect, test } from 'vitest'
import { type EntryPage, pageOf } from './fleet-reader.ts'
import type { FleetRecord } from './fleet-record.ts'
import { createJournal, type JournalEntry } from './journal.ts'
import { runStage, type Stage } from './run-stage.ts'

const to = { partition: 'aws', region: 'us-east-1', account: '123456789012' }
const settings = { from: undefined, to, copyCas: false }
const refusal = (name: string) => Object.assign(new Error('no'), { name })
const thing = (name: string): FleetRecord => ({ kind: 'thing', name, attributes: {} })
const PAGES: Readonly<Record<string, EntryPage>> = {
  '': pageOf(
    [
      { key: 'a', record: thing('a') },
      { key: 'b', record: thing('b') },
    ],
    '2',
  ),
  '2': pageOf([{ key: 'c', record: thing('c') }]),
}

/** A stage of three things on two pages, and what happens in it. */
function scene(changed: Partial<Stage> = {}, failing: Readonly<Record<string, Error>> = {}) {
  const written: string[] = []
  const asked: (string | undefined)[] = []
  const stage: Stage = {
    name: 'things',
    read: async function* (cursor) {
      asked.push(cursor)
      if (cursor === 'forgotten') throw refusal('InvalidRequestException')
      for (const at of cursor === '2' ? ['2'] : ['', '2']) yield PAGES[at] as EntryPage
    },
    open: async () => ({
      known: new Set(['b']),
      write: async (record) => {
        const { name } = record as { name: string }
        if (failing[name] !== undefined) throw failing[name]
        written.push(name)
        return name === 'b' ? 'already' : 'created'
      },
    }),
    ...changed,
  }
  const journal = createJournal()
  const steps: JournalEntry[] = []
  const run = (dryRun = false) =>
    runStage(stage, { settings, dryRun, journal, step: (entry) => steps.push(entry) })
  const outcomes = () => [...journal.entries()].map(({ key, outcome }) => `${key} ${outcome}`)
  return { stage, journal, steps, run, written, asked, outcomes }
}

test('all records are written, and noted', async () => {
  const { run, written, outcomes, steps } = scene()
  await run()
  expect(written).toEqual(['a', 'b', 'c'])
  expect(outcomes()).toEqual(['a created', 'b already', 'c created'])
  expect(steps).toHaveLength(3)
})

test('what is done is not done again, and the cursor is gone on from', async () => {
  const { run, journal, written, asked } = scene()
  journal.add({ stage: 'things', key: 'c', outcome: 'created' })
  journal.setCursor('things', '2')
  await run()
  expect(asked).toEqual(['2'])
  expect(written).toEqual([])
})

test('a failure is noted, the others go on, and the next run tries it again', async () => {
  const failing: Record<string, Error> = { a: refusal('ResourceAlreadyExistsException') }
  const { run, outcomes, written, journal } = scene({}, failing)
  await run()
  expect(outcomes()).toEqual(['a failed', 'b already', 'c created'])
  expect(journal.find('things', 'a')?.reason).toBe('ResourceAlreadyExistsException: no')
  delete failing.a
  await run()
  expect(outcomes()).toEqual(['a created', 'b already', 'c created'])
  expect(written).toEqual(['b', 'c', 'a'])
})

test('what makes going on senseless ends it, without a word on the record', async () => {
  const { run, outcomes } = scene({}, { a: refusal('ExpiredTokenException') })
  await expect(run()).rejects.toThrow('no')
  expect(outcomes()).toEqual(['b already'])
})

test('a cursor that the service has forgotten is given up', async () => {
  const { run, journal, asked, written } = scene()
  journal.setCursor('things', 'forgotten')
  await run()
  expect(asked).toEqual(['forgotten', undefined])
  expect(written).toEqual(['a', 'b', 'c'])
})

test('a listing that fails from its beginning ends it', async () => {
  // biome-ignore lint/correctness/useYield: it fails before there is anything to yield
  const read: Stage['read'] = async function* () {
    throw refusal('InvalidRequestException')
  }
  await expect(scene({ read }).run()).rejects.toThrow('no')
})

test('a dry run writes nothing and foretells the rest', async () => {
  const { run, written, outcomes } = scene()
  await run(true)
  expect(written).toEqual([])
  expect(outcomes()).toEqual(['a created', 'b already', 'c created'])
})

test('what a step is not about, and what it refuses, is not written', async () => {
  const select = (record: FleetRecord) => record.kind === 'thing' && record.name !== 'a'
  const refuse = (record: FleetRecord) =>
    record.kind === 'thing' && record.name === 'b' ? 'because' : undefined
  const { run, written, outcomes, journal } = scene({ select, refuse })
  await run()
  expect(written).toEqual(['c'])
  expect(outcomes()).toEqual(['a none', 'b failed', 'c created'])
  expect(journal.find('things', 'b')?.reason).toBe('because')
})
