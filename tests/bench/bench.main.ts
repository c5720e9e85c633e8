import { readSettings, USAGE } from './bench-settings.ts'
import { exitCodeOf } from './row.ts'
import { runBench } from './run-bench.ts'
import { renderTable } from './table.ts'

const reading = readSettings(process.argv.slice(2))
if (reading.ok) {
  const begun = performance.now()
  const { rows, remarks } = await runBench(reading.settings, (line) =>
    process.stderr.write(`${line}\n`),
  )
  const seconds = Math.round((performance.now() - begun) / 1000)
  process.stdout.write(`\n${renderTable(rows)}\n\n${remarks.join('\n')}\n${seconds} s\n`)
  process.exitCode = exitCodeOf(rows)
} else {
  process.stderr.write(`${reading.problem}\n${USAGE}`)
  process.exitCode = 2
}
