import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleAliasCommand,
  CreateThingGroupCommand,
  CreateThingTypeCommand,
  DeprecateThingTypeCommand,
  DescribeCertificateCommand,
  GetRegistrationCodeCommand,
  IoTClient,
  RegisterCACertificateCommand,
  RegisterCertificateWithoutCACommand,
} from '@aws-sdk/client-iot'
import { createCa, issueCertificate } from '@thingpass/x509/testing/certificates'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFakeAwsIot } from '../support/fake-aws-iot.ts'
import { createFakeAccount } from '../support/fake-aws-iot-account.ts'
import { fleetOf } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { keysOf } from '../support/operator.ts'
import { runThingpass } from '../support/run-thingpass.ts'

let folder: string
let source: TestStack
let target: TestStack
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thingpass-'))
  source = await startTestStack()
  // Another deployment: its ARNs carry another region, and it knows no certificate of the first.
  target = await startTestStack(['--region', 'eu-west-1'])
  await fleetOf(source, 'origin').openTenant({ certificatesWithoutCa: true })
  await fleetOf(target, 'copy').openTenant({ certificatesWithoutCa: true })
  await fill()
  const operator = await administratorOf(source, 'origin')
  await widen(operator)
  operator.destroy()
}, 120_000)
afterAll(async () => {
  await source.close()
  await target.close()
  await rm(folder, { recursive: true })
})

const ROLE = 'arn:aws:iam::123456789012:role/thingpass-demo-camera'

/** Gives the source a fleet, its CA with it. */
async function fill(): Promise<void> {
  const account = createFakeAccount({ things: 40, certificates: 20, roleArn: ROLE })
  const fake = await startFakeAwsIot(account)
  const aws = ['--from-aws', '--aws-region', 'eu-central-1', '--aws-endpoint', fake.url]
  const settings = ['--rate', '100000', '--state', file('fill'), '--copy-cas']
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAFAKE', AWS_SECRET_ACCESS_KEY: 'fake' }
  const line = ['import', ...aws, ...settings, ...targetOf(source, 'origin')]
  expect(await runThingpass(line, keys).ended).toMatchObject({ code: 0 })
  await fake.close()
}

/** AWS's own client for a tenant, with the administrator's keys. */
async function administratorOf(stack: TestStack, tenant: string): Promise<IoTClient> {
  const credentials = await keysOf(stack, 'default')
  const { region } = stack
  return new IoTClient({ endpoint: `${stack.controlUrl}/t/${tenant}`, region, credentials })
}

const policy = (effect: string, resource: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: 's3:PutObject', Resource: resource }],
  })

/** Adds what the demo fleet lacks: versions, tags, a hierarchy, a deprecated type, a limited alias, a Deny. */
async function widen(operator: IoTClient): Promise<void> {
  const tags = [{ Key: 'owner', Value: 'fleet' }]
  const own = policy('Allow', `arn:aws:s3:::media/\${credentials-iot:ThingName}/*`)
  const alias = 'arn:aws:iot:us-east-1:123456789012:rolealias/radar'
  const group = 'arn:aws:iot:us-east-1:123456789012:thinggroup/a-child'
  const policyName = 'own-media'
  await operator.send(new CreatePolicyCommand({ policyName, policyDocument: own, tags }))
  await operator.send(
    new CreatePolicyVersionCommand({ policyName, policyDocument: own.replace('media', 'other') }),
  )
  await operator.send(new AttachPolicyCommand({ policyName, target: alias }))
  await operator.send(new CreateThingTypeCommand({ thingTypeName: 'oldest', tags }))
  await operator.send(new DeprecateThingTypeCommand({ thingTypeName: 'oldest' }))
  await operator.send(new CreateThingGroupCommand({ thingGroupName: 'z-parent', tags }))
  await operator.send(
    new CreateThingGroupCommand({ thingGroupName: 'a-child', parentGroupName: 'z-parent' }),
  )
  const policyDocument = policy('Deny', '*')
  await operator.send(new CreatePolicyCommand({ policyName: 'z-deny', policyDocument }))
  await operator.send(new AttachPolicyCommand({ policyName: 'z-deny', target: group }))
}

const targetOf = (stack: TestStack, tenant: string) => [
  ...['--endpoint', stack.controlUrl, '--data-dir', stack.dataDir],
  ...['--region', stack.region, '--tenant', tenant],
]
const run = (...args: readonly string[]) => runThingpass(args).ended
const file = (name: string) => join(folder, name)

