import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueCa } from '@thingpass/local/pki/issue-certificate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallControl, ControlAnswer, ControlCall } from '../control-client/control-client.ts'
import { runProgram } from '../program.ts'
import { type ExplainOptions, explainDecision } from './explain.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

const ID = 'ab'.repeat(32)
const explanation = {
  certificateId: ID,
  roleAlias: 'camera',
  assumed: { hostName: 'h', sourceIp: '::1', time: 't' },
  decision: 'allow',
  answer: { status: 200 },
  ...{ steps: [], policies: [], statements: [] },
}

async function explain(
  options: Partial<ExplainOptions> = {},
  answer: ControlAnswer = { ok: true, json: explanation },
) {
  const printed = { out: '', err: '' }
  const calls: ControlCall[] = []
  const call: CallControl = async (each) => {
    calls.push(each)
    return answer
  }
  const code = await explainDecision({ certificate: ID, alias: 'camera', ...options }, call, {
    out: (text) => {
      printed.out += text
    },
    err: (text) => {
      printed.err += text
    },
    environment: {},
  })
  return { code, calls, ...printed }
}

test('the question goes to the operation, whole', async () => {
  const options = { certificate: ID.toUpperCase(), thing: 'cam-1', sourceIp: '192.0.2.7' }
  const { calls, code, err } = await explain(options)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(calls).toEqual([
    {
      ...{ method: 'POST', path: '/thingpass/explain' },
      body: { certificateId: ID, roleAlias: 'camera', thingName: 'cam-1', sourceIp: '192.0.2.7' },
    },
  ])
  expect((await explain()).calls[0]?.body).toEqual({ certificateId: ID, roleAlias: 'camera' })
})

test('a grant ends with 0 and is told; to programs as it is', async () => {
  expect((await explain()).out).toMatch(/^allow {2}HTTP 200\n/)
  const { out, code } = await explain({ json: true })
  expect({ code, out }).toEqual({ code: 0, out: `${JSON.stringify(explanation)}\n` })
})

test('a refusal ends with 1', async () => {
  const json = { ...explanation, decision: 'deny', reason: 'alias-unknown' }
  expect(await explain({}, { ok: true, json })).toMatchObject({
    ...{ code: 1, err: '' },
    out: expect.stringContaining('alias-unknown'),
  })
})

test('a certificate that the tenant does not have ends with 1, and where else it may be', async () => {
  const error = { code: 'ResourceNotFoundException', message: 'none', status: 404 }
  expect(await explain({}, { ok: false, error })).toMatchObject({
    ...{ code: 1, out: '' },
    err: 'thingpass: none: it may be of another tenant (--tenant), or not be registered\n',
  })
})

test.each<[string, ControlAnswer]>([
  [
    'M (AccessDeniedException, HTTP 403)',
    { ok: false, error: { code: 'AccessDeniedException', message: 'M', status: 403 } },
  ],
  ['nobody there', { problem: 'nobody there' }],
  ...[
    null,
    'text',
    {},
    { ...explanation, decision: 'maybe' },
    { ...explanation, steps: undefined },
    { ...explanation, answer: 'none' },
    { ...explanation, assumed: undefined },
  ].map((json): [string, ControlAnswer] => ['no explanation', { ok: true, json }]),
])('that there is no explanation ends with 2: %s', async (problem, answer) => {
  const { code, out, err } = await explain({}, answer)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(problem)
})

describe('a certificate', () => {
  test('is taken from a PEM file, the first where a chain follows', async () => {
    const now = new Date()
    const issue = (commonName: string) => issueCa({ commonName, now, validDays: 1 })
    const [first, second] = [await issue('one'), await issue('two')]
    const path = join(folder, 'chain.pem')
    await writeFile(path, `${first.certificatePem}\n${second.certificatePem}`)
    const chain = await explain({ certificate: path })
    await writeFile(path, first.certificatePem)
    const alone = await explain({ certificate: path })
    expect(chain.calls[0]?.body).toEqual(alone.calls[0]?.body)
    expect(chain.calls[0]?.body).toMatchObject({
      certificateId: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  test('that is none is not shown', async () => {
    const path = join(folder, 'secret.pem')
    await writeFile(path, 'what nobody should see')
    const { code, err, calls } = await explain({ certificate: path })
    expect({ code, calls, err }).toEqual({
      ...{ code: 2, calls: [], err: `thingpass: ${path} is no certificate\n` },
    })
  })
})

test.each<[Partial<ExplainOptions>, string]>([
  [{ certificate: 'none.pem' }, 'none.pem cannot be read'],
  [{ alias: 'a b' }, '--alias'],
  [{ thing: 'a b' }, '--thing'],
  [{ sourceIp: 'localhost' }, '--source-ip'],
])('with %j nothing is asked', async (options, problem) => {
  const { code, err, calls } = await explain(options)
  expect({ code, calls }).toEqual({ code: 2, calls: [] })
  expect(err).toContain(problem)
})

test.each([
  [['--alias', 'a'], '--certificate'],
  [['--certificate', ID], '--alias'],
  [['--certificate', ID, '--alias', 'a', '--endpoint', 'x'], '--endpoint'],
  [['--certificate', ID, '--alias', 'a', '--data-dir', '/nonexistent'], 'npm start'],
])('the command line %j ends with 2', async (args, problem) => {
  let told = ''
  const code = await runProgram(['explain', ...args], {
    out: () => undefined,
    err: (text) => {
      told += text
    },
    environment: {},
  })
  expect(code).toBe(2)
  expect(told).toContain(problem)
})
