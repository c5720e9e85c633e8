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

describe('why', () => {
  const dataDir = async (...lines: string[]) => {
    await writeFile(join(folder, 'audit.jsonl'), lines.join('\n'))
    return ['--data-dir', folder]
  }
  const line = JSON.stringify({
    requestId: 'r-1',
    time: '2026-03-04T05:06:07.000Z',
    decision: 'deny',
    status: 404,
    reason: 'alias-unknown',
    timings: {},
  })

  test('tells of a past answer', async () => {
    const { code, out, err } = await thingpass('why', 'r-1', ...(await dataDir('{', line)))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('why         alias-unknown')
  })

  test('shows the record itself to programs', async () => {
    const { out } = await thingpass('why', 'r-1', '--json', ...(await dataDir(line)))
    expect(out).toBe(`${line}\n`)
  })

  test('ends with 1 where there is no record', async () => {
    const { code, err } = await thingpass('why', 'r-2', ...(await dataDir(line)))
    expect({ code, err }).toEqual({
      code: 1,
      err: 'thingpass: there is no record of request r-2\n',
    })
  })

  test.each([
    ['a directory without audit file', ['why', 'r-1', '--data-dir', '/nonexistent']],
    ['no request id', ['why', 'r 1" || true']],
    ['a log group without region', ['why', 'r-1', '--log-group', 'x']],
    [
      'no number of days',
      ['why', 'r-1', '--log-group', 'x', '--region', 'us-east-1', '--days', '0'],
    ],
  ])('ends with 2 for %s', async (_, args) => {
    expect(await thingpass(...args)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^thingpass: /),
    })
  })
})

describe('policy lint', () => {
  const policy = (resource: string) => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: resource },
  })

  test('of a policy without findings ends with 0', async () => {
    const path = await fileOf(policy('arn:aws:s3:::b/x'))
    expect(await thingpass('policy', 'lint', path)).toEqual({
      code: 0,
      err: '',
      out: '0 findings\n',
    })
  })

  test('of one with findings ends with 1 and lists them', async () => {
    const path = await fileOf(policy(`arn:aws:s3:::b/*/\${iot:CertificateId}`))
    const { code, out } = await thingpass('policy', 'lint', path)
    expect(code).toBe(1)
    expect(out).toMatch(/^statement 0: wildcard-before-variable: .*\n1 findings\n$/)
    const json = await thingpass('policy', 'lint', path, '--json')
    expect(JSON.parse(json.out)).toMatchObject([{ rule: 'wildcard-before-variable' }])
  })

  test('holds it against a role', async () => {
    const path = await fileOf(policy('arn:aws:s3:::b/x'))
    const role = join(folder, 'role.json')
    await writeFile(role, JSON.stringify(policy('arn:aws:s3:::c/x')))
    const { code, out } = await thingpass('policy', 'lint', path, '--role-policy', role)
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('role-does-not-allow') })
  })

  test('judges it as a session policy on demand', async () => {
    const path = await fileOf(policy(`arn:aws:s3:::b/\${iot:ClientId}`))
    expect((await thingpass('policy', 'lint', path)).code).toBe(0)
    expect((await thingpass('policy', 'lint', path, '--session')).out).toContain(
      'invalid-session-policy',
    )
  })

  test.each([[['none.json']], [['none.json', '--role-policy', 'none.json']]])(
    'of %j ends with 2',
    async (args) => {
      expect(await thingpass('policy', 'lint', ...args)).toMatchObject({ code: 2, out: '' })
    },
  )
})
