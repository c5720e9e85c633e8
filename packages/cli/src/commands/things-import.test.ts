import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFakeFleet, issueFor, refused } from '../../testing/fake-fleet.ts'
import { makeCertificateRequest, makePrivateKey } from '../device/certificate-request.ts'
import { importThings, type ThingsImportOptions } from './things-import.ts'

let folder: string
let fleet: ReturnType<typeof createFakeFleet>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  fleet = createFakeFleet()
  fleet.policies.add('p').add('q')
})
afterEach(() => rm(folder, { recursive: true }))

const write = async (name: string, content: string) => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function run(path: string, options: Partial<ThingsImportOptions> = {}, place = 'here') {
  const printed = { out: '', err: '' }
  const io = {
    out: (text: string) => {
      printed.out += text
    },
    err: (text: string) => {
      printed.err += text
    },
    environment: {},
  }
  fleet.asked.length = 0
  const pacemaker = { now: () => 0, sleep: async () => undefined }
  const parts = { send: fleet.send, place, io, isTerminal: false, pacemaker }
  const code = await importThings(path, { concurrency: '4', ...options }, parts)
  return { code, ...printed }
}
const created = () =>
  fleet.asked.flatMap((request) =>
    'operation' in request && request.operation === 'CreateThing' ? [request.input] : [],
  )
