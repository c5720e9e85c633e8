import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStack, type TestStack } from '../support/local-stack.ts'
import { COMMAND, runCommand, runNode } from '../support/run-command.ts'

const PROCESSES = 24
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

function argsOf(thing: string, changed: Readonly<Record<string, string>> = {}): string[] {
  const { certificate, privateKey, authority } = stack.filesOf(thing)
  const options = {
    ...{ endpoint: new URL(stack.url).host, 'role-alias': 'demo-camera', thing },
    ...{ cert: certificate, key: privateKey, ca: authority },
    'cache-dir': join(folder, thing),
    ...changed,
  }
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  return ['credential-process', ...flags]
}
const requestsOf = async (thing: string) =>
  (await stack.audited()).filter(({ thingName }) => thingName === thing)

test(
  'two dozen processes at once make one request, and all get its credentials',
  async () => {
    const runs = await Promise.all(
      Array.from({ length: PROCESSES }, () => runCommand(argsOf('camera-1'))),
    )
    expect(new Set(runs.map(({ err, code }) => `${code}${err}`))).toEqual(new Set(['0']))
    expect(new Set(runs.map(({ out }) => out)).size).toBe(1)
    expect(JSON.parse(runs[0]?.out ?? '')).toEqual({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SecretAccessKey: expect.any(String),
      SessionToken: expect.any(String),
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
    expect(await requestsOf('camera-1')).toHaveLength(1)
    const cache = join(folder, 'camera-1')
    const files = await readdir(cache)
    expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.json$/)])
    expect((await stat(cache)).mode & 0o777).toBe(0o700)
    expect((await stat(join(cache, files[0]!))).mode & 0o777).toBe(0o600)
  },
  SLOW,
)

test(
  'a refusal is one request for all processes too, and names what a person can look up',
  async () => {
    const args = argsOf('camera-2', { 'role-alias': 'demo-admin' })
    const runs = await Promise.all(Array.from({ length: 4 }, () => runCommand(args)))
    const [record] = await requestsOf('camera-2')
    const err = `thingpass: no credentials: HTTP 403, Access Denied (request ${record?.requestId})\n`
    expect(runs).toEqual(Array.from({ length: 4 }, () => ({ code: 1, out: '', err })))
    expect(await requestsOf('camera-2')).toHaveLength(1)
  },
  SLOW,
)

test(
  "an SDK that is told of it in its configuration calls AWS with the device's credentials",
  async () => {
    const config = join(folder, 'config')
    const words = [
      process.execPath,
      COMMAND,
      ...argsOf('gateway-1', { 'role-alias': 'demo-gateway' }),
    ]
    const line = words.map((word) => `"${word}"`).join(' ')
    await writeFile(config, `[profile device]\ncredential_process = ${line}\n`)
    const program = `
      import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
      const client = new STSClient({ region: 'us-east-1', endpoint: ${JSON.stringify(stack.stsUrl)} })
      console.log((await client.send(new GetCallerIdentityCommand({}))).Arn)`
    const environment = {
      ...{ AWS_CONFIG_FILE: config, AWS_PROFILE: 'device' },
      AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    }
    const { out, code } = await runNode(['--input-type=module', '-e', program], environment)
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^arn:aws:sts::123456789012:assumed-role\/thingpass-demo-gateway\/[0-9a-f]{64}\n$/,
      ),
    })
  },
  SLOW,
)

test(
  'what cannot be done is one line without a secret: exit code 2 for a bad line, 1 for no answer',
  async () => {
    const bad = await runCommand(argsOf('camera-1', { key: '/none' }))
    expect(bad).toEqual({ code: 2, out: '', err: 'thingpass: /none cannot be read (ENOENT)\n' })
    const { authority } = stack.filesOf('camera-1')
    const noKey = await runCommand(argsOf('camera-1', { key: authority, thing: 'camera-9' }))
    expect(noKey).toMatchObject({ code: 1, out: '' })
    expect(noKey.err).toMatch(/^thingpass: no credentials: [^\n]*\n$/)
    expect(noKey.err).not.toContain('BEGIN')
  },
  SLOW,
)
