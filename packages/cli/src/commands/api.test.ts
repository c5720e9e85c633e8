import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiCommand } from '../api/api-command.ts'
import { constant, fileText, pairs, wholeNumber } from '../api/option-readers.ts'
import type { ApiRequest, SendApi } from '../api/send-api.ts'
import { runApiCommand } from './api.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

type Answers = readonly (object | ((request: ApiRequest) => object))[]

/** Runs a command; each call is answered in turn. */
async function run(
  command: Partial<ApiCommand>,
  given: { positional?: readonly string[]; options?: Record<string, unknown> } = {},
  answers: Answers = [{}],
) {
  const asked: ApiRequest[] = []
  const printed = { out: '', err: '' }
  const send: SendApi = async (request) => {
    const answer = answers[asked.push(request) - 1]
    if (answer === undefined) throw new Error('one call too many')
    const json = typeof answer === 'function' ? answer(request) : answer
    return 'problem' in json || 'ok' in json ? (json as never) : { ok: true, json }
  }
  const io = {
    out: (text: string) => {
      printed.out += text
    },
    err: (text: string) => {
      printed.err += text
    },
    environment: {},
  }
  const whole: ApiCommand = {
    ...{ verb: 'frob', about: '', example: '', call: { operation: 'CreateThing' } },
    ...command,
  }
  const code = await runApiCommand(
    whole,
    { positional: given.positional ?? [], options: given.options ?? {} },
    { send, io },
  )
  return { code, asked, ...printed }
}

test('arguments and options become the input, nested where their members are', async () => {
  const { asked, code } = await run(
    {
      arguments: [{ name: 'thing', member: 'thingName' }],
      options: [
        { flags: '--attr <k=v>', about: '', member: 'payload.attributes', read: pairs },
        { flags: '--merge-all', about: '', member: 'payload.merge' },
        { flags: '--expected-version <n>', about: '', member: 'version', read: wholeNumber },
        { flags: '--absent', about: '', member: 'absent' },
      ],
      fixed: { payload: { kept: 1 } },
    },
    {
      positional: ['a'],
      options: { attr: ['k=v'], mergeAll: 'yes', expectedVersion: '3', json: true },
    },
  )
  const input = {
    thingName: 'a',
    payload: { kept: 1, attributes: { k: 'v' }, merge: 'yes' },
    version: 3,
  }
  expect({ asked, code }).toEqual({ asked: [{ operation: 'CreateThing', input }], code: 0 })
})

test('a route of ours takes labels and query from the input, and the rest as its body', async () => {
  const command: Partial<ApiCommand> = {
    arguments: [{ name: 'a', member: 'roleAlias' }],
    options: [
      { flags: '--one <x>', about: '', member: 'one' },
      { flags: '--two <x>', about: '', member: 'two' },
    ],
    call: { method: 'PUT', path: '/x/{roleAlias}/y', query: ['one', 'none'] },
  }
  const given = { positional: ["a=/'b"], options: { one: 'a&b', two: 'c' } }
  const { asked } = await run(command, given)
  expect(asked).toEqual([
    { method: 'PUT', path: '/x/a%3D%2F%27b/y', query: 'one=a%26b', body: { two: 'c' } },
  ])
})

test('one member may be the whole body; without members there is none', async () => {
  const options = [{ flags: '--file <x>', about: '', member: 'profile' }]
  const call = { method: 'PUT', path: '/x', body: 'profile' } as const
  expect((await run({ options, call }, { options: { file: 'f' } })).asked).toEqual([
    { method: 'PUT', path: '/x', body: 'f' },
  ])
  expect((await run({ call: { method: 'GET', path: '/x' } })).asked).toEqual([
    { method: 'GET', path: '/x' },
  ])
})

test('an argument that cannot be read is named, and nothing is sent', async () => {
  const options = [{ flags: '--count <n>', about: '', member: 'count', read: wholeNumber }]
  expect(await run({ options }, { options: { count: 'x' } }, [])).toMatchObject({
    ...{ code: 2, out: '', asked: [] },
    err: 'thingpass: --count: "x" is not a whole number\n',
  })
  const positional = [{ name: 'file', member: 'f', read: fileText }]
  expect(await run({ arguments: positional }, { positional: [folder] }, [])).toMatchObject({
    ...{ code: 2, err: expect.stringMatching(/^thingpass: <file>: .*EISDIR/) },
  })
})

test('a refusal is told with its code on standard error, and ends with 1', async () => {
  const error = { code: 'ResourceNotFoundException', message: 'no \u001b[2J', status: 404 }
  expect(await run({}, {}, [{ ok: false, error }])).toMatchObject({
    ...{ code: 1, out: '' },
    err: 'thingpass: no \\u{1b}[2J (ResourceNotFoundException, HTTP 404)\n',
  })
})

test('a control plane that cannot be asked ends with 2', async () => {
  expect(await run({}, {}, [{ problem: 'nothing there' }])).toMatchObject({
    ...{ code: 2, out: '', err: 'thingpass: nothing there\n' },
  })
})

