import { describe, expect, test, vi } from 'vitest'
import { runNode } from '../support/run-command.ts'
import { createRandom } from './random.ts'
import { startWorld } from './world.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

const MAIN = new URL('kills.main.ts', import.meta.url).pathname

describe.concurrent('T40: what was acknowledged survives, and nothing is half there', () => {
  test.each([
    ['the process that answers', 'handler'],
    ['it and the engine', 'everything'],
  ] as const)('when kill -9 ends %s', async (_, victim) => {
    const world = await startWorld(victim, 5)
    try {
      const [first, second] = [await world.killOnce(), await world.killOnce()]
      expect([...first.problems, ...second.problems]).toEqual([])
      expect(first.unanswered + second.unanswered).toBeGreaterThan(0)
    } finally {
      await world.close()
    }
  })
})

test('one seed makes one sequence', () => {
  const [one, other] = [createRandom(3), createRandom(3)]
  const numbers = Array.from({ length: 100 }, one)
  expect(Array.from({ length: 100 }, other)).toEqual(numbers)
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
  expect(new Set(numbers).size).toBe(100)
})

test.each([
  ['--time', '5'],
  ['--times', '0'],
])('%s %s prints how it is used', async (...args) => {
  expect(await runNode([MAIN, ...args])).toEqual({
    code: 2,
    out: '',
    err: 'usage: npm run kills -- [--times N] [--seed n]\n',
  })
})
