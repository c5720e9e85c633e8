import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../support/fleet.ts'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { runCommand } from '../support/run-command.ts'

const SLOW = 60_000

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

const thingpass = (...args: readonly string[]) =>
  runCommand([...args, '--endpoint', stack.controlUrl, '--data-dir', stack.dataDir])

/** What the device with the files of a folder is answered. */
async function ask(device: string, alias: string, certificate = 'certificate.pem') {
  const identity = {
    certificatePem: await readFile(join(folder, device, certificate), 'utf8'),
    privateKeyPem: await readFile(join(folder, device, 'private.key'), 'utf8'),
  }
  const client = await connect(stack, identity)
  const url = `${stack.url}/role-aliases/${alias}/credentials`
  const answer = await client.get(url, { 'x-amzn-iot-thingname': device })
  client.close()
  return answer
}

const add = (thing: string, ...more: readonly string[]) =>
  thingpass('device', 'add', thing, '--out', join(folder, thing), ...more)

test(
  'after one command a device gets credentials; after another it does not',
  async () => {
    const options = ['--type', 'camera', '--attr', 'site=berlin', '--policy', 'camera-credentials']
    const added = await add('camera-9', ...options, '--json')
    expect(added).toMatchObject({ code: 0, err: '' })
    const { certificateId, roleAlias } = JSON.parse(added.out)
    expect(roleAlias).toBe('demo-camera')
    const answer = await ask('camera-9', 'demo-camera')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({
      credentials: { accessKeyId: expect.any(String) },
    })

    const principals = await thingpass('things', 'principals', 'camera-9', '--json')
    expect(JSON.parse(principals.out).thingPrincipalObjects).toEqual([
      {
        principal: `arn:aws:iot:us-east-1:123456789012:cert/${certificateId}`,
        thingPrincipalType: 'EXCLUSIVE_THING',
      },
    ])
    const again = await add('camera-9', ...options, '--json')
    expect(again).toEqual(added)

    const revoked = await thingpass('device', 'revoke', 'camera-9')
    expect(revoked.out).toMatch(new RegExp(`^${certificateId} +ACTIVE +REVOKED$`, 'm'))
    expect((await ask('camera-9', 'demo-camera')).status).toBe(403)
    expect(await add('camera-9', ...options)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is REVOKED, and left so'),
    })
  },
  SLOW,
)

test.skipIf(spawnSync('curl', ['--version']).status !== 0)(
  'the line of the next steps fetches credentials',
  async () => {
    await add('camera-10', '--type', 'camera', '--policy', 'camera-credentials')
    const text = await readFile(join(folder, 'camera-10', 'README.md'), 'utf8')
    const [line = ''] = /^curl .*$/m.exec(text) ?? []
    const options = { cwd: join(folder, 'camera-10') }
    const { stdout } = await promisify(execFile)('sh', ['-c', `${line} --silent`], options)
    expect(JSON.parse(stdout)).toHaveProperty('credentials.sessionToken')
  },
  SLOW,
)

test(
  'a tenant’s operator adds a device of the tenant, which is no other’s',
  async () => {
    const line = ['--tenant', 'acme', '--type', 'camera', '--policy', 'camera-credentials']
    expect(await add('acme-9', ...line)).toMatchObject({ code: 0 })
    expect((await ask('acme-9', 'demo-camera')).status).toBe(200)
    expect(await thingpass('things', 'describe', 'acme-9')).toMatchObject({
      code: 1,
      err: expect.stringContaining('ResourceNotFoundException'),
    })
    expect(await thingpass('things', 'describe', 'acme-9', '--tenant', 'acme')).toMatchObject({
      code: 0,
    })
  },
  SLOW,
)

test.skipIf(spawnSync('openssl', ['version']).status !== 0)(
  'a device whose key was made elsewhere gets a certificate for its request',
  async () => {
    const at = join(folder, 'camera-11')
    const make = `mkdir ${at} && openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=any -keyout ${at}/private.key -out ${at}/a.csr`
    await promisify(execFile)('sh', ['-c', make])
    const added = await thingpass(
      ...['device', 'add', 'camera-11', '--csr', join(at, 'a.csr')],
      ...['--policy', 'camera-credentials'],
    )
    expect(added).toMatchObject({ code: 0, err: '' })
    expect((await ask('camera-11', 'demo-camera', 'a.certificate.pem')).status).toBe(200)
  },
  SLOW,
)