const described = { thing: { name: 'a', pem: 'long', version: 2 } }

test('a description is shown one member a line, or as the JSON that the API gave', async () => {
  const shown = { within: 'thing', hidden: ['pem'] }
  expect((await run({ shown }, {}, [described])).out).toBe('name     a\nversion  2\n')
  expect((await run({ shown }, { options: { json: true } }, [described])).out).toBe(
    `${JSON.stringify(described)}\n`,
  )
})

test('an empty answer is shown as done', async () => {
  expect((await run({})).out).toBe('frob: done\n')
  expect((await run({}, { options: { json: true } })).out).toBe('{}\n')
})

const saving = { saved: 'thing.pem', shown: { within: 'thing', hidden: ['pem'] } }

test('what is too long to show is written to a file', async () => {
  const out = join(folder, 'saved')
  expect((await run(saving, { options: { out } }, [described])).code).toBe(0)
  expect(await readFile(out, 'utf8')).toBe('long')
})

test('a file that cannot be written is a problem', async () => {
  await writeFile(join(folder, 'file'), '')
  const out = join(folder, 'file', 'x')
  expect(await run(saving, { options: { out } }, [described])).toMatchObject({
    ...{ code: 2, out: '', err: `thingpass: ${out} cannot be written (ENOTDIR)\n` },
  })
})

const names = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `t${from + index}` }))
const list = (paging: 'token' | 'marker') => ({
  shown: { rows: 'things', columns: ['name', 'kind'], paging } as const,
  call: { operation: 'ListThings' } as const,
})

test.each([
  ['token', { maxResults: 250 }, 'nextToken', { nextToken: 'n' }],
  ['marker', { pageSize: 250 }, 'nextMarker', { marker: 'n' }],
] as const)('a list by %s is read through all its pages', async (paging, size, next, second) => {
  const { asked, out, code } = await run(list(paging), {}, [
    { things: names(1, 2), [next]: 'n' },
    { things: [], [next]: 'n' },
    { things: names(3, 1) },
  ])
  expect({ code, out }).toEqual({ code: 0, out: 'name  kind\nt1\nt2\nt3\n' })
  expect(asked.map((each) => 'input' in each && each.input)).toEqual([
    size,
    { ...size, ...second },
    { ...size, ...second },
  ])
})

test('a limit bounds all pages together', async () => {
  const { asked, out } = await run(list('token'), { options: { limit: '252', json: true } }, [
    { things: names(1, 250), nextToken: 'n' },
    { things: names(251, 3), nextToken: 'o' },
  ])
  expect(asked.map((each) => 'input' in each && each.input)).toEqual([
    { maxResults: 250 },
    { maxResults: 2, nextToken: 'n' },
  ])
  expect(JSON.parse(out)).toEqual({ things: names(1, 252) })
})

test.each(['0', '-1', 'x', ''])('%j is no limit', async (limit) => {
  expect(await run(list('token'), { options: { limit } }, [])).toMatchObject({
    ...{ code: 2, err: 'thingpass: --limit takes a whole number from 1\n' },
  })
})

test('a list that is given at once is asked for once', async () => {
  const shown = { rows: 'names', columns: ['name'] } as const
  const { asked, out } = await run({ shown }, {}, [{ names: ['a', 'b'], nextToken: 'n' }])
  expect({ calls: asked.length, out }).toEqual({ calls: 1, out: 'name\na\nb\n' })
})

test('a page that is refused ends the list', async () => {
  const error = { code: 'ThrottlingException', message: 'slow down', status: 400 }
  expect(
    await run(list('token'), {}, [
      { things: names(1, 1), nextToken: 'n' },
      { ok: false, error },
    ]),
  ).toMatchObject({ code: 1, out: '' })
})

test('a call that writes a whole record keeps what is not given', async () => {
  const command: Partial<ApiCommand> = {
    arguments: [{ name: 'tenant', member: 'tenant' }],
    options: [
      { flags: '--status <word>', about: '', member: 'status' },
      { flags: '--unlimited', about: '', member: 'rate', read: constant(undefined) },
    ],
    changes: { read: { method: 'GET', path: '/x/{tenant}' }, without: ['externalId'] },
    call: { method: 'PUT', path: '/x/{tenant}' },
  }
  const record = { status: 'ENABLED', patterns: ['a'], rate: 1, externalId: 'e' }
  const given = { positional: ['acme'], options: { status: 'DISABLED', unlimited: true } }
  const { asked, code } = await run(command, given, [record, {}])
  expect({ asked: JSON.parse(JSON.stringify(asked)), code }).toEqual({
    asked: [
      { method: 'GET', path: '/x/acme' },
      { method: 'PUT', path: '/x/acme', body: { status: 'DISABLED', patterns: ['a'] } },
    ],
    code: 0,
  })
  const error = { code: 'ResourceNotFoundException', message: 'no', status: 404 }
  expect(await run(command, given, [{ ok: false, error }])).toMatchObject({ code: 1 })
})
