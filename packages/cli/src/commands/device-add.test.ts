import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeFleet, refused } from '../../testing/fake-fleet.ts'
import { isForKey } from '../device/certificate-id.ts'
import { makeCertificateRequest, makePrivateKey } from '../device/certificate-request.ts'
import { addDevice, type DeviceAddOptions } from './device-add.ts'

let folder: string
let fleet: ReturnType<typeof createFakeFleet>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
  fleet = createFakeFleet()
  fleet.policies.add('camera-credentials')
  fleet.aliases.set('other', 'deny').set('camera', 'allow').set('later', 'allow')
})
afterEach(() => rm(folder, { recursive: true }))

const file = (name: string) => join(folder, 'camera-9', name)
const read = (name: string) => readFile(file(name), 'utf8')

async function add(options: DeviceAddOptions = {}, thing = 'camera-9', serverCa?: string) {
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
  const out = options.csr === undefined ? { out: join(folder, 'camera-9') } : {}
  const parts = { send: fleet.send, io, readServerCa: async () => serverCa }
  const code = await addDevice(thing, { ...out, ...options }, parts)
  return { code, ...printed }
}
const onlyCertificate = () => {
  const [[id, certificate] = [], ...more] = [...fleet.certificates]
  if (id === undefined || certificate === undefined || more.length > 0) {
    throw new Error(`there are ${fleet.certificates.size} certificates`)
  }
  return { id, ...certificate }
}
const FULL = { type: 'camera', attr: ['site=berlin'], policy: ['camera-credentials'] }

test('one command makes the thing, the key, the certificate, its attachments and the files', async () => {
  const { code, out, err } = await add({ ...FULL, json: true })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(fleet.things.get('camera-9')).toEqual({ type: 'camera', attributes: { site: 'berlin' } })
  const { id, status, pem, things, policies } = onlyCertificate()
  expect({ status, things: [...things], policies: [...policies] }).toEqual({
    ...{ status: 'ACTIVE', things: ['camera-9'], policies: ['camera-credentials'] },
  })
  expect(await read('certificate.pem')).toBe(pem)
  expect(isForKey(pem, await read('private.key'))).toBe(true)
  expect(JSON.parse(out)).toEqual({
    ...{ thingName: 'camera-9', certificateId: id, policies: ['camera-credentials'] },
    certificateArn: `arn:aws:iot:us-east-1:123456789012:cert/${id}`,
    ...{ certificateFile: file('certificate.pem'), privateKeyFile: file('private.key') },
    ...{ nextSteps: file('README.md'), roleAlias: 'camera', endpoint: 'devices.example.com' },
  })
})

test('the key is its owner’s, in a folder of its owner’s, and is never sent or shown', async () => {
  const { out, err } = await add(FULL)
  expect((await stat(file('private.key'))).mode & 0o777).toBe(0o600)
  expect((await stat(join(folder, 'camera-9'))).mode & 0o777).toBe(0o700)
  const secret = (await read('private.key')).split('\n')[1] ?? ''
  expect(secret.length).toBeGreaterThan(40)
  for (const told of [JSON.stringify(fleet.asked), out, err, await read('README.md')]) {
    expect(told).not.toContain(secret)
    expect(told).not.toContain('PRIVATE')
  }
})

test('the next steps have a line that fetches credentials for the first alias that lets the device in', async () => {
  await add(FULL)
  expect(await read('README.md')).toContain(
    "\ncurl --cert certificate.pem --key private.key --header 'x-amzn-iot-thingname: camera-9' https://devices.example.com/role-aliases/camera/credentials\n",
  )
  expect(await readdir(join(folder, 'camera-9'))).toHaveLength(3)
})

test('beside a local endpoint its CA is put into the folder and the line', async () => {
  await add(FULL, 'camera-9', 'the CA')
  expect(await read('server-ca.pem')).toBe('the CA')
  expect(await read('README.md')).toContain('\ncurl --cacert server-ca.pem --cert')
})

test('what cannot be found out is said in the next steps', async () => {
  fleet.aliases.clear()
  fleet.gate.fail = (name) =>
    name === 'DescribeEndpoint' ? refused('AccessDeniedException', 403) : undefined
  expect((await add(FULL)).code).toBe(0)
  const text = await read('README.md')
  expect(text).toContain('https://HOST/role-aliases/ROLE-ALIAS/credentials')
  expect(text).toContain('No role alias lets the device in yet')
  expect(text).toContain('Put the host name')
})

test.each(['evil; rm -rf', 'a b', '$(x)', ''])(
  'a host %j does not get into a shell',
  async (host) => {
    const { send } = fleet
    fleet.send = async (request) =>
      'operation' in request && request.operation === 'DescribeEndpoint'
        ? { ok: true, json: { endpointAddress: host } }
        : send(request)
    await add(FULL)
    expect(await read('README.md')).toContain('https://HOST/')
  },
)

test('run again, nothing is made anew and nothing changes', async () => {
  await add(FULL)
  const before = [onlyCertificate().id, await read('private.key'), await read('certificate.pem')]
  await chmod(file('private.key'), 0o644)
  expect((await add(FULL)).code).toBe(0)
  const after = [onlyCertificate().id, await read('private.key'), await read('certificate.pem')]
  expect(after).toEqual(before)
  expect((await stat(file('private.key'))).mode & 0o777).toBe(0o600)
})

