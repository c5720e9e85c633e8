import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDynamoClient } from '@thingpass/aws/clients'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { DEFAULT_TENANT, parseRegion } from '@thingpass/core/names'
import { createIdentify } from '@thingpass/x509/identify'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDevice } from '../testing/device-client.ts'
import {
  descendantsOf,
  isAlive,
  type SpawnedProgram,
  spawnProgram,
} from '../testing/spawned-program.ts'
import { findFreePort } from './engine/free-port.ts'
import { PKI_FILES } from './pki/local-pki.ts'

// Real sockets and processes: on a busy machine they take their time.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 })

const PATIENCE = { timeout: 20_000 }
const PATIENT_POLL = { timeout: 15_000, interval: 20 }

let folder: string
let dataDir: string
const running: SpawnedProgram[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'start-test-'))
  dataDir = join(folder, 'data')
})
afterEach(async () => {
  for (const program of running.splice(0)) {
    program.child.kill('SIGKILL')
    await program.ended
  }
  await rm(folder, { recursive: true })
})

const start = (...args: string[]) => {
  const program = spawnProgram('start.main.ts', args)
  running.push(program)
  return program
}
const ready = async (program: SpawnedProgram) => {
  await expect
    .poll(() => program.stdout() + program.stderr(), PATIENT_POLL)
    .toContain('Ctrl-C stops')
  const address = (name: string) =>
    new RegExp(`^ {2}${name} +(\\S+)`, 'm').exec(program.stdout())?.[1] ?? ''
  return { url: address('devices'), dynamodbUrl: address('DynamoDB') }
}
const startReady = async (...args: string[]) => {
  const program = start('--port', '0', '--data-dir', dataDir, ...args)
  return { program, ...(await ready(program)) }
}
const read = (path: string) => readFile(path, 'utf8')
const fetchAs = async (thingName: string, url: string) => {
  const device = createDevice(await read(PKI_FILES.serverCa(dataDir)), {
    certificatePem: await read(PKI_FILES.deviceCertificate(dataDir, thingName)),
    privateKeyPem: await read(PKI_FILES.devicePrivateKey(dataDir, thingName)),
  })
  const path = '/role-aliases/demo-camera/credentials'
  const got = await device.get(`${url}${path}`, { 'x-amzn-iot-thingname': thingName })
  device.close()
  return got.status
}
const revoke = async (thingName: string, dynamodbUrl: string) => {
  const client = createDynamoClient({
    ...{ region: parseRegion('us-east-1')!, endpoint: dynamodbUrl },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const clock = () => new Date()
  const dependencies = { client, tableName: 'thingpass-local', clock, actor: 'test' }
  const writes = createRegistryWrites({ ...dependencies, newId: () => crypto.randomUUID() })
  const identified = createIdentify()(await read(PKI_FILES.deviceCertificate(dataDir, thingName)))
  if (!identified.ok) throw new Error(identified.reason)
  const { certificateId } = identified.certificate.facts
  const of = { tenantId: DEFAULT_TENANT, certificateId }
  await writes.updateCertificateStatus({ ...of, status: 'REVOKED' })
  client.destroy()
}

describe('a start that cannot be', PATIENCE, () => {
  const refusals: Record<string, () => Promise<[args: string[], line: RegExp]>> = {
    'for a bad flag': async () => [['--prot', '1'], /^Unknown option '--prot' /],
    'for a bad value': async () => [['--port', 'many'], /^--port must be a number/],
    'for a port in use': async () => {
      const server = createServer().listen(0, '127.0.0.1').unref()
      await once(server, 'listening')
      const { port } = server.address() as { port: number }
      const args = ['--port', String(port), '--data-dir', dataDir]
      return [args, /^port \d+ is in use; pass another with --port$/]
    },
    'for a directory that cannot be written': async () => {
      await writeFile(join(folder, 'file'), '')
      const args = ['--port', '0', '--data-dir', join(folder, 'file', 'data')]
      return [args, /^cannot write to \S+ \(ENOTDIR\)$/]
    },
    'for a directory of somebody else': async () => {
      await mkdir(dataDir)
      await writeFile(join(dataDir, 'thesis.tex'), '')
      return [
        ['--port', '0', '--data-dir', dataDir, '--reset'],
        /neither empty nor a data directory/,
      ]
    },
    'for a DynamoDB that is not there': async () => {
      const url = `http://127.0.0.1:${await findFreePort()}`
      const args = ['--port', '0', '--data-dir', dataDir, '--dynamodb', url]
      return [args, /^DynamoDB at \S+ cannot be used \(ECONNREFUSED\)$/]
    },
  }
  test.each(Object.entries(refusals))('says so in one line %s', async (_, prepare) => {
    const [args, line] = await prepare()
    const program = start(...args)
    expect(await program.ended).toBe(2)
    expect(program.stdout()).toBe('')
    const [only, rest] = program.stderr().split('\n')
    expect(only?.replace(/^thingpass: /, '')).toMatch(line)
    expect(rest).toBe('')
  })

  test('says so for a directory in use, and leaves the running stack alone', async () => {
    const { url } = await startReady()
    const second = start('--port', '0', '--data-dir', dataDir, '--reset')
    expect(await second.ended).toBe(2)
    expect(second.stderr()).toMatch(/^thingpass: another stack is running in \S+\n$/)
    expect(await fetchAs('camera-1', url)).toBe(200)
  })

  test('is none of these: help', async () => {
    const program = start('--help')
    expect(await program.ended).toBe(0)
    expect(program.stdout()).toContain('--data-dir PATH')
  })
})

describe('a running stack', PATIENCE, () => {
  const hasCurl = spawnSync('curl', ['--version']).status === 0
  test.runIf(hasCurl)('prints a line that fetches credentials when it is pasted', async () => {
    const { program } = await startReady()
    const line = /^curl .*$/m.exec(program.stdout())?.[0] ?? ''
    const shell = spawn('/bin/sh', ['-c', `${line} --silent`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let output = ''
    shell.stdout.on('data', (chunk) => {
      output += chunk
    })
    await once(shell, 'close')
    expect(JSON.parse(output)).toEqual({
      credentials: {
        accessKeyId: expect.stringMatching(/^ASIA/),
        secretAccessKey: expect.any(String),
        sessionToken: expect.any(String),
        expiration: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
      },
    })
    await expect.poll(program.stdout).toMatch(/ 200 allow default camera-1 demo-camera 3600s /)
    expect(program.stdout() + program.stderr()).not.toContain(
      JSON.parse(output).credentials.sessionToken,
    )
  })

  test('is silent with --quiet', async () => {
    const port = await findFreePort()
    const program = start('--port', String(port), '--data-dir', dataDir, '--quiet')
    const url = `https://localhost:${port}`
    await expect.poll(() => fetchAs('camera-1', url).catch(() => 0), PATIENT_POLL).toBe(200)
    program.signalGroup('SIGINT')
    expect(await program.ended).toBe(0)
    expect(program.stdout() + program.stderr()).toBe('')
  })

  // Ctrl-C reaches the whole group; a service manager signals the one process.
  const stops: Record<string, (program: SpawnedProgram) => void> = {
    'Ctrl-C': (program) => program.signalGroup('SIGINT'),
    'SIGTERM to it': (program) => process.kill(program.child.pid!, 'SIGTERM'),
    'a closed terminal': (program) => program.signalGroup('SIGHUP'),
  }
  test.each(Object.entries(stops))('stops with %s, leaving no process behind', async (_, stop) => {
    const { program } = await startReady()
    const descendants = descendantsOf(program.child.pid!)
    expect(descendants.length).toBeGreaterThan(0)
    stop(program)
    expect(await program.ended).toBe(0)
    await expect.poll(() => descendants.filter(isAlive)).toEqual([])
    expect(program.stderr()).toBe('')
  })

  test('leaves no process behind when it is killed', async () => {
    const { program } = await startReady()
    const descendants = descendantsOf(program.child.pid!)
    program.child.kill('SIGKILL')
    await program.ended
    await expect.poll(() => descendants.filter(isAlive)).toEqual([])
  })

  test('does not wait for anybody when it is asked to stop twice', async () => {
    const { program, url } = await startReady()
    const silent = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
    await once(silent, 'connect')
    program.signalGroup('SIGINT')
    await expect.poll(() => fetchAs('camera-1', url).catch(() => 'closed')).toBe('closed')
    program.signalGroup('SIGINT')
    expect(await program.ended).toBe(1)
    silent.destroy()
  })

  test('ends with a line when its database ends', async () => {
    const { program } = await startReady()
    const engine = descendantsOf(program.child.pid!).find(
      (pid) =>
        !spawnSync('cat', [`/proc/${pid}/cmdline`])
          .stdout.toString()
          .startsWith('/bin/sh'),
    )
    process.kill(engine!, 'SIGKILL')
    expect(await program.ended).toBe(1)
    expect(program.stderr()).toMatch(/^thingpass: the embedded DynamoDB has ended: /)
  })
})

describe('data', PATIENCE, () => {
  test('survives kill -9 and a restart, a revocation too', async () => {
    const first = await startReady()
    expect(await fetchAs('camera-1', first.url)).toBe(200)
    await revoke('camera-2', first.dynamodbUrl)
    const certificate = await read(PKI_FILES.deviceCertificate(dataDir, 'camera-1'))
    const lines = (await read(join(dataDir, 'audit.jsonl'))).split('\n').length
    first.program.child.kill('SIGKILL')
    await first.program.ended

    const second = await startReady()
    expect(await read(PKI_FILES.deviceCertificate(dataDir, 'camera-1'))).toBe(certificate)
    expect(await fetchAs('camera-1', second.url)).toBe(200)
    expect(await fetchAs('camera-2', second.url)).toBe(403)
    expect((await read(join(dataDir, 'audit.jsonl'))).split('\n')).toHaveLength(lines + 2)
  })

  test('is complete after a start that was killed in the middle of seeding', async () => {
    const first = start('--port', '0', '--data-dir', dataDir)
    const key = PKI_FILES.devicePrivateKey(dataDir, 'gateway-2')
    await expect.poll(() => existsSync(key), { timeout: 15_000, interval: 1 }).toBe(true)
    first.child.kill('SIGKILL')
    await first.ended
    const second = await startReady()
    for (const thingName of ['camera-1', 'camera-2', 'acme-camera-1']) {
      expect(await fetchAs(thingName, second.url)).toBe(200)
    }
  })

  test('is made anew with --reset, and only then', async () => {
    const first = await startReady()
    const certificate = await read(PKI_FILES.deviceCertificate(dataDir, 'camera-1'))
    await revoke('camera-2', first.dynamodbUrl)
    await writeFile(join(dataDir, 'notes.txt'), 'mine')
    first.program.signalGroup('SIGINT')
    await first.program.ended
    const second = await startReady('--reset')
    expect(await read(PKI_FILES.deviceCertificate(dataDir, 'camera-1'))).not.toBe(certificate)
    expect(await fetchAs('camera-2', second.url)).toBe(200)
    expect(await readdir(dataDir)).toContain('notes.txt')
  })
})
