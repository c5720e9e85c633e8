import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseCommandLine } from '@thingpass/local/command-line'
import { PKI_FILES } from '@thingpass/local/pki/local-pki'
import type { Stack } from '@thingpass/local/stack/start-stack'
import { send } from '@thingpass/local/testing/device-client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startProtectedApi } from '../../examples/protected-api/start-protected-api.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const MAIN = new URL('../../examples/protected-api/protected-api.main.ts', import.meta.url)

let folder: string
let dataDir: string
let stack: Stack

const start = async () => {
  const parsed = parseCommandLine(['--port', '0', '--data-dir', dataDir])
  if (parsed.kind !== 'start') throw new Error('these flags do not start a stack')
  const io = { clock: () => new Date(), decided: () => undefined, log: () => undefined }
  return startProtectedApi(parsed.settings, io)
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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thingpass-'))
  dataDir = join(folder, 'data')
  stack = await start()
})
afterAll(async () => {
  await stack.close()
  await rm(folder, { recursive: true })
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

  test('lets nobody in whom no policy allows', async () => {
    expect(await ask('gateway-1', 'GET', '/readings/gateway-1')).toEqual(FORBIDDEN)
    expect(await ask('acme-camera-1', 'GET', '/readings/acme-camera-1')).toEqual(FORBIDDEN)
  })

  test.each(['camera-1%3Bx', 'camera-1%25', 'camera-1%0A', 'camera-1%5C'])(
    'serves no path that may be read in several ways: %s',
    async (segment) => {
      expect(await ask('camera-1', 'GET', `/readings/${segment}`)).toEqual(FORBIDDEN)
      const audit = await readFile(join(dataDir, 'audit.jsonl'), 'utf8')
      expect(JSON.parse(audit.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
        kind: 'authorizer',
        reason: 'path-ambiguous',
      })
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

test('one command starts it, and says what to try', async () => {
  const flags = ['--port', '0', '--data-dir', join(folder, 'other')]
  const child = spawn(process.execPath, [MAIN.pathname, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    expect(line).toMatch(
      /^curl --cacert \S+ --cert \S+ --key \S+ -H "x-amzn-iot-thingname: camera-1" "https:\/\/localhost:\d+\/whoami/,
    )
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended).toEqual([0, null])
})