test('an export, imported into an empty tenant elsewhere and exported again, is the same but for its region', async () => {
  const first = file('first.jsonl')
  expect(await run('export', ...targetOf(source, 'origin'), '--out', first)).toMatchObject({
    code: 0,
  })
  const text = await readFile(first, 'utf8')
  expect(text).not.toContain('PRIVATE KEY')
  expect((await stat(first)).mode & 0o777).toBe(0o600)

  const copy = ['import', '--from-file', first, '--copy-cas', ...targetOf(target, 'copy')]
  const state = ['--state', file('state')]
  const imported = await run(...copy, ...state)
  expect(imported.out).toContain('policies lidar: arn:aws:iot:us-east-1')
  expect(imported).toMatchObject({ code: 0 })

  const second = file('folder')
  expect(await run('export', ...targetOf(target, 'copy'), '--out', second)).toMatchObject({
    code: 0,
  })
  const there = await readFile(join(second, 'fleet.jsonl'), 'utf8')
  expect(there.replaceAll('eu-west-1', 'us-east-1')).toBe(text)

  const again = await run(...copy, ...state, '--json')
  expect(again.code).toBe(0)
  for (const each of Object.values<Record<string, number>>(JSON.parse(again.out).counts)) {
    expect(each).toMatchObject({ created: 0, failed: 0 })
  }
}, 120_000)

test('the export has what the fleet has', async () => {
  const lines = (await readFile(file('first.jsonl'), 'utf8')).trimEnd().split('\n')
  const records = lines.map((line) => JSON.parse(line))
  const find = (members: object) =>
    records.filter((record) =>
      Object.entries(members).every(([name, value]) => record[name] === value),
    )
  expect(find({ kind: 'policy', name: 'own-media' })).toMatchObject([
    { versions: [{ isDefault: true }, { isDefault: false }], tags: { owner: 'fleet' } },
  ])
  expect(find({ kind: 'thing-type', name: 'oldest' })).toMatchObject([{ deprecated: true }])
  expect(find({ kind: 'thing-group', name: 'a-child' })).toMatchObject([{ parent: 'z-parent' }])
  expect(find({ kind: 'role-alias', name: 'radar' })).toMatchObject([
    { profile: { scope: 'session-policy' } },
  ])
  expect(find({ kind: 'policy-attachment', policy: 'own-media' })).toMatchObject([
    { target: { kind: 'role-alias', name: 'radar' } },
  ])
  expect(find({ kind: 'ca' })).toHaveLength(1)
  expect(find({ kind: 'certificate' })).toHaveLength(20)
  const attachments = records.filter(({ kind }) => kind === 'policy-attachment')
  expect(attachments.map((each) => each.policy).lastIndexOf('z-deny')).toBe(
    attachments.findIndex((each) => each.policy === 'lidar') - 1,
  )
})

test('what differs at the target is not overwritten', async () => {
  const one = { kind: 'thing', name: 'device-00001', attributes: { site: 'elsewhere' } }
  const alias = { kind: 'role-alias', name: 'radar', durationSeconds: 900, tags: {} }
  const profile = { scope: 'role', tags: {}, transitiveTagKeys: [], requireThingName: false }
  const versions = [{ document: policy('Allow', '*'), isDefault: true }]
  const text = (await readFile(file('first.jsonl'), 'utf8')).split('\n', 1)
  const records = [
    one,
    { ...alias, roleArn: ROLE, profile: { ...profile, longDuration: 'clamp' } },
    { kind: 'policy', name: 'own-media', versions, tags: {} },
    {
      kind: 'policy-attachment',
      policy: 'own-media',
      target: { kind: 'thing-group', name: 'z-parent' },
    },
  ]
  const path = file('changed.jsonl')
  await writeFile(path, [...text, ...records.map((each) => JSON.stringify(each)), ''].join('\n'))
  const before = await run('export', ...targetOf(target, 'copy'))
  const { code, out } = await run(
    ...['import', '--from-file', path, '--state', file('other'), '--json'],
    ...targetOf(target, 'copy'),
  )
  expect(code).toBe(1)
  expect(JSON.parse(out).failures.map(({ stage }: { stage: string }) => stage)).toEqual([
    ...['things', 'policies', 'role-aliases', 'policy-attachments'],
  ])
  expect((await run('export', ...targetOf(target, 'copy'))).out).toBe(before.out)
}, 120_000)

const LIMITED = { kind: 'role-alias', name: 'limited', durationSeconds: 900, tags: {} }
const SETTINGS = { transitiveTagKeys: [], requireThingName: true, longDuration: 'clamp' }

