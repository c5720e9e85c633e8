import { describe, expect, test } from 'vitest'
import { runInput } from './fuzz-run.ts'
import { createInputStore } from './inputs.ts'
import { FUZZ_TARGETS } from './targets.ts'

const store = createInputStore(import.meta.dirname)

// What fuzzing has found, and what it began with, is run through every target again: no input fails twice.
describe.each(FUZZ_TARGETS.map((target) => [target.name, target] as const))(
  '%s',
  (name, target) => {
    test.each([
      ['seeds', target.seeds().map((seed) => Buffer.from(seed))],
      ['corpus', store.readCorpus(name)],
      ['findings', store.readFindings(name)],
    ])('holds at its %s', async (_, inputs) => {
      for (const input of inputs) {
        const failure = await runInput(target, input)
        expect(failure, Buffer.from(input).toString('base64')).toBeUndefined()
      }
    })
  },
)
