import { expect, test } from 'vitest'
import { createStepMeter, isOutOfSteps, MOST_STEPS, takeSteps } from './step-meter.ts'

test('takes steps, and two for each character of a text', () => {
  const meter = createStepMeter()
  takeSteps(meter, 10)
  takeSteps(meter, 1, 'abc')
  expect(meter.left).toBe(MOST_STEPS - 17)
})

test.each([
  [1, false],
  [0, false],
  [-1, true],
  [Number.NaN, true],
])('with %d left it is out of steps: %s', (left, out) => {
  expect(isOutOfSteps({ left })).toBe(out)
})
