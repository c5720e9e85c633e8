import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProgram } from '../program.ts'
import { readCommandWords } from './command-words.ts'
import { completionScript, SHELLS } from './shell-scripts.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  await writeFile(join(folder, 'fleet.csv'), '')
})
afterAll(() => rm(folder, { recursive: true }))

async function script(shell: string): Promise<string> {
  let printed = ''
  const io = {
    out: (text: string) => {
      printed += text
    },
    err: () => undefined,
    environment: {},
  }
  expect(await runProgram(['completion', shell], io)).toBe(0)
  return printed
}

const example = () => {
  const program = new Command('thingpass')
  program.command('why').description("tell it's why: always").argument('<file>')
  const things = program.command('things').description('things')
  things.command('create').argument('<thing>').option('--pem <file>', 'PEM').option('-j, --json')
  return readCommandWords(program)
}

test('the tree is read with what each option and argument takes', () => {
  expect(example()).toEqual([
    {
      path: 'thingpass',
      commands: [
        { word: 'why', about: "tell it's why: always" },
        { word: 'things', about: 'things' },
      ],
      ...{ options: [], takesFile: false },
    },
    { path: 'thingpass why', commands: [], options: [], takesFile: true },
    {
      path: 'thingpass things',
      commands: [{ word: 'create', about: '' }],
      ...{ options: [], takesFile: false },
    },
    {
      ...{ path: 'thingpass things create', commands: [], takesFile: false },
      options: [
        { word: '--pem', about: 'PEM', takes: 'file' },
        { word: '--json', about: '', takes: 'nothing' },
      ],
    },
  ])
})

describe('in bash', () => {
  const complete = async (...words: readonly string[]) => {
    const run = `
      source "$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
      _thingpass; printf '%s\\n' "\${COMPREPLY[@]}"`
    const path = join(folder, 'completion.bash')
    await writeFile(path, await script('bash'))
    const { stdout } = await promisify(execFile)('bash', ['-c', run, 'bash', path, ...words], {
      cwd: folder,
    })
    return stdout.split('\n').filter((word) => word !== '')
  }

  test.each([
    [['thingpass', 'role-'], ['role-aliases']],
    [['thingpass', 'role-aliases', 'session-profile', 'p'], ['put']],
    [['thingpass', 'role-aliases', 'session-profile', 'put', '--f'], ['--file']],
    [['thingpass', 'things', 'create', 'describe', '--ty'], ['--type']],
    [['thingpass', 'things', 'create', '--type', ''], []],
    [['thingpass', 'things', 'list', '--prefix', '--js'], ['--json']],
    [['thingpass', 'thing-groups', 'list', '--prefix', '--js'], []],
    [
      ['thingpass', 'no-command', 'polic'],
      ['policy', 'policies'],
    ],
    [['thingpass', 'policy', 'test', 'fl'], ['fleet.csv']],
    [['thingpass', 'policies', 'create', '--document', 'fl'], ['fleet.csv']],
    [['thingpass', 'things', 'describe', 'fl'], []],
  ])('%j is completed by %j', async (words, wanted) => {
    expect(await complete(...words)).toEqual(wanted)
  })
})

const installed = SHELLS.filter(
  (shell) => spawnSync(shell, ['-c', 'true'], { stdio: 'ignore' }).status === 0,
)

test.each(installed)('%s can read its script', async (shell) => {
  const path = join(folder, `script.${shell}`)
  await writeFile(path, await script(shell))
  const { status, stderr } = spawnSync(shell, ['-n', path], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test('descriptions cannot leave their quotes, nor the form of their shell', () => {
  expect(completionScript('zsh', example())).toContain(String.raw`'why:tell it'\''s why\: always'`)
  expect(completionScript('fish', example())).toContain(
    String.raw`-a why -d 'tell it\'s why: always'`,
  )
})

test('fish is told which options take files, other values, or nothing', () => {
  const lines = completionScript('fish', example())
  expect(lines).toContain("-n '__thingpass_at thingpass things create' -l pem -r -F -d 'PEM'\n")
  expect(lines).toContain("-n '__thingpass_at thingpass things create' -l json -d ''\n")
  expect(lines).toContain("-n '__thingpass_at thingpass why' -F\n")
})

test('a shell that is not known is not understood', async () => {
  const io = { out: () => undefined, err: () => undefined, environment: {} }
  expect(await runProgram(['completion', 'tcsh'], io)).toBe(2)
})
