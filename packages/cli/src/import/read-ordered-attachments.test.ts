import { expect, test } from 'vitest'
import { pageOf } from './fleet-reader.ts'
import { keyOf, type RecordOf } from './fleet-record.ts'
import { createJournal } from './journal.ts'
import { readOrderedAttachments } from './read-ordered-attachments.ts'

const attach = (policy: string, name: string): RecordOf<'policy-attachment'> => ({
  ...{ kind: 'policy-attachment', policy },
  target: { kind: 'certificate', name },
})
const page = (...records: readonly RecordOf<'policy-attachment'>[]) =>
  pageOf(records.map((record) => ({ key: keyOf(record), record })))

async function read(journal = createJournal()) {
  const ordered = readOrderedAttachments(async function* () {
    yield page(attach('allow', 'a'), attach('allow', 'b'))
    yield page(attach('deny', 'a'), attach('unseen', 'b'))
  }, journal)
  const keys: string[] = []
  for await (const { entries } of ordered.read()) keys.push(...entries.map(({ key }) => key))
  return { keys, refuse: ordered.refuse }
}

test('what denies, or might, is attached first, over all pages', async () => {
  const journal = createJournal()
  journal.add({ stage: 'policies', key: 'allow', outcome: 'created' })
  journal.add({ stage: 'policies', key: 'deny', outcome: 'already', denies: true })
  expect((await read(journal)).keys).toEqual([
    'deny certificate a',
    'unseen certificate b',
    'allow certificate a',
    'allow certificate b',
  ])
})

test.each(['failed', 'left-out'] as const)(
  'a holder of a policy that %s gets none of its others',
  async (outcome) => {
    const journal = createJournal()
    journal.add({ stage: 'policies', key: 'deny', outcome })
    const { refuse } = await read(journal)
    expect(refuse(attach('allow', 'a'))).toContain('policy deny')
    expect(refuse(attach('allow', 'b'))).toBeUndefined()
    expect(refuse({ kind: 'thing', name: 'a', attributes: {} })).toBeUndefined()
  },
)

test('with all policies there nothing is refused', async () => {
  const journal = createJournal()
  journal.add({ stage: 'policies', key: 'deny', outcome: 'created', denies: true })
  expect((await read(journal)).refuse(attach('allow', 'a'))).toBeUndefined()
})
