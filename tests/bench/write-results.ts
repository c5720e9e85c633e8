import { readFileSync, writeFileSync } from 'node:fs'
import { replaceGenerated } from './document.ts'
import { describeMachine } from './machine.ts'
import { renderPlot } from './plot.ts'
import type { BenchResults } from './run-bench.ts'
import { renderTable } from './table.ts'

const DOCUMENT = new URL('../../docs/performance.md', import.meta.url)
const PLOT = new URL('../../docs/performance.svg', import.meta.url)

/** Everything that a run tells: table, remarks, machine. */
export function renderResults(
  { rows, remarks }: BenchResults,
  { now, load }: { readonly now: Date; readonly load: number },
): string {
  const told = [...remarks, ...describeMachine(now, load)].map((line) => `- ${line}`)
  return `${renderTable(rows)}\n\n${told.join('\n')}`
}

/** Renews the documentation's figures and its plot. */
export function writeResults(results: BenchResults, rendered: string): void {
  const plot = '![Ratios of the bench with their limits](performance.svg)'
  const document = readFileSync(DOCUMENT, 'utf8')
  writeFileSync(DOCUMENT, replaceGenerated(document, `${plot}\n\n${rendered}`))
  writeFileSync(PLOT, renderPlot(results.rows))
}
