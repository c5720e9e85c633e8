import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueCa, issueDeviceCertificate } from '@thingpass/local/pki/issue-certificate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { runCommand } from '../support/run-command.ts'

const SLOW = 120_000
const ROLE = 'arn:aws:iam::123456789012:role/thingpass-demo-camera'
const BETA_ROLE = 'arn:aws:iam::123456789012:role/beta-look'

let stack: TestStack
let folder: string
beforeAll(async () => {
  stack = await startTestStack()
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
}, SLOW)
afterAll(async () => {
  await stack.close()
  await rm(folder, { recursive: true })
})

const run = (...args: readonly string[]) =>
  runCommand([...args, '--data-dir', stack.dataDir], { THINGPASS_ENDPOINT: stack.controlUrl })

/** Runs a command that must succeed, and reads what it prints for programs. */
async function json(...args: readonly string[]) {
  const { code, out, err } = await run(...args, '--json')
  if (code !== 0) throw new Error(`${args.join(' ')}: ${err}`)
  return JSON.parse(out)
}

const file = async (name: string, content: string | object) => {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** Makes a role that may be assumed for one tenant, and passed by the administrator. */
async function addRole(arn: string, externalId: string): Promise<void> {
  const path = join(stack.dataDir, 'roles.json')
  const roles = JSON.parse(await readFile(path, 'utf8'))
  const trustPolicy = structuredClone(roles[0].trustPolicy)
  trustPolicy.Statement[0].Condition.StringEquals['sts:ExternalId'] = externalId
  const passableBy = ['arn:aws:iam::123456789012:user/default']
  await writeFile(path, JSON.stringify([...roles, { ...roles[0], arn, trustPolicy, passableBy }]))
}

test(
  'a fleet is set up from nothing in the words of the API, and its device gets credentials',
  async () => {
    const { externalId } = await json(
      ...['tenants', 'create', 'beta', '--role-arn-pattern', BETA_ROLE],
      ...['--session-tag-key', 'site', '--rate', '10', '--burst', '20'],
    )
    await addRole(BETA_ROLE, externalId)
    const beta = ['--tenant', 'beta']
    await Promise.all([
      json('thing-types', 'create', 'camera', '--description', 'Looks', ...beta),
      json('thing-groups', 'create', 'europe', ...beta),
    ])
    await json('thing-groups', 'create', 'berlin', '--parent', 'europe', ...beta)
    await json('things', 'create', 'cam', '--type', 'camera', '--attr', 'site=x', ...beta)
    await json('thing-groups', 'add', 'berlin', 'cam', ...beta)
    await json(
      'role-aliases',
      'create',
      'look',
      '--role-arn',
      BETA_ROLE,
      '--duration',
      '900',
      ...beta,
    )
    const document = await file('policy.json', {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'iot:AssumeRoleWithCertificate', Resource: '*' }],
    })
    await json('policies', 'create', 'look', '--document', document, ...beta)
    await json('policies', 'attach', 'look', '--target', 'thinggroup/europe', ...beta)

    const now = new Date()
    const ca = await issueCa({ commonName: 'Beta CA', now, validDays: 30 })
    const { registrationCode } = await json('cas', 'registration-code', ...beta)
    const proof = await issueDeviceCertificate(ca, {
      commonName: registrationCode,
      now,
      validDays: 1,
    })
    const caFile = await file('ca.pem', ca.certificatePem)
    const registered = await json(
      ...['cas', 'register', '--active', '--pem', caFile, ...beta],
      ...['--verification-pem', await file('proof.pem', proof.certificatePem)],
    )
    const device = await issueDeviceCertificate(ca, { commonName: 'cam', now, validDays: 10 })
    const pem = await file('cam.pem', device.certificatePem)
    const { certificateId } = await json(
      ...['certificates', 'register', '--pem', pem, '--status', 'ACTIVE', ...beta],
    )
    await json('things', 'attach', 'cam', '--principal', certificateId, '--exclusive', ...beta)

    const url = `${stack.url}/role-aliases/look/credentials`
    const client = await connect(stack, device)
    const answer = await client.get(url, { 'x-amzn-iot-thingname': 'cam' })
    client.close()
    expect(answer.status).toBe(200)

    expect(await json('cas', 'certificates', registered.certificateId, ...beta)).toMatchObject({
      certificates: [{ certificateId, status: 'ACTIVE' }],
    })
    expect(
      await json('policies', 'effective', certificateId, '--thing', 'cam', ...beta),
    ).toMatchObject({ effectivePolicies: [{ policyName: 'look' }] })
    expect(await json('things', 'groups', 'cam', ...beta)).toMatchObject({
      thingGroups: [{ groupName: 'berlin' }],
    })
    expect(await json('certificates', 'things', certificateId, ...beta)).toEqual({
      principalThingObjects: [{ thingName: 'cam', thingPrincipalType: 'EXCLUSIVE_THING' }],
    })
  },
  SLOW,
)

