import { startCoverage } from './coverage.ts'
import { fuzz } from './fuzz-loop.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import type { InputStore } from './inputs.ts'
import { createRandom } from './random.ts'
import { smallestCorpus } from './smallest-corpus.ts'
import { smallestInput } from './smallest-input.ts'

/** How a run is set. */
export type FuzzSettings = {
  /** For all targets together. */
  readonly minutes: number
  readonly seed: number
  /** Whether the inputs that are worth it are kept for the next run. */
  readonly keep: boolean
}

/** Where a run reads from and writes to. */
export type FuzzPlaces = { readonly print: (line: string) => void; readonly store: InputStore }

type Row = {
  readonly name: string
  readonly executions: number
  readonly blocks: number
  readonly kept: number
  readonly findings: number
}

/** Whose coverage guides the search: this project's code, but neither tests nor what makes their fakes. */
const isOurs = (url: string) =>
  /\/(?:packages\/[^/]+\/src|functions)\//.test(url) && !url.includes('/testing/')

/** Fuzzes the targets one after the other and prints a table; whether none of them failed. */
export async function runFuzz(
  targets: readonly FuzzTarget[],
  settings: FuzzSettings,
  places: FuzzPlaces,
): Promise<boolean> {
  const { minutes, seed } = settings
  const { print } = places
  print(`seed ${seed}, ${minutes} minutes, ${targets.length} targets`)
  const rows: Row[] = []
  for (const target of targets) rows.push(await fuzzOne(target, targets.length, settings, places))
  print(lineOf('target', ['executions', 'blocks', 'new corpus', 'findings']))
  for (const { name, executions, blocks, kept, findings } of rows) {
    print(lineOf(name, [executions, blocks, kept, findings]))
  }
  return rows.every(({ findings }) => findings === 0)
}

async function fuzzOne(
  target: FuzzTarget,
  share: number,
  { minutes, seed, keep }: FuzzSettings,
  { print, store }: FuzzPlaces,
): Promise<Row> {
  const { name } = target
  const coverage = startCoverage(isOurs)
  const until = performance.now() + (minutes * 60_000) / share
  const corpus = [...store.readCorpus(name), ...store.readFindings(name)]
  const goOn = () => performance.now() < until
  const outcome = await fuzz({ target, corpus, coverage, random: createRandom(seed), goOn })
  for (const finding of outcome.findings) {
    const file = store.writeFinding(name, await smallestInput(target, finding))
    print(`FINDING ${name} --seed ${seed} tests/fuzz/${file}`)
    print(`  ${finding.message}\n  ${finding.place}`)
  }
  if (keep) {
    const inputs = [...store.readCorpus(name), ...outcome.kept]
    store.writeCorpus(name, await smallestCorpus(target, inputs, coverage))
  }
  coverage.stop()
  const { executions, blocks, kept, findings } = outcome
  return { name, executions, blocks, kept: kept.length, findings: findings.length }
}

function lineOf(name: string, cells: readonly (string | number)[]): string {
  return name.padEnd(22) + cells.map((cell) => String(cell).padStart(12)).join('')
}
