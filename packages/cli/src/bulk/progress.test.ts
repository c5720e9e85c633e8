import { expect, test } from 'vitest'
import { createProgress, progressLine } from './progress.ts'

const counts = (done: number, skipped = 0, failed = 0) => ({ done, skipped, failed })

test.each([
  [counts(0), 100, 0, '[--------------------] 0%  0 of 100  0/s'],
  [counts(50), 100, 10_000, '[##########----------] 50%  50 of 100  5/s  00:10 left'],
  [
    counts(10, 40, 2),
    100,
    1000,
    '[##########----------] 52%  52 of 100  2 failed  12/s  00:04 left',
  ],
  [counts(100), 100, 1000, '[####################] 100%  100 of 100  100/s'],
  [counts(1), 100_000, 1000, '[--------------------] 0%  1 of 100000  1/s  27:46:39 left'],
  [counts(0), 0, 0, '[####################] 100%  0 of 0  0/s'],
  [counts(3), 2, 1000, '[####################] 100%  3 of 2  3/s'],
])('%j of %i after %i ms is shown as %s', (shown, total, milliseconds, line) => {
  expect(progressLine(shown, { total, milliseconds })).toBe(line)
})

function shownBy(isTerminal: boolean) {
  const time = { now: 1000 }
  const written: string[] = []
  const write = (text: string) => {
    written.push(text)
  }
  const progress = createProgress({ write, isTerminal, now: () => time.now, total: 10 })
  return { time, written, progress }
}

test('on a terminal one line is written over, five times a second at most', () => {
  const { time, written, progress } = shownBy(true)
  for (const now of [1100, 1200, 1399, 1400]) {
    time.now = now
    progress.update(counts(1))
  }
  progress.end(counts(2))
  expect(written).toEqual([
    '\r[##------------------] 10%  1 of 10  5/s  00:02 left\u001b[K',
    '\r[##------------------] 10%  1 of 10  3/s  00:04 left\u001b[K',
    '\r[####----------------] 20%  2 of 10  5/s  00:02 left\u001b[K',
    '\n',
  ])
})

test('elsewhere there is a plain line every ten seconds, and one at the end', () => {
  const { time, written, progress } = shownBy(false)
  for (const now of [5000, 10_999, 11_000, 20_000]) {
    time.now = now
    progress.update(counts(5))
  }
  progress.end(counts(10))
  expect(written).toHaveLength(2)
  for (const line of written) expect(line).toMatch(/^\[[#-]{20}\] [\w%/: ]+\n$/)
})
