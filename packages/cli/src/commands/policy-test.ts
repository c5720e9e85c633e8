import type { CommandIo, ExitCode } from '../command-io.ts'
import { type NamedResult, runRows } from '../policy-rows/run-rows.ts'
import { readTextFile } from '../read-text-file.ts'

/**
 * Runs the rows of a file and prints those that fail; the last line counts them. Advisory rows are shown apart and never fail
 * the run.
 */
export async function testPolicies(path: string, { out, err }: CommandIo): Promise<ExitCode> {
  const file = await readTextFile(path)
  if ('problem' in file) {
    err(`thingpass: ${file.problem}\n`)
    return 2
  }
  const run = runRows(file.text)
  if (!run.ok) {
    err(`thingpass: ${path}: ${run.problem}\n`)
    return 2
  }
  const gated = run.results.filter(({ advisory }) => !advisory)
  const advisory = run.results.filter((row) => row.advisory)
  const failures = gated.filter(({ result }) => !result.passed)
  out(report(failures, 'failed'))
  out(
    report(
      advisory.filter(({ result }) => !result.passed),
      'advisory, not as expected',
    ),
  )
  if (advisory.length > 0) out(`${advisory.length} advisory rows are not counted\n`)
  out(`${gated.length - failures.length} passed, ${failures.length} failed\n`)
  return failures.length === 0 ? 0 : 1
}

function report(rows: readonly NamedResult[], verdict: string): string {
  return rows
    .map(({ name, result }) =>
      result.passed
        ? ''
        : `${verdict}: ${name}\n  expected ${result.expected}\n  got      ${result.got}\n`,
    )
    .join('')
}
