import { blockOf, type Coverage } from './coverage.ts'
import { type Failure, runInput } from './fuzz-run.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { mutate } from './mutate.ts'
import type { Random } from './random.ts'

/** What a search is made with. */
export type FuzzParts = {
  readonly target: FuzzTarget
  /** Inputs to begin with, beside the target's own seeds. */
  readonly corpus: readonly Uint8Array[]
  readonly coverage: Coverage
  readonly random: Random
  /** Whether to go on, asked again and again. */
  readonly goOn: () => boolean
}

/** An input at which something that must hold did not. */
export type Finding = Failure & { readonly input: Uint8Array }

/** What a search has come to. */
export type FuzzOutcome = {
  readonly executions: number
  /** Blocks of the code that ran. */
  readonly blocks: number
  /** Inputs beside seeds and corpus, each of which made something run that had not. */
  readonly kept: readonly Uint8Array[]
  readonly findings: readonly Finding[]
}

/** Inputs between two looks at the coverage: a look takes longer than most of them. */
const BATCH = 24
/** Most findings of one target: more tell nothing new. */
const MOST_FINDINGS = 10

/**
 * Searches for inputs at which a target fails: changes inputs, and keeps those that make blocks run that had not, or blocks run
 * more often by a magnitude.
 */
export async function fuzz(parts: FuzzParts): Promise<FuzzOutcome> {
  const search = createSearch(parts)
  for (const input of beginningsOf(parts)) await search.runAlone(input)
  const first = search.pool.length
  const good = parts.target.seeds().length
  while (parts.goOn() && search.findings.length < MOST_FINDINGS) {
    const batch = Array.from({ length: BATCH }, () => childOf(search.pool, good, parts))
    await search.runTogether(batch)
  }
  const { executions, blocks, findings } = search
  return {
    ...{ executions: executions(), blocks: blocks.size, findings },
    kept: search.pool.slice(first),
  }
}

function beginningsOf({ target, corpus }: FuzzParts): readonly Uint8Array[] {
  return [...target.seeds().map((seed) => Buffer.from(seed)), ...corpus]
}

function createSearch({ target, coverage }: FuzzParts) {
  const pool: Uint8Array[] = []
  const seen = new Set<string>()
  const blocks = new Set<string>()
  const findings: Finding[] = []
  const places = new Set<string>()
  let executions = 0
  const run = async (input: Uint8Array): Promise<void> => {
    executions += 1
    const failure = await runInput(target, input)
    if (failure === undefined || places.has(failure.place)) return
    places.add(failure.place)
    findings.push({ ...failure, input })
  }
  const isNews = (keys: ReadonlySet<string>) => [...keys].some((key) => !seen.has(key))
  const runAlone = async (input: Uint8Array, isBeginning = true): Promise<void> => {
    coverage.take()
    await run(input)
    const keys = coverage.take()
    if (isBeginning || isNews(keys)) pool.push(input)
    for (const key of keys) seen.add(key)
    addBlocks(keys)
  }
  /** Whether any of them is new. */
  const addBlocks = (keys: ReadonlySet<string>): boolean => {
    const before = blocks.size
    for (const key of keys) {
      const block = blockOf(key)
      if (block !== undefined) blocks.add(block)
    }
    return blocks.size > before
  }
  const runTogether = async ([first, ...rest]: readonly Uint8Array[]): Promise<void> => {
    if (first === undefined) return
    await runAlone(first, false)
    for (const input of rest) await run(input)
    // How often a block ran in all of them together says nothing; that it ran at all does.
    if (addBlocks(coverage.take())) for (const input of rest) await runAlone(input, false)
  }
  return { pool, blocks, findings, executions: () => executions, runAlone, runTogether }
}

/**
 * A changed input. A third are made of good ones, which hold together: most of what was found since is broken somewhere, and a change
 * to it shows nothing of what lies behind. A third are made of what was found last.
 */
function childOf(
  pool: readonly Uint8Array[],
  good: number,
  { target, random }: FuzzParts,
): Uint8Array {
  const last = pool.length - 1
  const recent = random.below(Math.ceil(pool.length / 4))
  const at = random.pick([random.below(good), last - recent, random.below(pool.length)])
  const { dictionary = [] } = target
  return mutate(pool[at]!, target.format, { random, dictionary, other: random.pick(pool) })
}