test(
  'people are shown tables',
  async () => {
    expect((await run('things', 'list', '--type', 'camera')).out).toBe(
      `thingName  thingTypeName  version  attributes
camera-1   camera         1        {"lens":"wide","site":"berlin"}
camera-2   camera         1        {"lens":"tele","site":"lyon"}
`,
    )
    expect((await run('role-aliases', 'list')).out).toBe(
      'roleAlias\ndemo-admin\ndemo-camera\ndemo-gateway\ndemo-maintenance\n',
    )
    expect((await run('thing-groups', 'list')).out).toContain('on-site')
    expect((await run('certificates', 'list', '--limit', '2')).out.split('\n')).toHaveLength(4)
  },
  SLOW,
)

test(
  'a list of more than one page is whole',
  async () => {
    const names = Array.from({ length: 260 }, (_, index) => `paged-${index}`)
    const csv = await file('paged.csv', ['thingName', ...names].join('\n'))
    expect((await run('things', 'import', csv)).code).toBe(0)
    const { things } = await json('things', 'list')
    const listed = things.map(({ thingName }: { thingName: string }) => thingName)
    expect(new Set(listed).size).toBe(listed.length)
    expect(listed).toEqual(expect.arrayContaining(names))
    expect((await json('things', 'list', '--limit', '255')).things).toHaveLength(255)
  },
  SLOW,
)

test(
  'the session profile of an alias is shown, written and taken away',
  async () => {
    const alias = ['role-aliases', 'session-profile']
    const profile = { tags: { site: 'fixed' }, requireThingName: true }
    const path = await file('profile.json', profile)
    expect((await run(...alias, 'put', 'demo-gateway', '--file', path)).out).toBe(
      'session-profile put: done\n',
    )
    expect(await json(...alias, 'get', 'demo-gateway')).toMatchObject(profile)
    await json(...alias, 'delete', 'demo-gateway')
    expect(await json(...alias, 'get', 'demo-gateway')).toMatchObject({ tags: {} })
  },
  SLOW,
)

test(
  'a tenant keeps what an update does not name, and goes when nothing is left',
  async () => {
    const created = await json(
      ...['tenants', 'create', 'gamma', '--role-arn-pattern', ROLE],
      ...['--certificates-without-ca', 'true', '--rate', '0.5', '--burst', '2'],
    )
    const { externalId } = created
    const disabled = await json('tenants', 'update', 'gamma', '--status', 'DISABLED')
    expect(disabled).toEqual({ ...created, status: 'DISABLED' })
    await json('tenants', 'update', 'gamma', '--role-arn-pattern', '', '--unlimited')
    expect(await json('tenants', 'describe', 'gamma')).toMatchObject({
      ...{ status: 'DISABLED', roleArnPatterns: [], certificatesWithoutCa: true, externalId },
    })
    expect(await json('tenants', 'describe', 'gamma')).not.toHaveProperty('rateLimit')
    expect((await json('tenants', 'list')).tenants).toContainEqual({
      ...{ tenantId: 'gamma', status: 'DISABLED' },
    })
    await json('tenants', 'delete', 'gamma')
    expect(await run('tenants', 'describe', 'gamma')).toMatchObject({ code: 1 })
    expect(await run('tenants', 'list', '--tenant', 'acme')).toMatchObject({
      code: 1,
      err: expect.stringContaining('HTTP 404'),
    })
  },
  SLOW,
)

test(
  'the administrator registers a CA for a tenant',
  async () => {
    const ca = await issueCa({ commonName: 'Acme second CA', now: new Date(), validDays: 30 })
    const pem = await file('acme-ca.pem', ca.certificatePem)
    const { certificateId } = await json('tenants', 'register-ca', 'acme', '--pem', pem, '--active')
    expect(
      (await json('cas', 'list', '--tenant', 'acme')).certificates.map(
        ({ certificateId: id }: { certificateId: string }) => id,
      ),
    ).toContain(certificateId)
    const out = join(folder, 'shown.pem')
    await json('cas', 'describe', certificateId, '--out', out, '--tenant', 'acme')
    expect((await readFile(out, 'utf8')).trim()).toBe(ca.certificatePem.trim())
  },
  SLOW,
)

test(
  'a refusal is told with the API’s code, and ends with 1',
  async () => {
    expect(await run('policies', 'delete', 'camera-credentials')).toEqual({
      ...{ code: 1, out: '' },
      err: expect.stringMatching(/^thingpass: .*\(DeleteConflictException, HTTP 409\)\n$/),
    })
  },
  SLOW,
)
