import { expect, test } from 'vitest'
import { runNode } from '../support/run-command.ts'
import { createRandom } from './random.ts'
import { startWorld } from './world.ts'

const MAIN = new URL('kills.main.ts', import.meta.url).pathname

test.each(['handler', 'everything'] as const)(
  'T40: what was acknowledged survives when kill -9 ends the %s, and nothing is half there',
  async (victim) => {
    const world = await startWorld(victim, 5)
    try {
      const round = await world.killOnce()
      expect(round).toMatchObject({ problems: [], unanswered: expect.any(Number) })
      const next = await world.killOnce()
      expect(next.problems).toEqual([])
    } finally {
      await world.close()
    }
  },
  30_000,
)

test('one seed makes one sequence', () => {
  const [one, other] = [createRandom(3), createRandom(3)]
  const numbers = Array.from({ length: 100 }, one)
  expect(Array.from({ length: 100 }, other)).toEqual(numbers)
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
  expect(new Set(numbers).size).toBe(100)
})

test.each([
  ['--time', '5'],
  ['--times', 'many'],
  ['--times', '0'],
  ['--seed', 'x'],
])('%s %s prints how it is used', async (...args) => {
  expect(await runNode([MAIN, ...args])).toEqual({
    code: 2,
    out: '',
    err: 'usage: npm run kills -- [--times N] [--seed n]\n',
  })
})
