import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findCandidateFiles } from './candidate-files.ts'
import { listTests, runTests } from './vitest-process.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

const MAIN = resolve(import.meta.dirname, 'threats.main.ts')
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'thingpass-threats-'))
  await mkdir(join(root, 'tests/table'), { recursive: true })
  await mkdir(join(root, 'functions'))
  await symlink(resolve(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'))
})
afterEach(() => rm(root, { recursive: true }))

// Put together here, so that no title of this file names a threat.
const id = (number: number) => ['T', number].join('')
const write = (path: string, text: string) => writeFile(join(root, path), text)
const head = "import { test, expect } from 'vitest'\n"

test('tests are found by an id in their file, or in a table that they load through others', async () => {
  await write('functions/plain.test.ts', `${head}test('nothing', () => {})`)
  await write('functions/own.test.ts', `${head}test('${id(90)}: own', () => {})`)
  await write('functions/own.slow.test.ts', `${head}test('${id(90)}: slow', () => {})`)
  await write('tests/table/rows.ts', `export const ROWS = { '${id(91)}: row': 1 }`)
  await write('tests/table/through.ts', "export { ROWS } from './rows.ts'")
  await write(
    'tests/by-table.test.ts',
    `${head}import { ROWS } from './table/through.ts'\ntest.each(Object.entries(ROWS))('%s', () => {})`,
  )
  const files = await findCandidateFiles(root)
  expect(files).toEqual(['functions/own.test.ts', 'tests/by-table.test.ts'])
  const tests = await listTests(root, files)
  expect(tests.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
    { file: 'functions/own.test.ts', name: `${id(90)}: own` },
    { file: 'tests/by-table.test.ts', name: `${id(91)}: row` },
  ])
})

test('of a file that is run the tests with an id count, and what fails or is skipped has not passed', async () => {
  await write(
    'functions/some.test.ts',
    `${head}test('${id(90)}: passes', () => {})
test('${id(90)}: fails', () => { expect(1).toBe(2) })
test.skip('${id(90)}: is skipped', () => {})
test('no id', () => { expect(1).toBe(2) })`,
  )
  const results = await runTests(root, ['functions/some.test.ts'])
  expect(results.map(({ name, passed }) => [name, passed])).toEqual([
    [`${id(90)}: passes`, true],
    [`${id(90)}: fails`, false],
    [`${id(90)}: is skipped`, false],
  ])
})

test('a file that cannot be collected is an error, not a file without tests', async () => {
  await write('functions/broken.test.ts', `${head}test('${id(90)}: never', () => {})\nthrow 1`)
  await expect(listTests(root, ['functions/broken.test.ts'])).rejects.toThrow(/no report/)
  await expect(runTests(root, ['functions/broken.test.ts'])).rejects.toThrow(/broken/)
})

test('an unknown argument prints how it is used', () => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, '--quick'], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([2, 'usage: npm run threats [-- --check]\n'])
})
