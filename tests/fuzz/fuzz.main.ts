import { parseArgs } from 'node:util'
import { startCoverage } from './coverage.ts'
import { fuzz } from './fuzz-loop.ts'
import type { FuzzTarget } from './fuzz-target.ts'
import { readCorpus, readFindings, writeCorpus, writeFinding } from './inputs.ts'
import { createRandom } from './random.ts'
import { smallestCorpus } from './smallest-corpus.ts'
import { smallestInput } from './smallest-input.ts'
import { FUZZ_TARGETS } from './targets.ts'

const USAGE = `usage: npm run fuzz -- [--minutes N] [--target NAME] [--seed N] [--keep]
  --minutes  for all targets together; 1 unless told otherwise, fractions are fine
  --target   one of ${FUZZ_TARGETS.map(({ name }) => name).join(', ')}
  --seed     of the changes; else the time
  --keep     writes the inputs that are worth keeping to tests/fuzz/corpus`

/** Whose coverage guides the search: this project's code, but neither tests nor what makes their fakes. */
const isOurs = (url: string) =>
  /\/(?:packages\/[^/]+\/src|functions)\//.test(url) && !url.includes('/testing/')

type Settings = {
  readonly targets: readonly FuzzTarget[]
  readonly minutes: number
  readonly seed: number
  readonly keep: boolean
}

function settingsOf(): Settings | undefined {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: '1' },
        target: { type: 'string' },
        seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
        keep: { type: 'boolean', default: false },
      },
    })
    const { target, keep } = values
    const minutes = Number(values.minutes)
    const seed = Number(values.seed)
    const targets = FUZZ_TARGETS.filter(({ name }) => target === undefined || name === target)
    const isFit = minutes > 0 && Number.isSafeInteger(seed) && targets.length > 0
    return isFit ? { targets, minutes, seed, keep } : undefined
  } catch {
    return undefined
  }
}

const print = (line: string) => process.stdout.write(`${line}\n`)

/** Fuzzes one target for so many milliseconds; the row of the table. */
async function fuzzOne(target: FuzzTarget, milliseconds: number, { seed, keep }: Settings) {
  const coverage = startCoverage(isOurs)
  const until = performance.now() + milliseconds
  const corpus = [...readCorpus(target.name), ...readFindings(target.name)]
  const goOn = () => performance.now() < until
  const outcome = await fuzz({ target, corpus, coverage, random: createRandom(seed), goOn })
  for (const finding of outcome.findings) {
    const input = await smallestInput(target, finding)
    const file = writeFinding(target.name, input)
    print(`FINDING ${target.name} --seed ${seed} tests/fuzz/${file}\n  ${finding.message}`)
    print(`  ${finding.place}`)
  }
  if (keep) {
    const worth = await smallestCorpus(
      target,
      [...readCorpus(target.name), ...outcome.kept],
      coverage,
    )
    writeCorpus(target.name, worth)
  }
  coverage.stop()
  const { executions, blocks, kept, findings } = outcome
  return { target: target.name, executions, blocks, kept: kept.length, findings: findings.length }
}

async function main(): Promise<number> {
  const settings = settingsOf()
  if (settings === undefined) {
    print(USAGE)
    return 2
  }
  const { targets, minutes, seed } = settings
  print(`seed ${seed}, ${minutes} minutes, ${targets.length} targets`)
  const rows: Awaited<ReturnType<typeof fuzzOne>>[] = []
  for (const target of targets) {
    rows.push(await fuzzOne(target, (minutes * 60_000) / targets.length, settings))
  }
  print(row('target', 'executions', 'blocks', 'new corpus', 'findings'))
  for (const { target, executions, blocks, kept, findings } of rows) {
    print(row(target, ...[executions, blocks, kept, findings].map(String)))
  }
  return rows.some(({ findings }) => findings > 0) ? 1 : 0
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(22) + cells.map((cell) => cell.padStart(12)).join('')
}

// Refused promises of a target that nobody waits for are findings, too.
process.on('unhandledRejection', (thrown) => {
  print(`FINDING: a promise that nobody waited for was rejected: ${String(thrown)}`)
  process.exit(1)
})
process.exitCode = await main()
