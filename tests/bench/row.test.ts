import { describe, expect, test } from 'vitest'
import { comparison, exitCodeOf, type Limit, type Row, type Verdict, verdictOf } from './row.ts'

const line = { section: 'a', what: 'something', unit: 'ms' } as const
const atMost: Limit = { kind: 'atMost', value: 1.1 }
const atLeast: Limit = { kind: 'atLeast', value: 0.8 }
const goal: Limit = { kind: 'atMost', value: 0.6, goal: true }
const below: Limit = { kind: 'below', value: 10 }

const ratioed = (value: number, limit: Limit): Row => ({
  ...{ ...line, ours: value * 10, base: 10, limit },
  ratio: { value, low: value - 0.1, high: value + 0.1 },
})
const absolute = (ours: number): Row => ({ ...line, ours, limit: below })

const judged: readonly (readonly [what: string, row: Row, verdict: Verdict])[] = [
  ['a ratio under its upper limit', ratioed(1, atMost), 'met'],
  ['a ratio at its upper limit', ratioed(1.1, atMost), 'met'],
  ['a ratio over its upper limit', ratioed(1.11, atMost), 'missed'],
  ['a ratio over its lower limit', ratioed(0.9, atLeast), 'met'],
  ['a ratio at its lower limit', ratioed(0.8, atLeast), 'met'],
  ['a ratio under its lower limit', ratioed(0.79, atLeast), 'missed'],
  ['a goal reached', ratioed(0.6, goal), 'goal met'],
  ['a goal not reached', ratioed(0.7, goal), 'goal missed'],
  ['a figure under its limit', absolute(9.9), 'met'],
  ['a figure at a limit that it must stay below', absolute(10), 'missed'],
  ['no ratio at all', ratioed(Number.NaN, atMost), 'missed'],
  ['no ratio at all against a lower limit', ratioed(Number.NaN, atLeast), 'missed'],
  ['no figure at all', absolute(Number.NaN), 'missed'],
  ['a figure without a limit', { ...line, ours: 1 }, 'no limit'],
]

test.each(judged)('%s: %o is %s', (_, row, verdict) => {
  expect(verdictOf(row)).toBe(verdict)
})

describe('the exit code', () => {
  test('is 0 when every limit is met', () => {
    const rows = [ratioed(1, atMost), ratioed(0.9, atLeast), absolute(1), { ...line, ours: 1 }]
    expect(exitCodeOf(rows)).toBe(0)
  })
  test('is 1 as soon as one is missed', () => {
    expect(exitCodeOf([ratioed(1, atMost), ratioed(1.2, atMost)])).toBe(1)
    expect(exitCodeOf([absolute(40), ratioed(1, atMost)])).toBe(1)
  })
  test('does not depend on goals', () => {
    expect(exitCodeOf([ratioed(0.9, goal)])).toBe(0)
  })
  test('is 1 when nothing was measured', () => {
    expect(exitCodeOf([])).toBe(1)
  })
})

test('a comparison has the medians of both sides and their ratio', () => {
  const pairs = [
    { ours: 10, base: 8 },
    { ours: 12, base: 10 },
    { ours: 50, base: 11 },
  ]
  const { ours, base, ratio } = comparison({ ...line, limit: atMost }, pairs)
  expect({ ours, base, ratio: ratio?.value }).toEqual({ ours: 12, base: 10, ratio: 1.2 })
})
