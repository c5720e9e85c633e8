import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  constant,
  fileJson,
  fileText,
  type Given,
  numberFromZero,
  oneOf,
  pairs,
  texts,
  textsOrNone,
  trueOrFalse,
  wholeNumber,
} from './option-readers.ts'
import { reference } from './resource-reference.ts'
import type { ApiRequest, SendApi } from './send-api.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

const nobody: SendApi = async () => {
  throw new Error('nothing is to be asked')
}

test.each<[string, Given, unknown]>([
  ['0', '0', 0],
  ['3600', '3600', 3600],
])('%j is a whole number', (_, given, value) => {
  expect(wholeNumber.read(given, nobody)).toEqual({ value })
})

test.each(['', '-1', '1.5', '1e3', '0x10', ' 1', '9007199254740993', 'many'])(
  '%j is no whole number',
  (given) => {
    expect(wholeNumber.read(given, nobody)).toEqual({ problem: expect.stringContaining(given) })
  },
)

test.each([
  ['0', 0],
  ['0.5', 0.5],
  ['250', 250],
])('%j is a number', (given, value) => {
  expect(numberFromZero.read(given, nobody)).toEqual({ value })
})

test.each(['', '-1', '1.', '.5', '1e3', 'NaN'])('%j is no number', (given) => {
  expect(numberFromZero.read(given, nobody)).toEqual({ problem: `"${given}" is not a number` })
})

test('a flag is said either way', () => {
  expect(trueOrFalse.read('true', nobody)).toEqual({ value: true })
  expect(trueOrFalse.read('false', nobody)).toEqual({ value: false })
  expect(trueOrFalse.read('yes', nobody)).toEqual({ problem: 'takes true or false' })
})

test('an empty text empties a list', () => {
  expect(textsOrNone.read([''], nobody)).toEqual({ value: [] })
  expect(textsOrNone.read(['a', 'b'], nobody)).toEqual({ value: ['a', 'b'] })
})

test('pairs may have empty values, and = in them', () => {
  expect(pairs.read(['a=1', 'b=', 'c=x=y\nz'], nobody)).toEqual({
    value: { a: '1', b: '', c: 'x=y\nz' },
  })
  expect(pairs.read('a=1', nobody)).toEqual({ value: { a: '1' } })
})

test.each([[['a']], [['=1']], [['']], [['a=1', 'a=2']]])('%j are no pairs', (given) => {
  expect(pairs.read(given, nobody)).toEqual({ problem: expect.any(String) })
})

test('a pair may be named as a member of every object is', () => {
  const read = pairs.read(['__proto__=x'], nobody)
  expect(JSON.stringify(read)).toBe('{"value":{"__proto__":"x"}}')
})

test('words are of a few', () => {
  expect(oneOf('A', 'B').read('B', nobody)).toEqual({ value: 'B' })
  expect(oneOf('A', 'B').read('b', nobody)).toEqual({ problem: 'takes A, B' })
})

test('texts and constants are what they are', () => {
  expect(texts.read(['b', 'a'], nobody)).toEqual({ value: ['b', 'a'] })
  expect(texts.read('a', nobody)).toEqual({ value: ['a'] })
  expect(constant('X').read(true, nobody)).toEqual({ value: 'X' })
})

test('files are read, as text or as an object', async () => {
  const path = join(folder, 'a.json')
  await writeFile(path, '{"a":1}\n')
  expect(await fileText.read(path, nobody)).toEqual({ value: '{"a":1}\n' })
  expect(await fileJson.read(path, nobody)).toEqual({ value: { a: 1 } })
  for (const content of ['[]', '1', 'null', '{']) {
    await writeFile(path, content)
    expect(await fileJson.read(path, nobody)).toEqual({ problem: `${path} is not a JSON object` })
  }
  const none = join(folder, 'none')
  for (const reader of [fileText, fileJson]) {
    expect(await reader.read(none, nobody)).toEqual({
      problem: expect.stringContaining('ENOENT'),
    })
  }
})

describe('what a reference stands for', () => {
  const id = 'ab'.repeat(32)
  const asked: ApiRequest[] = []
  const send: SendApi = async (request) => {
    asked.push(request)
    const json = {
      certificateDescription: { certificateArn: 'arn:cert' },
      thingGroupArn: 'arn:group',
      roleAliasDescription: { roleAliasArn: 'arn:alias' },
    }
    return { ok: true, json }
  }

  test.each([
    [id, 'DescribeCertificate', { certificateId: id }, 'arn:cert'],
    [`cert/${id}`, 'DescribeCertificate', { certificateId: id }, 'arn:cert'],
    ['thinggroup/a:b', 'DescribeThingGroup', { thingGroupName: 'a:b' }, 'arn:group'],
    ['rolealias/a/b', 'DescribeRoleAlias', { roleAlias: 'a/b' }, 'arn:alias'],
  ])('%s is asked for by %s', async (given, operation, input, value) => {
    asked.length = 0
    expect(await reference.read(given, send)).toEqual({ value })
    expect(asked).toEqual([{ operation, input }])
  })

  test('an ARN is as it is', async () => {
    expect(await reference.read('arn:x:y', nobody)).toEqual({ value: 'arn:x:y' })
  })

  test.each(['', 'camera-1', id.toUpperCase(), id.slice(1), 'thing/a', 'cert/', '/a'])(
    '%j stands for nothing',
    async (given) => {
      expect(await reference.read(given, nobody)).toEqual({
        problem: expect.stringContaining('takes an ARN'),
      })
    },
  )

  test('what is not there is refused as the API does', async () => {
    const error = { code: 'ResourceNotFoundException', message: 'no', status: 404 }
    const refused = { ok: false, error } as const
    expect(await reference.read(id, async () => refused)).toBe(refused)
    expect(await reference.read(id, async () => ({ ok: true, json: {} }))).toEqual({
      problem: `cert/${id} has no ARN`,
    })
  })
})
