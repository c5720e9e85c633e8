import type { Coverage } from './coverage.ts'
import { runInput } from './fuzz-run.ts'
import type { FuzzTarget } from './fuzz-target.ts'

/** Most inputs that are kept of a target, and most octets of one: a corpus is read by people, too. */
const MOST_INPUTS = 60
const MOST_OCTETS = 4096

/** The inputs, small ones first, each of which makes something run that neither the seeds nor those before it do. */
export async function smallestCorpus(
  target: FuzzTarget,
  inputs: readonly Uint8Array[],
  coverage: Coverage,
): Promise<readonly Uint8Array[]> {
  const seen = new Set<string>()
  const keysOf = async (input: Uint8Array): Promise<readonly string[]> => {
    coverage.take()
    await runInput(target, input)
    return [...coverage.take()].filter((key) => !seen.has(key))
  }
  for (const seed of target.seeds())
    for (const key of await keysOf(Buffer.from(seed))) seen.add(key)
  const kept: Uint8Array[] = []
  const small = inputs.filter(({ length }) => length <= MOST_OCTETS)
  for (const input of small.toSorted((one, other) => one.length - other.length)) {
    const news = await keysOf(input)
    if (news.length === 0 || kept.length === MOST_INPUTS) continue
    for (const key of news) seen.add(key)
    kept.push(input)
  }
  return kept
}
