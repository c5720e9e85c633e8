import { expect, test } from 'vitest'
import { createImportProgress } from './import-progress.ts'
import type { JournalEntry } from './journal.ts'

const done: JournalEntry = { stage: 'things', key: 'a', outcome: 'created' }
const failed: JournalEntry = { ...done, outcome: 'failed' }

function scene(terminal: boolean) {
  const time = { at: 0 }
  const written: string[] = []
  const progress = createImportProgress((text) => written.push(text), {
    terminal,
    stages: ['thing-types', 'things'],
    now: () => time.at,
  })
  return { time, written, progress }
}

test('without a terminal there is a line now and then, and one at the end of each step', () => {
  const { time, written, progress } = scene(false)
  progress.begin('things')
  progress.step(done)
  expect(written).toEqual([])
  time.at = 5000
  progress.step(failed)
  progress.step(done)
  expect(written).toEqual(['things: 2, 1 failed\n'])
  progress.waiting()
  progress.begin('policies')
  expect(written.slice(1)).toEqual(['things: 3, 1 failed, 1 calls held back\n'])
  progress.end()
  progress.end()
  expect(written.slice(2)).toEqual(['policies: 0\n'])
})

test('on a terminal one line is drawn anew, and left standing at the end', () => {
  const { time, written, progress } = scene(true)
  progress.begin('thing-types')
  progress.step(done)
  expect(written).toEqual([])
  time.at = 100
  progress.step(done)
  expect(written).toEqual(['\r\u001b[2K[############------------] 1/2 thing-types: 2'])
  progress.end()
  expect(written[1]).toBe('\r\u001b[2K[############------------] 1/2 thing-types: 2\n')
})

test('before the first step there is nothing to show', () => {
  const { time, written, progress } = scene(false)
  time.at = 9999
  progress.waiting()
  progress.step(done)
  progress.end()
  expect(written).toEqual([])
})
