import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runProgram } from './program.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function thingpass(...args: string[]) {
  const printed = { out: '', err: '' }
  const code = await runProgram(args, {
    out: (text) => {
      printed.out += text
    },
    err: (text) => {
      printed.err += text
    },
    environment: {},
  })
  return { code, ...printed }
}
const fileOf = async (content: unknown) => {
  const path = join(folder, 'rows.json')
  await writeFile(path, JSON.stringify(content))
  return path
}
const row = {
  policies: [
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  ],
  request: { action: 's3:GetObject', resource: 'arn:aws:s3:::b/x', context: {} },
  expect: 'allow',
}

test.each([
  [[]],
  [['frob']],
  [['policy', 'frob']],
  [['policy', 'test']],
  [['policy', 'test', 'a', 'b']],
  [['--frob']],
])('a line that cannot be understood ends with 2 and says so: %j', async (args) => {
  const { code, out, err } = await thingpass(...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).not.toBe('')
})

test.each([[['--help']], [['policy', '--help']], [['policy', 'test', '--help']]])(
  '%j shows help and ends with 0',
  async (args) => {
    expect(await thingpass(...args)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('Usage:'),
    })
  },
)

describe('policy test', () => {
  test('of rows that hold ends with 0 and counts them last', async () => {
    const path = await fileOf([row, row])
    expect(await thingpass('policy', 'test', path)).toEqual({
      code: 0,
      err: '',
      out: '2 passed, 0 failed\n',
    })
  })

  test('of a row that fails ends with 1 and shows expected and got', async () => {
    const path = await fileOf([row, { ...row, id: 'D2', expect: 'explicitDeny' }])
    expect(await thingpass('policy', 'test', path)).toEqual({
      code: 1,
      err: '',
      out: 'failed: D2\n  expected explicitDeny\n  got      allow (as iot policy)\n1 passed, 1 failed\n',
    })
  })

  test('does not count advisory rows', async () => {
    const path = await fileOf([row, { ...row, id: 'D3', advisory: true, expect: 'explicitDeny' }])
    const { code, out } = await thingpass('policy', 'test', path)
    expect(code).toBe(0)
    expect(out).toBe(
      'advisory, not as expected: D3\n  expected explicitDeny\n  got      allow (as iot policy)\n1 advisory rows are not counted\n1 passed, 0 failed\n',
    )
  })

  test.each([
    ['a file that is not there', async () => join(folder, 'none')],
    ['a file that is no list of rows', () => fileOf({})],
  ])('of %s ends with 2', async (_, path) => {
    expect(await thingpass('policy', 'test', await path())).toMatchObject({ code: 2, out: '' })
  })
})
