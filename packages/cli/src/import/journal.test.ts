import { expect, test } from 'vitest'
import { createJournal, isDone, type JournalChange } from './journal.ts'

test('the last word on a record counts', () => {
  const journal = createJournal()
  journal.add({ stage: 'things', key: 'a', outcome: 'failed', reason: 'x' })
  journal.add({ stage: 'things', key: 'a', outcome: 'created' })
  expect(journal.find('things', 'a')).toEqual({ stage: 'things', key: 'a', outcome: 'created' })
  expect(journal.find('certificates', 'a')).toBeUndefined()
  expect([...journal.entries()]).toHaveLength(1)
})

test('a stage goes on at its last cursor', () => {
  const journal = createJournal()
  expect(journal.cursorOf('things')).toBeUndefined()
  journal.setCursor('things', '1')
  journal.setCursor('things', '2')
  expect(journal.cursorOf('things')).toBe('2')
  expect(journal.cursorOf('certificates')).toBeUndefined()
})

test.each(['failed', 'left-out'] as const)('a stage with something %s begins anew', (outcome) => {
  const journal = createJournal()
  journal.setCursor('things', '1')
  journal.add({ stage: 'things', key: 'a', outcome })
  expect(journal.cursorOf('things')).toBeUndefined()
  journal.add({ stage: 'things', key: 'a', outcome: 'created' })
  expect(journal.cursorOf('things')).toBe('1')
})

test('changes are kept before they count; what is applied is not kept again', () => {
  const kept: JournalChange[] = []
  const journal = createJournal((change) => {
    if ('key' in change && change.key === 'full') throw new Error('disk full')
    kept.push(change)
  })
  journal.setCursor('things', '1')
  journal.apply({ stage: 'things', key: 'old', outcome: 'created' })
  expect(() => journal.add({ stage: 'things', key: 'full', outcome: 'created' })).toThrow(
    'disk full',
  )
  expect(journal.find('things', 'full')).toBeUndefined()
  expect(kept).toEqual([{ stage: 'things', cursor: '1' }])
})

test.each([
  ['created', true],
  ['already', true],
  ['none', true],
  ['left-out', false],
  ['failed', false],
] as const)('what is %s is done: %j', (outcome, done) => {
  expect(isDone({ outcome })).toBe(done)
})
