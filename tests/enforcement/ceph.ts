import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findFreePort } from '@thingpass/local/engine/free-port'
import {
  type SupervisedProcess,
  superviseProcess,
} from '@thingpass/local/engine/supervised-process'
import { type Closing, createClosing } from '@thingpass/local/stack/closing'
import { type ClusterPlaces, cephConf } from './ceph-conf.ts'
import type { Programs } from './programs.ts'
import { until } from './until.ts'

/** A running cluster with its two object gateways: base URLs of S3 and STS, over one store, so that each knows the other's sessions. */
export type Ceph = {
  /** Sessions last 900 s or more, as with AWS. */
  readonly url: string
  /** Sessions may be as short as a second. */
  readonly briefUrl: string
  /** Runs `radosgw-admin` and gives what it printed. */
  readonly admin: (...args: string[]) => Promise<string>
  readonly stop: () => Promise<void>
}

const START_SECONDS = 30
const TOOL_SECONDS = 20
/** Somebody else may take a free port before Ceph does. */
const ATTEMPTS = 3

const run = promisify(execFile)

/**
 * Starts a cluster of its own in a temporary directory. Its processes end with this one, however it ends.
 * @throws {Error} naming the step that failed; no output of a program that may hold a key
 */
export async function startCeph(programs: Programs): Promise<Ceph> {
  for (let attempt = 1; ; attempt += 1) {
    const closing = createClosing()
    try {
      return await openCluster(programs, closing)
    } catch (thrown) {
      await closing.close()
      if (attempt === ATTEMPTS) throw thrown
    }
  }
}

async function openCluster(programs: Programs, closing: Closing): Promise<Ceph> {
  const folder = await mkdtemp(join(tmpdir(), 'thingpass-ceph-'))
  closing.add(() => rm(folder, { recursive: true, force: true }))
  const places = await choosePlaces(folder)
  const conf = join(folder, 'ceph.conf')
  await writeFile(conf, cephConf(places), { mode: 0o600 })
  const tool = toolsOf(programs, conf)
  const daemon = (name: 'ceph-mon' | 'ceph-osd' | 'radosgw', ...args: string[]) => {
    const started = superviseProcess(programs[name], ['-c', conf, '-f', ...args])
    closing.add(started.stop)
    return started
  }
  await makeMonitor(places, tool)
  const monitor = daemon('ceph-mon', '-i', 'a')
  await orEnd(monitor, 'the monitor', () => makeStore(places, tool))
  daemon('ceph-osd', '-i', '0')
  await tool('ceph', 'osd', 'crush', 'add', 'osd.0', '1.0', 'root=default', 'host=localhost')
  const urls = []
  for (const { name, port } of places.gateways) {
    const gateway = daemon('radosgw', '-n', `client.${name}`)
    const url = `http://127.0.0.1:${port}`
    await orEnd(gateway, 'the object gateway', (signal) => answering(url, signal))
    urls.push(url)
  }
  const [url = '', briefUrl = ''] = urls
  const admin = (...args: string[]) => tool('radosgw-admin', '-n', 'client.plain', ...args)
  return { url, briefUrl, admin, stop: closing.close }
}

async function choosePlaces(folder: string): Promise<ClusterPlaces> {
  return {
    folder,
    clusterId: randomUUID(),
    monitorPort: await findFreePort(),
    gateways: [
      { name: 'plain', port: await findFreePort(), shortestSessionSeconds: 900 },
      { name: 'brief', port: await findFreePort(), shortestSessionSeconds: 1 },
    ],
    sessionTokenKey: randomBytes(8).toString('hex'),
  }
}

type Tool = (program: keyof Programs, ...args: string[]) => Promise<string>

/** Runs programs that end by themselves. A failure tells program and exit code, not what was written: that could be a key. */
function toolsOf(programs: Programs, conf: string): Tool {
  return async (program, ...args) => {
    try {
      const ceph = ['-c', conf, ...args]
      return (await run(programs[program], ceph, { timeout: TOOL_SECONDS * 1000 })).stdout
    } catch (thrown) {
      const { code, signal } = thrown as { readonly code?: unknown; readonly signal?: unknown }
      const words = args.filter((word) => /^[a-z-]+$/.test(word)).slice(0, 3)
      throw new Error(`${program} ${words.join(' ')} failed (${code ?? signal})`)
    }
  }
}

async function makeMonitor({ folder, clusterId, monitorPort }: ClusterPlaces, tool: Tool) {
  const map = join(folder, 'monmap')
  const keyring = join(folder, 'keyring')
  await mkdir(join(folder, 'mon'))
  const address = `[v2:127.0.0.1:${monitorPort}]`
  await tool('monmaptool', '--create', '--fsid', clusterId, '--addv', 'a', address, map)
  const monitorKey = ['--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *']
  await tool('ceph-authtool', '--create-keyring', keyring, ...monitorKey)
  await tool('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring)
}

async function makeStore({ folder, gateways }: ClusterPlaces, tool: Tool) {
  const storeId = randomUUID()
  for (const name of ['osd', ...gateways.map((gateway) => gateway.name)]) {
    await mkdir(join(folder, name))
  }
  await tool('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', storeId)
  await tool('ceph', 'osd', 'new', storeId, '0')
}

/** What the work gives, unless the process that it needs ends first; the work is told when it is over. */
async function orEnd<Value>(
  { ended }: SupervisedProcess,
  name: string,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const over = new AbortController()
  const early = ended.then((words): never => {
    throw new Error(`${name} ended early: ${words}`)
  })
  try {
    return await Promise.race([work(over.signal), early])
  } finally {
    over.abort()
  }
}

function answering(url: string, signal: AbortSignal): Promise<true> {
  const wait = { what: 'the object gateway to answer', seconds: START_SECONDS, signal }
  return until(wait, async () => {
    try {
      await (await fetch(url, { signal: AbortSignal.timeout(1000) })).arrayBuffer()
      return true
    } catch {
      return undefined
    }
  })
}