async function importRecords(...records: readonly object[]) {
  const [head = ''] = (await readFile(file('first.jsonl'), 'utf8')).split('\n', 1)
  const path = file('some.jsonl')
  await writeFile(path, [head, ...records.map((each) => JSON.stringify(each)), ''].join('\n'))
  const flags = ['import', '--from-file', path, '--state', file('some'), '--json']
  const { code, out } = await run(...flags, ...targetOf(target, 'copy'))
  await rm(file('some'), { force: true })
  return { code, failures: JSON.parse(out).failures }
}

test('an alias whose settings are refused is not left behind without them', async () => {
  const profile = { ...SETTINGS, scope: 'session-policy', tags: { site: 'x' } }
  const before = await run('export', ...targetOf(target, 'copy'))
  expect(await importRecords({ ...LIMITED, roleArn: ROLE, profile })).toMatchObject({
    code: 1,
    failures: [{ stage: 'role-aliases', key: 'limited' }],
  })
  expect((await run('export', ...targetOf(target, 'copy'))).out).toBe(before.out)
}, 60_000)

test('an alias that a kill left without settings gets them', async () => {
  const operator = await administratorOf(target, 'copy')
  const alias = { roleAlias: 'limited', roleArn: ROLE, credentialDurationSeconds: 900 }
  await operator.send(new CreateRoleAliasCommand(alias))
  operator.destroy()
  const profile = { ...SETTINGS, scope: 'session-policy', tags: {} }
  expect(await importRecords({ ...LIMITED, roleArn: ROLE, profile })).toEqual({
    ...{ code: 0, failures: [] },
  })
  const { out } = await run('export', ...targetOf(target, 'copy'))
  const line = out
    .split('\n')
    .find((each) => each.startsWith('{"kind":"role-alias","name":"limited"'))
  expect(JSON.parse(line ?? '{}').profile).toEqual(profile)
}, 60_000)

test('a holder of a policy that cannot be carried over gets none of its others', async () => {
  const bad = {
    kind: 'policy',
    name: 'bad',
    tags: {},
    versions: [{ document: '{', isDefault: true }],
  }
  const target = { kind: 'thing-group', name: 'a-child' }
  const attach = (name: string) => ({ kind: 'policy-attachment', policy: name, target })
  const { code, failures } = await importRecords(bad, attach('lidar'), attach('bad'))
  expect(code).toBe(1)
  expect(failures).toEqual([
    expect.objectContaining({
      key: 'lidar thing-group a-child',
      reason: expect.stringContaining('policy bad'),
    }),
  ])
}, 60_000)

test.each([
  ['no account of theirs', ['--to-account', '999999999999'], '--to-account'],
  ['a control plane that is not there', ['--endpoint', 'http://127.0.0.1:1'], 'ECONNREFUSED'],
  ['a file that is none', ['--from-file', '/nonexistent'], 'ENOENT'],
])('%s ends with 2 and one line', async (_, args, told) => {
  const flags = ['import', '--from-file', file('first.jsonl'), '--state', file('none')]
  const { code, out, err } = await run(...flags, ...targetOf(target, 'copy'), ...args)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^thingpass: .*\n$/)
  expect(err).toContain(told)
})

test('a certificate that was registered before its CA is copied under it', async () => {
  await fleetOf(source, 'early').openTenant({ certificatesWithoutCa: true })
  await fleetOf(target, 'late').openTenant({ certificatesWithoutCa: false })
  const ca = createCa({ subject: 'Late CA' })
  const [operator, copied] = [
    await administratorOf(source, 'early'),
    await administratorOf(target, 'late'),
  ]
  const certificatePem = issueCertificate(ca).pem
  const input = { certificatePem, status: 'ACTIVE' } as const
  const { certificateId } = await operator.send(new RegisterCertificateWithoutCACommand(input))
  const { registrationCode } = await operator.send(new GetRegistrationCodeCommand({}))
  const verificationCertificate = issueCertificate(ca, { subject: registrationCode! }).pem
  const proven = { caCertificate: ca.pem, verificationCertificate, setAsActive: true }
  await operator.send(new RegisterCACertificateCommand(proven))
  await operator.send(new CreateThingTypeCommand({ thingTypeName: 'any' }))
  const out = file('early.jsonl')
  expect(await run('export', ...targetOf(source, 'early'), '--out', out)).toMatchObject({ code: 0 })
  const copy = ['import', '--from-file', out, '--copy-cas', '--state', file('early')]
  expect(await run(...copy, ...targetOf(target, 'late'))).toMatchObject({ code: 0 })
  const described = await copied.send(new DescribeCertificateCommand({ certificateId }))
  expect(described.certificateDescription).toMatchObject({ status: 'ACTIVE' })
  expect(described.certificateDescription?.caCertificateId).toBeDefined()
  operator.destroy()
  copied.destroy()
}, 60_000)
