import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noisyTenantFigures, worstExcess } from './noisy-tenant.ts'
import { SAMPLE } from './sample-fixture.ts'

const BUDGET = { perSecond: 10, burst: 5 }

/** Requests that took no time, at these seconds. */
const at = (...seconds: readonly number[]) =>
  seconds.map((second) => ({ sentAt: second * 1000, endedAt: second * 1000 }))

describe('the worst window', () => {
  const rows: [name: string, seconds: number[], excess: number][] = [
    ['nothing admitted', [], 0],
    ['a whole burst at once', [1, 1, 1, 1, 1], 0],
    ['one more than a burst at once', [1, 1, 1, 1, 1, 1], 1],
    ['a burst, and what has come back since', [0, 0, 0, 0, 0, 0.1, 0.2, 0.3], 0],
    ['a burst, and one too early', [0, 0, 0, 0, 0, 0.05], 0.5],
    ['an excess in the middle, made up for later', [0, 10, 10, 10, 10, 10, 10, 10, 99], 2],
    ['an excess that only a window from its second request shows', [0, 2, 2, 2, 2, 2, 2], 1],
  ]
  test.each(rows)('%s', (_, seconds, excess) => {
    expect(worstExcess(at(...seconds), BUDGET, 0)).toBeCloseTo(excess)
  })

  test('counts only what was sent and answered within it: a slow answer may be of any instant', () => {
    const slow = Array.from({ length: 6 }, () => ({ sentAt: 0, endedAt: 100 }))
    expect(worstExcess(slow, BUDGET, 0)).toBeCloseTo(0)
    const fast = Array.from({ length: 6 }, () => ({ sentAt: 0, endedAt: 99 }))
    expect(worstExcess(fast, BUDGET, 0)).toBeCloseTo(0.01)
  })

  test('allows for clocks that differ', () => {
    expect(worstExcess(at(1, 1, 1, 1, 1, 1), BUDGET, 0.1)).toBeCloseTo(0)
  })

  test('is the one that trying all of them finds', () => {
    const request = fc
      .record({ sentAt: fc.nat(3000), took: fc.nat(400) })
      .map(({ sentAt, took }) => ({ sentAt, endedAt: sentAt + took }))
    const run = fc.property(fc.array(request, { maxLength: 30 }), (requests) => {
      const excesses = requests.flatMap(({ sentAt: from }) =>
        requests.map(({ endedAt: to }) => {
          const within = requests.filter(({ sentAt, endedAt }) => sentAt >= from && endedAt <= to)
          const earned = BUDGET.burst + (BUDGET.perSecond * (to - from)) / 1000
          return within.length === 0 ? 0 : within.length - earned
        }),
      )
      expect(worstExcess(requests, BUDGET, 0)).toBeCloseTo(Math.max(0, ...excesses), 6)
    })
    fc.assert(run, { numRuns: 300 })
  })

  test('never shows an excess of what a counter with this budget admitted, however late the answers are', () => {
    const request = fc.record({ gap: fc.nat(300), before: fc.nat(50), after: fc.nat(500) })
    const run = fc.property(fc.array(request, { maxLength: 80 }), (requests) => {
      let now = 0
      let arrival = 0
      const admitted = requests.flatMap(({ gap, before, after }) => {
        now += gap
        const next = Math.max(arrival, now) + 1000 / BUDGET.perSecond
        if (next > now + (BUDGET.burst * 1000) / BUDGET.perSecond) return []
        arrival = next
        return { sentAt: now - before, endedAt: now + after }
      })
      expect(worstExcess(admitted, BUDGET, 0)).toBeLessThan(1e-6)
    })
    fc.assert(run, { numRuns: 200 })
  })
})

test('tells the tenants apart and counts what each was answered', () => {
  const noisy = { ...SAMPLE, kind: 'noisy' } as const
  const samples = [
    { ...noisy, sentAt: 0, endedAt: 10 },
    { ...noisy, status: 429, sentAt: 0, endedAt: 20 },
    { ...noisy, status: 500, sentAt: 0, endedAt: 30 },
    { ...SAMPLE, sentAt: 0, endedAt: 2000 },
    { ...SAMPLE, status: 429, sentAt: 0, endedAt: 40 },
    { ...SAMPLE, status: 503, sentAt: 0, endedAt: 50 },
  ]
  expect(noisyTenantFigures(samples, BUDGET, 0)).toEqual({
    budget: BUDGET,
    noisy: {
      ...{ requests: 3, admitted: 1, overBudget: 1, others: 1 },
      ...{ offeredPerSecond: 1.5, admittedPerSecond: 0.5 },
    },
    quiet: {
      ...{ requests: 3, admitted: 1, overBudget: 1, others: 1 },
      ...{ offeredPerSecond: 1.5, admittedPerSecond: 0.5 },
    },
    worstExcess: 0,
    leastAdmitted: 10,
  })
})

test('what was refused takes up no budget', () => {
  const refused = Array.from(
    { length: 20 },
    () => ({ ...SAMPLE, kind: 'noisy', status: 429 }) as const,
  )
  expect(noisyTenantFigures(refused, BUDGET, 0).worstExcess).toBe(0)
})

test('nothing asked is nothing admitted', () => {
  expect(noisyTenantFigures([], BUDGET, 0)).toMatchObject({
    noisy: { requests: 0, admittedPerSecond: 0 },
    leastAdmitted: 0,
  })
})
