import { expect, test } from 'vitest'
import { createJournal } from './journal.ts'

/** A stopwatch that shows these milliseconds, one after the other. */
function readings(...milliseconds: number[]) {
  const left = [...milliseconds]
  return () => left.shift() ?? Number.NaN
}

test('entries add up, a later one wins', () => {
  const journal = createJournal(() => 0)
  journal.note({ tenantId: 'a', sourceIp: '192.0.2.1' })
  journal.note({ tenantId: 'b' })
  expect(journal.read().entries).toEqual({ tenantId: 'b', sourceIp: '192.0.2.1' })
})

test('a phase is timed in hundredths of a millisecond, and so is the whole', async () => {
  const journal = createJournal(readings(100, 110, 112.3456, 120))
  expect(await journal.time('read', async () => 'facts')).toBe('facts')
  expect(journal.read().timings).toEqual({ read: 2.35, total: 20 })
})

test('a phase that fails is timed and fails', async () => {
  const journal = createJournal(readings(0, 1, 4, 9))
  const failure = new Error('no answer')
  await expect(journal.time('issue', () => Promise.reject(failure))).rejects.toBe(failure)
  expect(journal.read().timings).toEqual({ issue: 3, total: 9 })
})
