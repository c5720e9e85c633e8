import { runSstDiff } from './sst-diff.ts'

/** Runs the real `sst diff` with stand-ins and prints what a stage would create. Argument: the stage, `dev` by default. */
const [stage = 'dev'] = process.argv.slice(2)
const { code, text, types } = await runSstDiff(stage)
if (code === 0) process.stdout.write(`${types.join('\n')}\n${types.length} to create\n`)
else process.stderr.write(text)
process.exitCode = code ?? 1
