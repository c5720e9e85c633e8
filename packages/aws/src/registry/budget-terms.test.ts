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
