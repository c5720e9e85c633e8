import { readSettings, USAGE } from './bench-settings.ts'
import { readLoad } from './machine.ts'
import { exitCodeOf } from './row.ts'
import { runBench } from './run-bench.ts'
import { renderResults, writeResults } from './write-results.ts'

const reading = readSettings(process.argv.slice(2))
if (reading.ok) {
  const begun = performance.now()
  const load = readLoad()
  const results = await runBench(reading.settings, (line) => process.stderr.write(`${line}\n`))
  const rendered = renderResults(results, { now: new Date(), load })
  const seconds = Math.round((performance.now() - begun) / 1000)
  process.stdout.write(`\n${rendered}\n\nin ${seconds} s\n`)
  if (reading.settings.write) writeResults(results, rendered)
  process.exitCode = exitCodeOf(results.rows)
} else {
  process.stderr.write(`${reading.problem}\n${USAGE}`)
  process.exitCode = 2
}
