import { parseArgs } from 'node:util'
import type { FuzzTarget } from './fuzz-target.ts'
import { createInputStore } from './inputs.ts'
import { type FuzzSettings, runFuzz } from './run-fuzz.ts'
import { FUZZ_TARGETS } from './targets.ts'

const USAGE = `usage: npm run fuzz -- [--minutes N] [--target NAME] [--seed N] [--keep]
  --minutes  for all targets together; 1 unless told otherwise, fractions are fine
  --target   one of ${FUZZ_TARGETS.map(({ name }) => name).join(', ')}
  --seed     of the changes; else the time
  --keep     writes the inputs that are worth keeping to tests/fuzz/corpus
`

/** Undefined for a line that asks for nothing that can be done. */
function readLine(): (FuzzSettings & { readonly targets: readonly FuzzTarget[] }) | undefined {
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
    const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
    const targets = FUZZ_TARGETS.filter(({ name }) => target === undefined || name === target)
    const isFit = minutes > 0 && Number.isSafeInteger(seed) && targets.length > 0
    return isFit ? { targets, minutes, seed, keep } : undefined
  } catch {
    return undefined
  }
}

/** 0 where nothing failed, 1 where something did, 2 where nothing was tried. */
async function main(): Promise<number> {
  const asked = readLine()
  if (asked === undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  const print = (line: string) => process.stdout.write(`${line}\n`)
  const store = createInputStore(import.meta.dirname)
  return (await runFuzz(asked.targets, asked, { print, store })) ? 0 : 1
}

// A promise that a target left behind and that was rejected is a failure, too.
process.on('unhandledRejection', (thrown) => {
  process.stderr.write(`FINDING: nobody waited for a promise: ${String(thrown)}\n`)
  process.exit(1)
})
process.exitCode = await main()