const STEPS = [
  ...['GetPolicy', 'CreateThing', 'CreateCertificateFromCsr'],
  ...['AttachThingPrincipal', 'AttachPolicy'],
]
test.each(STEPS)('where %s fails, the next run goes on from there', async (step) => {
  fleet.gate.fail = (name) => (name === step ? refused('Broken', 500) : undefined)
  expect(await add(FULL)).toMatchObject({
    ...{ code: 1, out: '', err: 'thingpass: Broken (Broken, HTTP 500)\n' },
  })
  fleet.gate.fail = () => undefined
  expect((await add(FULL)).code).toBe(0)
  const { things, policies, status } = onlyCertificate()
  expect({ things: things.size, policies: policies.size, status }).toEqual({
    ...{ things: 1, policies: 1, status: 'ACTIVE' },
  })
})

test('a policy that is not there is found before anything is made', async () => {
  expect(await add({ policy: ['camera-credentials', 'none'] })).toMatchObject({ code: 1 })
  expect([fleet.things.size, existsSync(join(folder, 'camera-9'))]).toEqual([0, false])
})

test('a thing that is there is taken as it is, unless something else is asked for', async () => {
  fleet.things.set('camera-9', { type: 'camera', attributes: { site: 'lyon' } })
  expect((await add()).code).toBe(0)
  expect(await add(FULL)).toMatchObject({
    code: 1,
    err: expect.stringContaining('Thing camera-9 is there with another type or other attributes'),
  })
  expect(await add({ type: 'camera' })).toMatchObject({ code: 1 })
  expect(await add({ attr: ['a=b'] })).toMatchObject({ code: 1 })
  expect(fleet.things.get('camera-9')).toEqual({ type: 'camera', attributes: { site: 'lyon' } })
})

test.each(['INACTIVE', 'REVOKED'])(
  'a certificate that somebody made %s stays so',
  async (status) => {
    await add(FULL)
    const [certificate] = fleet.certificates.values()
    if (certificate !== undefined) certificate.status = status
    expect(await add(FULL)).toMatchObject({
      code: 1,
      err: expect.stringMatching(`Certificate [0-9a-f]{64} is ${status}, and left so`),
    })
    expect(onlyCertificate().status).toBe(status)
  },
)

test('a certificate that was deleted is made anew, for the same key', async () => {
  await add(FULL)
  const key = await read('private.key')
  const { id } = onlyCertificate()
  fleet.certificates.clear()
  expect((await add(FULL)).code).toBe(0)
  expect(onlyCertificate().id).not.toBe(id)
  expect(await read('certificate.pem')).toBe(onlyCertificate().pem)
  expect(await read('private.key')).toBe(key)
})

test('a certificate of another key is left alone', async () => {
  await add(FULL)
  await writeFile(file('private.key'), makePrivateKey())
  expect(await add(FULL)).toMatchObject({
    code: 2,
    err: `thingpass: ${file('certificate.pem')} is not the certificate of ${file('private.key')}\n`,
  })
  onlyCertificate()
})

test('a file that is no private key is left alone, and not quoted', async () => {
  await add(FULL)
  await writeFile(file('private.key'), 'something secret')
  const { code, err } = await add(FULL)
  expect({ code, err }).toEqual({
    code: 2,
    err: `thingpass: ${file('private.key')} is no private key\n`,
  })
  expect(await read('private.key')).toBe('something secret')
})

test('for a request, the certificate is put beside it, and no key is made', async () => {
  const csr = join(folder, 'a.csr')
  await writeFile(csr, makeCertificateRequest(makePrivateKey(), 'camera-9'))
  expect((await add({ ...FULL, csr })).code).toBe(0)
  expect((await add({ ...FULL, csr })).code).toBe(0)
  expect((await readdir(folder)).sort()).toEqual(['a.certificate.pem', 'a.csr'])
  expect(await readFile(join(folder, 'a.certificate.pem'), 'utf8')).toBe(onlyCertificate().pem)
})

test('a certificate beside a request that is not for its key is left alone', async () => {
  const csr = join(folder, 'a.csr')
  await writeFile(csr, makeCertificateRequest(makePrivateKey(), 'camera-9'))
  await add({ ...FULL, csr })
  await writeFile(csr, makeCertificateRequest(makePrivateKey(), 'camera-9'))
  expect(await add({ ...FULL, csr })).toMatchObject({
    code: 2,
    err: expect.stringContaining('is not the certificate of'),
  })
})

test.each([
  [{}, 'a/b', '<thing> takes'],
  [{}, '..', '<thing> takes'],
  [{}, '', '<thing> takes'],
  [{ attr: ['x'] }, 'a', '--attr: "x" is not key=value'],
  [{ csr: 'x', out: 'y' }, 'a', '--csr and --out'],
  [{ csr: '/nonexistent/x' }, 'a', '/nonexistent/x cannot be read (ENOENT)'],
  [{ out: '/dev/null/x' }, 'a', '/dev/null/x/private.key cannot be read (ENOTDIR)'],
])('%j for %j is not understood, and nothing is sent', async (options, thing, problem) => {
  const { code, err } = await add(options, thing)
  expect({ code, asked: fleet.asked }).toEqual({ code: 2, asked: [] })
  expect(err).toContain(problem)
})
