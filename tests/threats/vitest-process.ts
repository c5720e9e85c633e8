import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { idsIn, type NamedTest, type TestResult } from './coverage.ts'

/** Names of all tests of the files, collected and not run: rows of tables with their own titles. */
export async function listTests(
  root: string,
  files: readonly string[],
): Promise<readonly NamedTest[]> {
  const { report } = await runVitest<readonly NamedTest[]>(root, (output) => [
    'list',
    '--staticParse=false', // what a static reading leaves of a table is `%s`
    `--json=${output}`,
    ...files,
  ])
  return report
    .map(({ file, name }) => ({ file: fromRoot(root, file), name }))
    .filter(({ name }) => idsIn(name).length > 0)
}

type JsonReport = {
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

/**
 * Runs the files, and tells of their tests that carry an id. Whole files: some tests look at what those before them have done. Whatever did not
 * pass, skipped ones too, has not passed.
 * @throws for a file that cannot be collected: its tests would be missing
 */
export async function runTests(
  root: string,
  files: readonly string[],
): Promise<readonly TestResult[]> {
  const { report } = await runVitest<JsonReport>(root, (output) => [
    'run',
    '--reporter=json',
    `--outputFile=${output}`,
    ...files,
  ])
  const broken = report.testResults.find((file) => file.assertionResults.length === 0)
  if (broken) throw new Error(`${fromRoot(root, broken.name)} was not run: ${broken.message}`)
  return report.testResults
    .flatMap(({ name: file, assertionResults }) =>
      assertionResults.map(({ ancestorTitles, title, status }) => ({
        file: fromRoot(root, file),
        name: [...ancestorTitles, title].join(' > '),
        passed: status === 'passed',
      })),
    )
    .filter(({ name }) => idsIn(name).length > 0)
}

const fromRoot = (root: string, file: string): string => relative(root, file).replaceAll('\\', '/')

/** @throws when vitest leaves no report: then it has not collected anything */
async function runVitest<Report>(
  root: string,
  argumentsFor: (output: string) => readonly string[],
): Promise<{ readonly report: Report }> {
  const folder = await mkdtemp(join(tmpdir(), 'thingpass-threats-'))
  const output = join(folder, 'report.json')
  try {
    const program = join(root, 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [program, ...argumentsFor(output)], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const errors: string[] = []
    child.stderr.on('data', (chunk: Buffer) => errors.push(String(chunk)))
    await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
    const text = await readFile(output, 'utf8').catch(() => undefined)
    if (text === undefined) throw new Error(`vitest left no report: ${errors.join('')}`)
    return { report: JSON.parse(text) }
  } finally {
    await rm(folder, { recursive: true })
  }
}
