import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findCandidateFiles } from './candidate-files.ts'
import { problemsOf } from './coverage.ts'
import { renderThreats } from './document.ts'
import { THREATS } from './threat-list.ts'
import { listTests, runTests } from './vitest-process.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const PAGE = resolve(ROOT, 'docs/threats.md')
const USAGE = 'usage: npm run threats [-- --check]\n'
const WRONG_USAGE = 2

process.exitCode = await main().catch((thrown: Error) => {
  process.stderr.write(`${thrown.message}\n`)
  return WRONG_USAGE
})

async function main(): Promise<number> {
  const check = readArguments()
  if (check === undefined) {
    process.stderr.write(USAGE)
    return WRONG_USAGE
  }
  const files = await findCandidateFiles(ROOT)
  return check ? checkPage(files) : writePage(files)
}

/** Whether to check alone; undefined for arguments that are not known. */
function readArguments(): boolean | undefined {
  try {
    return parseArgs({ options: { check: { type: 'boolean', default: false } } }).values.check
  } catch {
    return undefined
  }
}

async function writePage(files: readonly string[]): Promise<number> {
  const named = new Set((await listTests(ROOT, files)).map(({ file }) => file))
  const results = await runTests(ROOT, [...named].toSorted())
  await writeFile(PAGE, renderThreats(THREATS, results))
  return tell(problemsOf(THREATS, results), `${results.length} tests, docs/threats.md written`)
}

/** Runs nothing: a committed page has to say that all tests pass, which `npm test` then holds. */
async function checkPage(files: readonly string[]): Promise<number> {
  const tests = (await listTests(ROOT, files)).map((test) => ({ ...test, passed: true }))
  const written = await readFile(PAGE, 'utf8').catch(() => '')
  const stale =
    written === renderThreats(THREATS, tests) ? [] : ['docs/threats.md is stale: npm run threats']
  const state = stale.length > 0 ? 'stale' : 'up to date'
  return tell([...problemsOf(THREATS, tests), ...stale], `${tests.length} tests, page ${state}`)
}

function tell(problems: readonly string[], summary: string): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  process.stdout.write(`threats: ${summary}, ${problems.length} problems\n`)
  return problems.length === 0 ? 0 : 1
}
