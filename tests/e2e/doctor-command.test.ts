import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { runCommand } from '../support/run-command.ts'

const SLOW = 60_000

let stack: TestStack
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thingpass-'))
  stack = await startTestStack()
}, SLOW)
afterAll(async () => {
  await stack.close()
  await rm(folder, { recursive: true })
})

type Changed = Readonly<Record<string, string | undefined>>

async function doctor(thing: string, changed: Changed = {}) {
  const { certificate, privateKey, authority } = stack.filesOf(thing)
  const options = {
    ...{ endpoint: new URL(stack.url).host, cert: certificate, key: privateKey, ca: authority },
    ...{ thing, 'role-alias': 'demo-camera', control: stack.controlUrl },
    'data-dir': stack.dataDir,
    ...changed,
  }
  const flags = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  )
  const { code, out, err } = await runCommand(['doctor', '--json', ...flags])
  const findings: readonly { check: string; verdict: string; told: string }[] =
    out === '' ? [] : JSON.parse(out)
  const problems = findings.filter(({ verdict }) => verdict === 'problem')
  return { code, err, findings, problems: problems.map(({ check, told }) => `${check}: ${told}`) }
}

test(
  'a device that is well is told so, for people too',
  async () => {
    const { code, err, findings } = await doctor('camera-1')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      ...['files ok', 'key ok', 'certificate ok', 'host name note', 'DNS ok', 'TCP ok', 'TLS ok'],
      ...['client certificate ok', 'credentials ok', 'clock ok', 'answer size ok', 'expiration ok'],
      'decision ok',
    ])
    const { certificate, privateKey } = stack.filesOf('camera-1')
    const line = ['--endpoint', new URL(stack.url).host, '--cert', certificate, '--key', privateKey]
    const people = await runCommand(['doctor', ...line])
    expect(people.code).toBe(1)
    expect(people.out).toMatch(/^problem {3}TLS .*--ca/m)
    expect(people.out).toMatch(/\n1 problem\n$/)
  },
  SLOW,
)

test.each<[string, Changed, readonly string[]]>([
  [
    'a thing that is not its own',
    { thing: 'camera-2' },
    ['credentials: HTTP 403, Invalid thing name passed', 'decision: thing-not-attached'],
  ],
  [
    'an alias that no policy allows',
    { 'role-alias': 'demo-admin' },
    ['credentials: HTTP 403, Access Denied', 'decision: policy-does-not-allow'],
  ],
])(
  'a device with %s learns the true reason from the control plane',
  async (_, changed, expected) => {
    const { code, problems } = await doctor('camera-1', changed)
    expect({ code, problems }).toEqual({ code: 1, problems: expected })
  },
  SLOW,
)

test(
  'files that do not belong together, or cannot be read, are told first',
  async () => {
    const foreign = await doctor('camera-1', {
      ...{ key: stack.filesOf('camera-2').privateKey, control: undefined },
    })
    expect(foreign).toMatchObject({
      ...{ code: 1, problems: ['key: the private key is not that of the certificate'] },
    })
    const missing = await doctor('camera-1', { key: '/none', control: undefined })
    expect(missing).toMatchObject({
      ...{ code: 1, problems: ['files: /none cannot be read (ENOENT)'] },
    })
    expect(missing.findings).toHaveLength(1)
  },
  SLOW,
)

test(
  'a private key that others may read is noted',
  async () => {
    const key = join(folder, 'shared.key')
    await copyFile(stack.filesOf('camera-1').privateKey, key)
    await chmod(key, 0o644)
    const { code, findings } = await doctor('camera-1', { key, control: undefined })
    expect(code).toBe(0)
    expect(findings.find(({ check }) => check === 'key')).toMatchObject({ verdict: 'note' })
  },
  SLOW,
)

test.each<[Changed, string]>([
  [{ endpoint: 'https://localhost' }, '--endpoint'],
  [{ 'role-alias': 'a b' }, '--role-alias'],
  [{ thing: 'a b' }, '--thing'],
  [{ 'role-alias': undefined }, '--control needs --role-alias'],
  [{ control: 'x' }, '--endpoint'],
])(
  'with %j it ends with 2',
  async (changed, problem) => {
    const { code, err, findings } = await doctor('camera-1', changed)
    expect({ code, findings }).toEqual({ code: 2, findings: [] })
    expect(err).toContain(problem)
  },
  SLOW,
)
