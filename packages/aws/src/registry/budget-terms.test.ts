import { expect, test } from 'vitest'
import { budgetTerms, roomFor } from './budget-terms.ts'

test.each([
  // rate, burst → cost, tolerance, life (µs), largest lease
  [1, 1, 1_000_000, 1_000_000, 0, 1],
  [1, 7, 1_000_000, 7_000_000, 0, 1],
  [1, 8, 1_000_000, 7_000_000, 1_000_000, 2],
  [100, 8, 10_000, 60_000, 20_000, 2],
  [100, 400, 10_000, 3_000_000, 1_000_000, 100],
  [3, 3, 333_334, 1_000_002, 0, 1],
  [1, 2.9, 1_000_000, 2_000_000, 0, 1],
  [1, 0.9, 1_000_000, 0, 0, 1],
])('makes the terms of %d per second and a burst of %d', (perSecond, burst, ...terms) => {
  const [costMicros, toleranceMicros, lifeMicros, largestLease] = terms
  expect(budgetTerms({ perSecond, burst })).toEqual({
    costMicros,
    toleranceMicros,
    lifeMicros,
    largestLease,
  })
})

test.each([
  [1e-300, 5],
  [Number.MIN_VALUE, 1e9],
  [Number.MIN_VALUE, 0.5],
  [1e-300, 1e300],
  [1e300, 1e300],
  [1, Number.POSITIVE_INFINITY],
  [Number.POSITIVE_INFINITY, 1],
  [0, 5],
  [-1, 5],
  [Number.NaN, 5],
  [5, Number.NaN],
  [5, -1],
])(
  'has terms that can be reckoned with for %d per second and a burst of %d',
  (perSecond, burst) => {
    const terms = budgetTerms({ perSecond, burst })
    const now = new Date('2099-12-31T23:59:59Z').getTime() * 1000
    expect(terms.costMicros).toBeGreaterThan(0)
    const arrival = now + terms.toleranceMicros + terms.lifeMicros + terms.costMicros
    for (const value of [...Object.values(terms), arrival])
      expect(value).toSatisfy(Number.isSafeInteger)
    for (const value of Object.values(terms)) expect(value).toBeGreaterThanOrEqual(0)
  },
)

test.each([
  [1e-300, 5, 5],
  [0, 5, 5],
  [Number.NaN, 5, 5],
  [5, Number.NaN, 0],
  [5, -1, 0],
])('%d per second keeps its burst of %d: %d fit', (perSecond, burst, room) => {
  expect(roomFor(budgetTerms({ perSecond, burst }), 0, 1_900_000_000_000_000)).toBe(room)
})

test.each([
  ['an untouched counter', 0, 3],
  ['a counter of the past', 999_999, 3],
  ['a counter at the clock', 1_000_000, 3],
  ['a counter just ahead', 1_000_001, 2],
  ['a counter with one place left', 3_000_000, 1],
  ['a counter with hardly less than one left', 3_000_001, 0],
  ['a counter far ahead', 99_000_000, 0],
])('finds the room under %s', (_, arrivalMicros, room) => {
  expect(roomFor(budgetTerms({ perSecond: 1, burst: 3 }), arrivalMicros, 1_000_000)).toBe(room)
})
