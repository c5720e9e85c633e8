import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectedLines } from '../support/expected-fleet.ts'
import { type FakeAwsIot, type FakeTroubles, startFakeAwsIot } from '../support/fake-aws-iot.ts'
import { createFakeAccount, type FakeAccount } from '../support/fake-aws-iot-account.ts'
import { fleetOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { runThingpass } from '../support/run-thingpass.ts'

const ROLE = 'arn:aws:iam::123456789012:role/thingpass-demo-camera'
const TENANT = 'imported'

let folder: string
let stack: TestStack
let fake: FakeAwsIot | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thingpass-'))
  stack = await startTestStack()
  await fleetOf(stack, TENANT).openTenant({ certificatesWithoutCa: true })
}, 60_000)
afterEach(async () => {
  await fake?.close()
  await stack.close()
  await rm(folder, { recursive: true })
})

const target = (tenant = TENANT) => [
  ...['--endpoint', stack.controlUrl, '--data-dir', stack.dataDir, '--tenant', tenant],
]
const state = () => join(folder, 'state.jsonl')

/** Opens the fake with its troubles; the import's command line. */
async function awsAccount(account: FakeAccount, troubles: FakeTroubles = {}) {
  fake = await startFakeAwsIot(account, troubles)
  const aws = ['--from-aws', '--aws-region', 'eu-central-1', '--aws-endpoint', fake.url]
  return ['import', ...aws, '--rate', '100000', '--state', state(), ...target()]
}
/** The keys of AWS: none that the local control plane knows. */
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAFAKE', AWS_SECRET_ACCESS_KEY: 'fake' }
const run = (args: readonly string[]) => runThingpass(args, KEYS).ended

