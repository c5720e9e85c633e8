import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IoTClient, ListThingsCommand } from '@aws-sdk/client-iot'
import { startControlPlane } from '@thingpass/local/control/start-control-plane'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ProxyOptions, runProxy } from './proxy.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterEach(() => rm(folder, { recursive: true }))

const keysFile = () => join(folder, 'proxy', 'aws-credentials')

/** Runs the command until `stop`. */
function begin(changed: Partial<ProxyOptions> = {}, environment: Record<string, string> = {}) {
  const printed = { out: '', err: '' }
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  const { promise: ready, resolve: say } = Promise.withResolvers<void>()
  const io = {
    out: (text: string) => {
      printed.out += text
      say()
    },
    err: (text: string) => {
      printed.err += text
    },
    environment,
  }
  const options = { listen: '127.0.0.1:0', dataDir: folder, ...changed }
  const ended = runProxy(options, stopped, io)
  return { printed, ended, ready: Promise.race([ready, ended]), stop }
}

async function localControlPlane() {
  const paths: string[] = []
  const server = await startControlPlane({
    ...{ accountId: '123456789012', region: 'us-east-1', clock: () => new Date() },
    log: () => undefined,
    accessKeys: [{ profile: 'default', accessKeyId: 'AKIALOCALADMIN', secretAccessKey: 's' }],
    handler: async ({ path }) => {
      paths.push(path)
      return { statusCode: 200, body: '{"things":[]}' }
    },
  })
  return { server, paths }
}
/** The operator's own keys, in the file where a local stack has them. */
async function keepOperatorKeys() {
  const text = '[default]\naws_access_key_id = AKIALOCALADMIN\naws_secret_access_key = s\n'
  await writeFile(join(folder, 'aws-credentials'), text)
}

test('it serves with keys that it made for the purpose, and prints what another shell needs', async () => {
  await keepOperatorKeys()
  const { server, paths } = await localControlPlane()
  const running = begin({ endpoint: server.url, tenant: 'acme' })
  await running.ready
  const { out } = running.printed
  const url = /^export AWS_ENDPOINT_URL_IOT=(\S+)$/m.exec(out)?.[1]
  expect(out).toContain(`for ${server.url}/t/acme,`)
  expect(out).toContain(`\nexport AWS_SHARED_CREDENTIALS_FILE=${keysFile()} AWS_PROFILE=default\n`)
  expect(out).toContain('\nexport AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1\n')
  expect(out).toContain('\nunset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN\n')
  expect((await stat(keysFile())).mode & 0o777).toBe(0o600)
  const kept = await readFile(keysFile(), 'utf8')
  const [, accessKeyId = '', secretAccessKey = ''] =
    /key_id = (\S+)\naws_secret_access_key = (\S+)/.exec(kept) ?? []
  expect(out).not.toContain(secretAccessKey)
  const credentials = { accessKeyId, secretAccessKey }
  const tool = new IoTClient({ endpoint: url!, region: 'us-east-1', credentials })
  expect((await tool.send(new ListThingsCommand({}))).things).toEqual([])
  expect(paths).toEqual(['/t/acme/things'])
  tool.destroy()
  running.stop()
  expect(await running.ended).toBe(0)
  expect(running.printed.err).toBe('')
  await server.close()
})

test('once stopped it listens no more', async () => {
  await keepOperatorKeys()
  const running = begin()
  await running.ready
  const url = /AWS_ENDPOINT_URL_IOT=(\S+)/.exec(running.printed.out)?.[1]
  running.stop()
  await running.ended
  await expect(fetch(url!)).rejects.toThrow()
})

test.each<[string, Partial<ProxyOptions>, string]>([
  ['an address of the network', { listen: '0.0.0.0:1' }, '--listen'],
  ['no URL', { endpoint: 'x' }, '--endpoint'],
  ['no keys of the operator', { dataDir: '/nonexistent' }, 'npm start'],
])('with %s it ends with 2', async (_, changed, problem) => {
  const { ended, printed } = begin(changed)
  expect(await ended).toBe(2)
  expect(printed.out).toBe('')
  expect(printed.err).toMatch(/^thingpass: [^\n]*\n$/)
  expect(printed.err).toContain(problem)
})

test('with a port that is taken it ends with 2', async () => {
  await keepOperatorKeys()
  const { server } = await localControlPlane()
  const { ended, printed } = begin({ listen: `127.0.0.1:${server.port}` })
  expect(await ended).toBe(2)
  await server.close()
  expect(printed.err).toContain('taken')
})

test('in a shell that was given its own keys it ends with 2', async () => {
  const { ended, printed } = begin({}, { AWS_SHARED_CREDENTIALS_FILE: keysFile() })
  expect(await ended).toBe(2)
  expect(printed.err).toContain('unset it')
})

test('a file of keys that it cannot read ends with 2, and is not shown', async () => {
  await keepOperatorKeys()
  await mkdir(join(folder, 'proxy'))
  await writeFile(keysFile(), 'what nobody should see')
  const { ended, printed } = begin()
  expect(await ended).toBe(2)
  expect(printed.err).toBe(`thingpass: ${keysFile()}: line 1 is not of its form\n`)
})