const reportOf = async (path: string) =>
  (await readFile(`${path}.errors.jsonl`, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const many = (count: number) =>
  ['thingName', ...Array.from({ length: count }, (_, index) => `t${index}`)].join('\n')

test('the devices of a CSV file are registered, and no journal is left', async () => {
  const path = await write(
    'fleet.csv',
    '\uFEFFthingName,thingType,attributes.site\r\na,camera,"Berlin, Mitte"\r\nb,,\r\n',
  )
  expect(await run(path)).toMatchObject({ code: 0, out: '2 registered, 0 failed\n0.0 s, 0/s\n' })
  expect(Object.fromEntries(fleet.things)).toEqual({
    a: { type: 'camera', attributes: { site: 'Berlin, Mitte' } },
    b: { type: undefined, attributes: {} },
  })
  expect(await readdir(folder)).toEqual(['fleet.csv'])
})

test('the devices of a JSONL file are registered', async () => {
  const path = await write(
    'fleet.jsonl',
    '{"thingName":"a","attributes":{"k":"v"}}\n\n{"thingName":"b","thingType":"t"}',
  )
  expect((await run(path)).code).toBe(0)
  expect(Object.fromEntries(fleet.things)).toEqual({
    a: { type: undefined, attributes: { k: 'v' } },
    b: { type: 't', attributes: {} },
  })
})

describe('with certificates', () => {
  const request = () => makeCertificateRequest(makePrivateKey(), 'x')

  test('files are taken from where the file of devices lies', async () => {
    await mkdir(join(folder, 'pems'))
    await write('pems/a.pem', await issueFor(request()))
    await write('b.csr', request())
    const path = await write(
      'fleet.csv',
      'thingName,certificate,csr,policies\na,pems/a.pem,,p;q\nb,,b.csr,p\nc,,,\n',
    )
    expect((await run(path)).code).toBe(0)
    const attached = [...fleet.certificates.values()].map(({ things, policies, status }) => [
      ...[...things],
      ...[[...policies].join(), status],
    ])
    expect(new Set(attached)).toEqual(
      new Set([
        ['a', 'p,q', 'ACTIVE'],
        ['b', 'p', 'ACTIVE'],
      ]),
    )
    const pem = await readFile(join(folder, 'b.certificate.pem'), 'utf8')
    expect([...fleet.certificates.values()].map((each) => each.pem)).toContain(pem)
  })

  test('run again after each step, there is one certificate each and all is attached', async () => {
    await write('a.pem', await issueFor(request()))
    await write('b.csr', request())
    const path = await write(
      'fleet.csv',
      'thingName,certificate,csr,policies\na,a.pem,,p\nb,,b.csr,p\n',
    )
    for (const step of ['RegisterCertificate', 'AttachThingPrincipal', 'AttachPolicy']) {
      fleet.gate.fail = (name) => (name === step ? refused('Broken', 400) : undefined)
      expect((await run(path)).code).toBe(1)
    }
    fleet.gate.fail = () => undefined
    expect((await run(path)).code).toBe(0)
    expect(fleet.certificates.size).toBe(2)
    for (const { things, policies } of fleet.certificates.values()) {
      expect([things.size, policies.size]).toEqual([1, 1])
    }
  })

  test('a file that is not there is the row’s affair', async () => {
    const path = await write('fleet.csv', 'thingName,certificate\na,none.pem\nb,\n')
    expect((await run(path)).code).toBe(1)
    expect([...fleet.things.keys()]).toEqual(['b'])
    expect(await reportOf(path)).toMatchObject([{ line: 2, thingName: 'a', code: 'FileUnusable' }])
  })
})

test('rows that fail are reported with their lines, and the others go on', async () => {
  fleet.things.set('there', { type: 'other', attributes: {} })
  const path = await write('fleet.csv', 'thingName,thingType\na,t\nthere,t\nb"x,t\nc\n,t\n"d",t\n')
  const { code, out } = await run(path, { json: true })
  expect({ code, ...JSON.parse(out) }).toMatchObject({
    ...{ code: 1, done: 2, skipped: 0, failed: 4, report: `${path}.errors.jsonl` },
  })
  const report = await reportOf(path)
  expect(report.toSorted((one, other) => one.line - other.line)).toEqual([
    {
      ...{ line: 3, thingName: 'there', code: 'ResourceAlreadyExistsException' },
      message: 'Thing there is there with another type or other attributes',
    },
    { line: 4, message: 'a quote stands within a field' },
    { line: 5, message: '1 fields, where the head line has 2' },
    { line: 6, message: 'there is no thingName' },
  ])
  expect(new Set(fleet.things.keys())).toEqual(new Set(['a', 'd', 'there']))
})

test('lines of JSON that are no devices are reported', async () => {
  const path = await write(
    'fleet.jsonl',
    `{\n{"thingName":"a","typo":1}\n"x"\n"${'x'.repeat(300_000)}"\n{"thingName":"b"}\n`,
  )
  expect((await run(path)).code).toBe(1)
  expect([...fleet.things.keys()]).toEqual(['b'])
  const report = await reportOf(path)
  expect(report.toSorted((one, other) => one.line - other.line)).toMatchObject([
    { line: 1, message: 'not JSON' },
    { line: 2, thingName: 'a', message: expect.stringContaining('"typo"') },
    { line: 3, message: 'not an object' },
    { line: 4, message: 'the line is too long' },
  ])
})

describe('run again', () => {
  test('only what failed is done again, and the old report goes', async () => {
    const path = await write('fleet.csv', 'thingName\na\nb\nc\n')
    fleet.gate.fail = (_, { thingName }) => (thingName === 'b' ? refused('No', 400) : undefined)
    expect(await run(path)).toMatchObject({ code: 1 })
    expect((await readdir(folder)).toSorted()).toEqual([
      ...['fleet.csv', 'fleet.csv.errors.jsonl', 'fleet.csv.journal'],
    ])
    fleet.gate.fail = () => undefined
    const { code, out } = await run(path)
    expect({ code, out }).toEqual({
      code: 0,
      out: '1 registered, 2 were by an earlier run, 0 failed\n0.0 s, 0/s\n',
    })
    expect(created()).toMatchObject([{ thingName: 'b' }])
    expect(await readdir(folder)).toEqual(['fleet.csv'])
  })

  test('for another control plane or tenant, nothing counts as done', async () => {
    const path = await write('fleet.csv', 'thingName\na\nb\n')
    fleet.gate.fail = (_, { thingName }) => (thingName === 'b' ? refused('No', 400) : undefined)
    await run(path)
    await run(path, {}, 'elsewhere')
    expect(created()).toMatchObject([{ thingName: 'a' }, { thingName: 'b' }])
  })

  test('a row that has changed is done', async () => {
    const path = await write('fleet.csv', 'thingName\na\nb\n')
    fleet.gate.fail = (_, { thingName }) => (thingName === 'b' ? refused('No', 400) : undefined)
    await run(path)
    fleet.things.clear()
    await write('fleet.csv', 'thingName,thingType\na,t\nb,\n')
    await run(path)
    expect(created()).toHaveLength(2)
  })
})

describe('a run stops', () => {
  test('where the control plane cannot be asked, and the next one goes on', async () => {
    const path = await write('fleet.csv', many(100))
    fleet.gate.fail = () => (fleet.things.size >= 50 ? { problem: 'nothing there' } : undefined)
    expect(await run(path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('stopped: nothing there; run it again to go on'),
    })
    expect(created().length).toBeLessThan(60)
    fleet.gate.fail = () => undefined
    expect((await run(path)).code).toBe(0)
    expect(fleet.things.size).toBe(100)
    expect(created()).toHaveLength(50)
  })

  test.each([
    ['AccessDeniedException', 403],
    ['InternalFailureException', 500],
    ['ThrottlingException', 400],
    ['Unknown', 429],
    ['UnauthorizedException', 401],
  ])('where %s does not end', async (code, status) => {
    const path = await write('fleet.csv', many(200))
    fleet.gate.fail = () => refused(code, status)
    const { err } = await run(path)
    expect(err).toContain(`stopped: ${code} (${code}, HTTP ${status})`)
    expect(created().length).toBeGreaterThanOrEqual(20)
    expect(created().length).toBeLessThan(30)
  })

  test('not where a row fails for its own sake, or the service now and then', async () => {
    const path = await write('fleet.csv', many(200))
    fleet.gate.fail = (_, { thingName }) =>
      String(thingName).endsWith('0') ? undefined : refused('Internal', 500)
    await run(path, { concurrency: '1' })
    expect(created()).toHaveLength(200)
    fleet.gate.fail = () => refused('InvalidRequestException', 400)
    await run(path)
    expect(created()).toHaveLength(180)
  })

  test('where the report cannot be written', async () => {
    const path = await write('fleet.csv', many(200))
    fleet.gate.fail = (name) => {
      if (name !== 'CreateThing') return undefined
      return refused('No', 400)
    }
    const { send } = fleet
    let blocked = false
    fleet.send = async (request) => {
      const first = !blocked
      blocked = true
      if (first) await mkdir(`${path}.errors.jsonl`)
      return send(request)
    }
    const { code, err } = await run(path)
    expect(code).toBe(1)
    expect(err).toContain('a file cannot be read or written (EISDIR)')
    expect(created().length).toBeLessThan(10)
  })
})

test('no more rows are in work than were asked for', async () => {
  const path = await write('fleet.csv', many(50))
  const { send } = fleet
  const atOnce = { now: 0, most: 0 }
  fleet.send = async (request) => {
    atOnce.now += 1
    atOnce.most = Math.max(atOnce.most, atOnce.now)
    await new Promise((resolve) => setImmediate(resolve))
    atOnce.now -= 1
    return send(request)
  }
  await run(path, { concurrency: '3' })
  expect(atOnce.most).toBe(3)
})

test('calls are paced where that is asked for', async () => {
  const path = await write('fleet.csv', many(3))
  const waits: number[] = []
  const pacemaker = {
    now: () => 0,
    sleep: async (milliseconds: number) => {
      waits.push(milliseconds)
    },
  }
  const io = { out: () => undefined, err: () => undefined, environment: {} }
  const parts = { send: fleet.send, place: '', io, isTerminal: false, pacemaker }
  await importThings(path, { concurrency: '1', rate: '10' }, parts)
  expect(waits).toEqual([100, 200])
})

test.each([
  ['fleet.txt', 'thingName\n', {}, 'neither .csv nor .jsonl'],
  ['fleet.csv', '', {}, 'is empty'],
  ['fleet.csv', 'thingName,typo\na,b\n', {}, 'line 1: column "typo"'],
  ['fleet.csv', '"thingName\n', {}, 'line 1: a quote is not closed'],
  ['fleet.csv', 'thingName\na\n', { concurrency: '0' }, '--concurrency takes'],
  ['fleet.csv', 'thingName\na\n', { concurrency: '51' }, '--concurrency takes'],
  ['fleet.csv', 'thingName\na\n', { concurrency: '1.5' }, '--concurrency takes'],
  ['fleet.csv', 'thingName\na\n', { rate: '0' }, '--rate takes'],
  ['fleet.csv', 'thingName\na\n', { rate: 'x' }, '--rate takes'],
  ['fleet.csv', 'thingName\na\n', { rate: 'Infinity' }, '--rate takes'],
])(
  '%s with %j and %j is not understood, and nothing is sent',
  async (name, text, options, told) => {
    const path = await write(name, text)
    const { code, err } = await run(path, options)
    expect({ code, asked: fleet.asked }).toEqual({ code: 2, asked: [] })
    expect(err).toContain(told)
  },
)

test('a file that is not there is a problem', async () => {
  for (const name of ['none.csv', 'none.jsonl']) {
    expect(await run(join(folder, name))).toMatchObject({
      code: 2,
      err: expect.stringContaining('cannot be read (ENOENT)'),
    })
  }
})
