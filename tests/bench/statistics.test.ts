import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom, median, ratioOf } from './statistics.ts'

describe('the median', () => {
  test.each([
    { values: [7], middle: 7 },
    { values: [3, 1, 2], middle: 2 },
    { values: [10, 2, 1, 9], middle: 5.5 },
    { values: [100, 20, 3], middle: 20 },
  ])('of $values is $middle', ({ values, middle }) => {
    expect(median(values)).toBe(middle)
  })

  test('of nothing does not exist', () => {
    expect(() => median([])).toThrow(RangeError)
  })

  test('has as many values above as below, and leaves its argument alone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const before = [...values]
        const middle = median(values)
        expect(values).toEqual(before)
        const below = values.filter((value) => value < middle).length
        const above = values.filter((value) => value > middle).length
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2)
      }),
    )
  })
})

describe('a ratio', () => {
  const noisy = (factor: number, spread: number, count = 40) => {
    const random = createRandom(1)
    const draw = () => 100 + spread * (random() - 0.5)
    return Array.from({ length: count }, () => ({ ours: factor * draw(), base: draw() }))
  }

  test('is of the medians, so one outlier moves nothing', () => {
    const pairs = [
      { ours: 11, base: 10 },
      { ours: 11, base: 10 },
      { ours: 900, base: 10 },
    ]
    expect(ratioOf(pairs).value).toBeCloseTo(1.1)
  })

  test.each([0.5, 1, 1.3])('of %d is within its interval, and the interval is near', (factor) => {
    const { value, low, high } = ratioOf(noisy(factor, 10))
    expect(low).toBeLessThanOrEqual(value)
    expect(high).toBeGreaterThanOrEqual(value)
    expect(low).toBeLessThan(factor)
    expect(high).toBeGreaterThan(factor)
    expect(high - low).toBeLessThan(factor * 0.1)
  })

  test('has a wider interval where the measurements are wider apart', () => {
    const width = (spread: number) => {
      const { low, high } = ratioOf(noisy(1, spread))
      return high - low
    }
    expect(width(60)).toBeGreaterThan(3 * width(5))
  })

  test('is not spread by what slowed both sides of a round down', () => {
    const slowdowns = Array.from({ length: 40 }, (_, round) => 1 + round / 10)
    const pairs = slowdowns.map((slow) => ({ ours: 12 * slow, base: 10 * slow }))
    const { low, high } = ratioOf(pairs)
    expect([low, high].map((bound) => bound.toFixed(6))).toEqual(['1.200000', '1.200000'])
  })

  test('comes out the same each time', () => {
    expect(ratioOf(noisy(1.1, 30))).toEqual(ratioOf(noisy(1.1, 30)))
  })
})