async function exported(tenant = TENANT) {
  const { code, out, err } = await run(['export', ...target(tenant)])
  expect({ code, err }).toMatchObject({ code: 0 })
  const [head, ...lines] = out.trimEnd().split('\n')
  return { head: JSON.parse(head!), lines }
}
/** Lines in an order of their own, objects with their members in one. */
const canonical = (values: readonly unknown[]) => values.map(sortedJson).toSorted()
const sortedJson = (value: unknown) =>
  JSON.stringify(value, (_, member) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(
          Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : member,
  )
const small = () => createFakeAccount({ things: 40, certificates: 20, roleArn: ROLE })

test('a dry run shows the plan and writes nothing, neither here nor there', async () => {
  const { code, out } = await run([...(await awsAccount(small())), '--dry-run', '--json'])
  const { counts, findings, dryRun } = JSON.parse(out)
  expect({ code, dryRun }).toEqual({ code: 0, dryRun: true })
  expect(counts).toMatchObject({
    'thing-types': { created: 3, already: 0 },
    'thing-groups': { created: 5, 'left-out': 1 },
    things: { created: 40 },
    certificates: { created: 20, 'left-out': 2 },
    policies: { created: 3 },
    'role-aliases': { created: 2 },
  })
  const told = (pattern: RegExp) =>
    findings.filter(({ name, reason }: Record<string, string>) => pattern.test(`${name} ${reason}`))
  for (const pattern of [
    /dynamic group/,
    /billing group paid/,
    /provisioning template by-claim/,
    /job firmware-7/,
    /certificate transfer/,
    /PENDING_ACTIVATION/,
    /iot:ClientId/,
    /proof of possession/,
    /cognito/,
    /topic rules.*AccessDenied/,
    /eu-central-1:111122223333:rolealias\/lidar -> arn:aws:iot:us-east-1:123456789012:rolealias\/lidar/,
    /keeps its role arn:aws:iam::123456789012:role\/thingpass-demo-camera/,
  ]) {
    expect(told(pattern).length, `${pattern}`).toBeGreaterThan(0)
  }
  expect(fake?.writes()).toEqual([])
  expect(await readdir(folder)).toEqual([])
  expect(await run(['export', ...target()])).toMatchObject({
    code: 2,
    err: expect.stringContaining('nothing to export'),
  })
}, 120_000)

test('a fleet arrives whole with its CA, and a second import finds all of it there', async () => {
  const account = small()
  const command = [...(await awsAccount(account)), '--copy-cas']
  expect(await run(command)).toMatchObject({ code: 0 })
  const first = await exported()
  expect(canonical(first.lines.map((line) => JSON.parse(line)))).toEqual(
    canonical(expectedLines(account, { withCas: true })),
  )
  const { code, out } = await run([...command, '--json'])
  const { counts, failures } = JSON.parse(out)
  expect({ code, failures }).toEqual({ code: 0, failures: [] })
  for (const each of Object.values<Record<string, number>>(counts)) {
    expect(each).toMatchObject({ created: 0, failed: 0 })
  }
  expect(await exported()).toEqual(first)
  expect(fake?.writes()).toEqual([])
  expect(await readdir(folder)).toEqual([])
}, 120_000)

test('without leave to register without CA certificates fail, their policies with them, and the rest goes on', async () => {
  await fleetOf(stack, TENANT).changeTenant({ certificatesWithoutCa: false })
  const command = [...(await awsAccount(small())), '--json']
  const { code, out } = await run(command)
  const { counts, failures } = JSON.parse(out)
  expect(code).toBe(1)
  expect(counts).toMatchObject({
    things: { created: 40, failed: 0 },
    certificates: { created: 0, failed: 20 },
    'policy-attachments': { created: 1 },
    'thing-principals': { created: 0, failed: 20 },
  })
  expect(failures[0].reason).toMatch(/^[A-Z]\w+Exception: /)
  await fleetOf(stack, TENANT).changeTenant({ certificatesWithoutCa: true })
  const again = await run(command)
  expect(again.code).toBe(0)
  expect(JSON.parse(again.out).counts).toMatchObject({
    certificates: { created: 20, failed: 0 },
    'thing-principals': { created: 20, failed: 0 },
  })
}, 120_000)

test('role policies in files are shown as they have to be, and nothing else is done', async () => {
  const path = join(folder, 'role.json')
  const condition = { StringEquals: { 'credentials-iot:ThingTypeName': 'lidar' } }
  const statement = { Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: condition }
  await writeFile(path, JSON.stringify({ Version: '2012-10-17', Statement: [statement] }))
  const { code, out } = await run(['import', '--role-policy-file', path])
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining('"aws:PrincipalTag/credentials-iot:ThingTypeName": "lidar"'),
  })
  expect(await run(['import', '--role-policy-file', join(folder, 'none')])).toMatchObject({
    code: 2,
  })
})

test('10,000 things arrive once each, through throttling, cut connections and two kills', async () => {
  const account = createFakeAccount({ things: 10_000, certificates: 300, roleArn: ROLE })
  const armed = { at: 0, kill: () => undefined as unknown }
  const onRequest = (count: number) => {
    if (count === armed.at) armed.kill()
  }
  const command = await awsAccount(account, { throttleEvery: 211, cutEvery: 997, onRequest })
  // In the midst of the things, where a page has 250; then in the midst of what each is attached to.
  for (const requests of [40, 2500]) {
    const importing = runThingpass(command, KEYS)
    Object.assign(armed, { at: fake!.count() + requests, kill: importing.kill })
    expect(await importing.ended).toMatchObject({ code: null })
    expect((await readFile(state(), 'utf8')).length).toBeGreaterThan(1000)
  }
  const { code, out, err } = await run([...command, '--json'])
  expect(err).toContain('going on where an earlier import ended')
  const { counts, failures } = JSON.parse(out)
  expect({ code, failures }).toEqual({ code: 0, failures: [] })
  const of = (stage: string) => counts[stage].created + counts[stage].already
  expect(of('things')).toBe(10_000)
  expect(of('thing-group-members')).toBe(2000)
  expect(of('certificates')).toBe(300)
  expect(fake!.throttled()).toBeGreaterThan(10)
  const { lines } = await exported()
  const expected = canonical(expectedLines(account, { withCas: false }))
  const found = canonical(lines.map((line) => JSON.parse(line)))
  expect(found.length).toBe(expected.length)
  expect(found).toEqual(expected)
  expect(fake!.writes()).toEqual([])
}, 900_000)
