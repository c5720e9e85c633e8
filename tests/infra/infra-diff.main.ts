import { runSstDiff } from './sst-diff.ts'

/** Runs the real `sst diff` with stand-ins and prints what a stage would create. Argument: the stage, `dev` by default. */
const [stage = 'dev'] = process.argv.slice(2)
const { code, text, types, bundles } = await runSstDiff(stage)
const sizes = Object.entries(bundles).map(
  ([name, bundle]) => `${name}: a bundle of ${Buffer.byteLength(bundle)} bytes`,
)
const lines = [...types.toSorted(), ...sizes, `${types.length} resources to create`]
if (code === 0) process.stdout.write(`${lines.join('\n')}\n`)
else process.stderr.write(text)
process.exitCode = code ?? 1
