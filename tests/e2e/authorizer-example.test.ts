import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { parseCommandLine } from '@thingpass/local/command-line'
import { demoFleet } from '@thingpass/local/demo-fleet/fleet'
import { PKI_FILES } from '@thingpass/local/pki/local-pki'
import { type Stack, startStack } from '@thingpass/local/stack/start-stack'
import { send } from '@thingpass/local/testing/device-client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createReadingsApi } from '../../examples/protected-api/readings-api.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const README = new URL('../../examples/protected-api/README.md', import.meta.url)
const MAIN = new URL('../../examples/protected-api/protected-api.main.ts', import.meta.url)

let folder: string
let dataDir: string
let stack: Stack

const settings = () => {
  const parsed = parseCommandLine(['--port', '0', '--data-dir', dataDir])
  if (parsed.kind !== 'start') throw new Error('these flags do not start a stack')
  return parsed.settings
}
const start = () => {
  const io = { clock: () => new Date(), decided: () => undefined, log: () => undefined }
  return startStack(settings(), io, createReadingsApi())
}
const optionsOf = async (thing: string) => ({
  ca: await readFile(PKI_FILES.serverCa(dataDir), 'utf8'),
  cert: await readFile(PKI_FILES.deviceCertificate(dataDir, thing), 'utf8'),
  key: await readFile(PKI_FILES.devicePrivateKey(dataDir, thing), 'utf8'),
})

/** One request of a device, under the name of its own thing. */
async function ask(thing: string, method: string, path: string, body?: string) {
  const agent = new Agent({ ...(await optionsOf(thing)), servername: 'localhost' })
  const headers = { 'x-amzn-iot-thingname': thing, 'content-type': 'text/plain' }
  try {
    const answer = await send(`${stack.url}${path}`, { agent, method, headers }, body)
    return [answer.status, answer.body]
  } finally {
    agent.destroy()
  }
}
const FORBIDDEN = [403, '{"message":"Forbidden"}']
const lastRecord = async () => {
  const audit = await readFile(join(dataDir, 'audit.jsonl'), 'utf8')
  return JSON.parse(audit.trimEnd().split('\n').at(-1) ?? '')
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thingpass-'))
  dataDir = join(folder, 'data')
  stack = await start()
})
afterAll(async () => {
  await stack.close()
  await rm(folder, { recursive: true })
})

describe('its README', () => {
  const readme = () => readFile(README, 'utf8')
  const hasCurl = spawnSync('curl', ['--version']).status === 0

  test.runIf(hasCurl)('says what a shell shows, word by word', async () => {
    const [, script = ''] = /```sh\n(.*?)```/s.exec(await readme()) ?? []
    const here = script
      .replaceAll('https://localhost:8443', stack.url)
      .replaceAll('.thingpass', dataDir)
    // Not synchronously: the stack lives in this process.
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', here])
    const promised = [...script.matchAll(/^# ?(.*)$/gm)].map(([, line = '']) => line)
    const shown = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/[0-9a-f]{64}/, '…'))
    expect(shown).toEqual(promised)
  })

  test('shows the policy that the demo fleet has', async () => {
    const [, json = ''] = /```json\n(.*?)```/s.exec(await readme()) ?? []
    const policies = demoFleet(settings()).map((tenant) => tenant.policies['own-readings'])
    expect(policies).toEqual([JSON.parse(json), JSON.parse(json)])
  })
})

describe('the protected API', () => {
  test('lets each device write and read its own readings', async () => {
    expect(await ask('camera-2', 'GET', '/readings/camera-2')).toEqual([
      404,
      '{"message":"No reading yet"}',
    ])
    expect(await ask('camera-1', 'PUT', '/readings/camera-1', '21 °C')).toEqual([204, ''])
    expect(await ask('camera-2', 'PUT', '/readings/camera-2', '5 °C')).toEqual([204, ''])
    expect(await ask('camera-1', 'GET', '/readings/camera-1')).toEqual([200, '{"reading":"21 °C"}'])
    expect(await ask('camera-2', 'GET', '/readings/camera-2')).toEqual([200, '{"reading":"5 °C"}'])
  })

  test.each([
    ['read', 'GET', undefined],
    ['write', 'PUT', 'forged'],
  ])("lets no device %s another's", async (_, method, body) => {
    expect(await ask('camera-1', method, '/readings/camera-2', body)).toEqual(FORBIDDEN)
  })

  test.each([
    ['no policy allows', 'gateway-1', 'policy-does-not-allow'],
    [
      "the tenant's patterns leave out, whatever its policies say",
      'acme-camera-1',
      'api-outside-tenant',
    ],
  ])('lets nobody in whom %s', async (_, thing, reason) => {
    expect(await ask(thing, 'GET', `/readings/${thing}`)).toEqual(FORBIDDEN)
    expect(await lastRecord()).toMatchObject({ kind: 'authorizer', reason })
    expect(await ask(thing, 'GET', '/whoami')).toMatchObject([200, expect.any(String)])
  })

  test.each(['camera-1%3Bx', 'camera-1%25', 'camera-1%0A', 'camera-1%5C'])(
    'serves no path that may be read in several ways: %s',
    async (segment) => {
      expect(await ask('camera-1', 'GET', `/readings/${segment}`)).toEqual(FORBIDDEN)
      expect(await lastRecord()).toMatchObject({ kind: 'authorizer', reason: 'path-ambiguous' })
    },
  )

  test('takes no reading that is empty or too long', async () => {
    for (const reading of ['', 'x'.repeat(1025)]) {
      expect(await ask('camera-1', 'PUT', '/readings/camera-1', reading)).toMatchObject([
        400,
        expect.any(String),
      ])
    }
  })

  test('starts again on what an earlier start left', async () => {
    await stack.close()
    stack = await start()
    expect(await ask('camera-1', 'GET', '/whoami')).toMatchObject([200, expect.any(String)])
  })
})

describe('its command', () => {
  const run = (...flags: string[]) => spawn(process.execPath, [MAIN.pathname, ...flags])

  test('starts it, says where it is, and stops in order', async () => {
    const child = run('--port', '0', '--data-dir', join(folder, 'other'))
    const ended = once(child, 'exit')
    try {
      const [line] = await once(createInterface({ input: child.stdout }), 'line')
      expect(line).toMatch(/^The readings API is at https:\/\/localhost:\d+; the keys /)
    } finally {
      child.kill('SIGTERM')
    }
    expect(await ended).toEqual([0, null])
  })

  test.each([
    [['--port', 'x'], '--port must be a number from 0 to 65535'],
    [
      ['--port', '0', '--front-door', 'load-balancer'],
      'a load balancer asks no authorizer: no API behind it',
    ],
  ])('says in one line what is wrong with %j', async (flags, problem) => {
    const child = run(...flags, '--data-dir', join(folder, 'wrong'))
    const [line] = await once(createInterface({ input: child.stderr }), 'line')
    expect(line).toBe(`protected-api: ${problem}`)
    expect(await once(child, 'exit')).toEqual([2, null])
  })
})
