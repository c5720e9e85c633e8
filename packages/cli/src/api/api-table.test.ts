import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseTarget } from '../control-client/target.ts'
import type { ApiCommand } from './api-command.ts'
import { toApiRequest } from './api-request.ts'
import { type Given, type Reader, text } from './option-readers.ts'
import { readInput } from './read-input.ts'
import { createSendApi, type SendApi } from './send-api.ts'
import { showAnswer } from './show-answer.ts'
import { API_SUBJECTS } from './subjects.ts'

let server: Server
let folder: string
let send: SendApi
const seen: string[] = []
const answer = { body: '{}' }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  await writeFile(join(folder, 'file'), '{"text":"of-the-file"}')
  server = createServer(async (request, response) => {
    seen.push(`${request.method} ${request.url} ${headersOf(request)} ${await bodyOf(request)}`)
    response.end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.address() as AddressInfo
  const target = parseTarget({ endpoint: `http://127.0.0.1:${port}` }, {})
  if ('problem' in target) throw new Error(target.problem)
  const findAccessKeys = async () => ({ accessKeyId: 'A', secretAccessKey: 's' })
  send = createSendApi({ target, findAccessKeys, clock: () => new Date() })
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  seen.length = 0
  answer.body = '{}'
})

const headersOf = ({ rawHeaders }: IncomingMessage) =>
  rawHeaders.filter((_, index) => rawHeaders[index - 1]?.startsWith('x-amzn-')).join(' ')

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = await request.toArray()
  return Buffer.concat(chunks).toString()
}

/** Something that the reader takes, and what must be seen of it in the request. */
async function sampleOf(read: Reader, member: string, index: number) {
  const name = `sample${index}`
  const samples: readonly (readonly [Given, string])[] = [
    [`arn:${name}`, `arn%3A${name}`],
    [join(folder, 'file'), 'of-the-file'],
    [`${700 + index}`, `${700 + index}`],
    ['ACTIVE', 'ACTIVE'],
    ['SNI_ONLY', 'SNI_ONLY'],
    ['ENABLE', 'ENABLE'],
    [['k=v'], '"k":"v"'],
  ]
  const own = Object.is(read, text) || (await readsText(read))
  if (own) return [name, name] as const
  for (const sample of samples) {
    const reading = await read.read(sample[0], send)
    if ('value' in reading && !(await isConstant(read))) return sample
  }
  return [true, member.split('.').at(-1) ?? ''] as const
}

async function isConstant(read: Reader): Promise<boolean> {
  const readings = await Promise.all([read.read(true, send), read.read('', send)])
  return readings.every((reading) => 'value' in reading)
}

async function readsText(read: Reader): Promise<boolean> {
  const reading = await read.read('any text', send)
  return 'value' in reading && String(reading.value) === 'any text'
}

const commands = API_SUBJECTS.flatMap((subject) =>
  subject.commands.map((command) => [`${subject.name} ${command.verb}`, command] as const),
)
const ofAws = commands.filter(([, { call }]) => 'operation' in call)

test('no command stands twice', () => {
  const names = commands.map(([name]) => name)
  expect(new Set(names).size).toBe(names.length)
})

test.each(ofAws)(
  'all that %s takes is in the request that AWS’s client makes',
  async (_, command) => {
    const given = await everythingOf(command)
    const read = await readInput(command, given, send)
    if (!('input' in read)) throw new Error(JSON.stringify(read))
    seen.length = 0
    await send(toApiRequest(command.call, read.input))
    const wire = seen.join().replaceAll(':', '%3A')
    for (const wanted of given.wanted) expect(wire).toContain(wanted.replaceAll(':', '%3A'))
    expect(given.wanted.length).toBe(
      (command.arguments?.length ?? 0) + (command.options?.length ?? 0),
    )
  },
)

async function everythingOf(command: ApiCommand) {
  const wanted: string[] = []
  const positional: string[] = []
  const options: Record<string, Given> = {}
  for (const [index, { member, read = text }] of (command.arguments ?? []).entries()) {
    const [value, shown] = await sampleOf(read, member, index)
    positional.push(String(value))
    wanted.push(shown)
  }
  for (const [index, { flags, member, read = text }] of (command.options ?? []).entries()) {
    const [value, shown] = await sampleOf(read, member, index + 10)
    const name = flags.slice(2).replace(/ .*/, '')
    options[name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())] = value
    wanted.push(shown)
  }
  return { positional, options, wanted }
}

const nested = (path: string, value: unknown): object =>
  path.split('.').reduceRight((inner: unknown, name) => ({ [name]: inner }), value) as object
const lists = ofAws.flatMap(([name, { call, shown = {} }]) =>
  'rows' in shown ? [[name, { call, shown }] as const] : [],
)

describe('what is shown of a list', () => {
  test.each(lists)('of %s is in the answer that AWS’s client reads', async (_, { call, shown }) => {
    const { rows, columns } = shown
    for (const column of columns) {
      const found: string[] = []
      for (const value of ['shown', 1, true]) {
        answer.body = JSON.stringify({ [rows]: [nested(column, value)] })
        const read = await send(toApiRequest(call, { ...LABELS }))
        // Otherwise the value is not of the member's type.
        if (!('problem' in read) && read.ok) found.push(showAnswer({ verb: '', shown }, read.json))
      }
      expect(found.join()).toMatch(/shown|1970|1|true/)
    }
  })
})

/** Whatever label an operation has. */
const LABELS = {
  ...{ thingName: 'a', thingTypeName: 'a', thingGroupName: 'a', policyName: 'a', roleAlias: 'a' },
  ...{ certificateId: 'a', caCertificateId: 'a', target: 'a', principal: 'a' },
}

const marked = lists.filter(([, { shown }]) => shown.paging !== undefined)

test.each(marked)('the pages of %s are asked for in its dialect', async (_, { call, shown }) => {
  const members =
    shown.paging === 'marker'
      ? { pageSize: 7, marker: 'next-page' }
      : { maxResults: 7, nextToken: 'next-page' }
  await send(toApiRequest(call, { ...LABELS, ...members }))
  expect(seen.join()).toMatch(/(?:pageSize|maxResults)=7/)
  expect(seen.join()).toContain('next-page')
})
