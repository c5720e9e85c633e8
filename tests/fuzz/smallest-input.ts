import type { Finding } from './fuzz-loop.ts'
import { runInput } from './fuzz-run.ts'
import type { FuzzTarget } from './fuzz-target.ts'

/** Most attempts to make an input smaller. */
const MOST_ATTEMPTS = 2000

/** Takes away from an input all that it can do without and still fail at the same place. */
export async function smallestInput(
  target: FuzzTarget,
  { input, place }: Finding,
): Promise<Uint8Array> {
  let smallest = Buffer.from(input)
  let attempts = 0
  for (let size = smallest.length >> 1; size >= 1; size >>= 1) {
    for (let at = 0; at < smallest.length && attempts < MOST_ATTEMPTS; attempts += 1) {
      const smaller = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)])
      const failure = await runInput(target, smaller)
      if (failure?.place === place) smallest = smaller
      else at += size
    }
  }
  return smallest
}
