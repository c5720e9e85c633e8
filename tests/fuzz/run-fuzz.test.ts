import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { FuzzTarget } from './fuzz-target.ts'
import { createInputStore } from './inputs.ts'
import { runFuzz } from './run-fuzz.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thingpass-fuzz-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const target = (run: FuzzTarget['run'], name = 'toy'): FuzzTarget => ({
  ...{ name, format: 'text', run },
  seeds: () => ['abcdef'],
})
const SETTINGS = { minutes: 0.002, seed: 3, keep: false }

async function run(targets: readonly FuzzTarget[], settings = SETTINGS) {
  const lines: string[] = []
  const store = createInputStore(folder)
  const passed = await runFuzz(targets, settings, { print: (line) => lines.push(line), store })
  return { passed, lines, store }
}

test('a run in which nothing fails ends with a row for each target', async () => {
  const { passed, lines } = await run([target(() => undefined), target(() => undefined, 'other')])
  expect(passed).toBe(true)
  expect(lines[0]).toBe('seed 3, 0.002 minutes, 2 targets')
  expect(lines[1]).toMatch(/^target +executions +blocks +new corpus +findings$/)
  expect(lines.slice(2)).toEqual([
    expect.stringMatching(/^toy +[1-9]\d* +\d+ +\d+ +0$/),
    expect.stringMatching(/^other +[1-9]\d* +\d+ +\d+ +0$/),
  ])
  expect(readdirSync(folder)).toEqual([])
})

const failing = target((input) => {
  if (Buffer.from(input).includes('cd')) throw new TypeError('not this')
})

test('an input that fails is written down as small as it can be, and named with the seed', async () => {
  const { passed, lines, store } = await run([failing])
  expect(passed).toBe(false)
  expect(store.readFindings('toy').map(String)).toEqual([String(Buffer.from('cd'))])
  const [file] = readdirSync(join(folder, 'findings', 'toy'))
  expect(lines[1]).toBe(`FINDING toy --seed 3 tests/fuzz/findings/toy/${file}`)
  expect(lines[2]).toContain('TypeError: not this')
  expect(lines.at(-1)).toMatch(/^toy +\d+ +\d+ +\d+ +1$/)
})

test('an input that once failed is tried again at once', async () => {
  createInputStore(folder).writeFinding('toy', Buffer.from('xyz'))
  const seen: string[] = []
  await run([target((input) => void seen.push(Buffer.from(input).toString()))])
  expect(seen.slice(0, 2)).toEqual(['abcdef', 'xyz'])
})

test('inputs are kept where it is asked for, each in one line', async () => {
  await run([target(() => undefined)], { ...SETTINGS, keep: true })
  expect(existsSync(join(folder, 'corpus', 'toy', 'inputs.b64'))).toBe(true)
  const store = createInputStore(folder)
  store.writeCorpus('toy', [Buffer.from('a\nb'), Buffer.alloc(0), Buffer.of(255)])
  expect(store.readCorpus('toy').map((input) => [...input])).toEqual([[97, 10, 98], [], [255]])
})

describe('the command', () => {
  const program = fileURLToPath(new URL('fuzz.main.ts', import.meta.url))
  const command = (...args: readonly string[]) =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' })

  test('fuzzes one target', { timeout: 30_000 }, () => {
    const { status, stdout } = command(
      '--minutes',
      '0.01',
      '--target',
      'thing-header',
      '--seed',
      '1',
    )
    expect(stdout).toMatch(/^seed 1, 0\.01 minutes, 1 targets\n/)
    expect(stdout).toMatch(/^thing-header +[1-9]\d* +[1-9]\d* +\d+ +0$/m)
    expect(status).toBe(0)
  })

  test.each([[['--target', 'nothing']], [['--minutes', '0']], [['--unknown']]])(
    'says how it is used after %s',
    { timeout: 30_000 },
    (args) => {
      const { status, stderr } = command(...args)
      expect(status).toBe(2)
      expect(stderr).toMatch(/^usage: npm run fuzz/)
    },
  )
})
