import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '@thingpass/local/engine/free-port'
import { PKI_FILES } from '@thingpass/local/pki/local-pki'
import type { OperatorKeys } from '../fleet/control-client.ts'

/** The local stack as a process of its own. */
export type LocalServer = {
  readonly url: string
  readonly controlUrl: string
  readonly dataDir: string
  readonly auditFile: string
  /** Where the process writes how late its event loop is, a JSON object a line. */
  readonly lagFile: string
  /** What the process complained of. */
  readonly logFile: string
  readonly serverCaPem: () => Promise<string>
  readonly operatorKeys: () => Promise<OperatorKeys>
  /** Id of the process; undefined while it is stopped. */
  readonly pid: () => number | undefined
  /** Starts it on the ports and the data that it had before, and waits until it serves. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

const START_MAIN = fileURLToPath(import.meta.resolve('@thingpass/local/start.main'))
const LAG_PROBE = new URL('lag-probe.main.ts', import.meta.url).href
const START_DEADLINE_MS = 30_000
const STOP_DEADLINE_MS = 10_000
const POLL_MS = 25

/** Prepares a stack on free loopback ports over a data directory; nothing runs yet. What it says of itself goes to `logDirectory`. */
export async function createLocalServer(
  dataDir: string,
  logDirectory: string,
): Promise<LocalServer> {
  const port = await findFreePort()
  const controlPort = await findFreePort()
  const lagFile = join(logDirectory, 'lag.jsonl')
  const logFile = join(logDirectory, 'stack.log')
  const args = ['--import', LAG_PROBE, START_MAIN, '--quiet', '--data-dir', dataDir]
  const ports = ['--port', String(port), '--control-port', String(controlPort)]
  let child: ChildProcess | undefined
  const controlUrl = `http://127.0.0.1:${controlPort}`
  return {
    url: `https://localhost:${port}`,
    ...{ controlUrl, dataDir, lagFile, logFile },
    auditFile: join(dataDir, 'audit.jsonl'),
    serverCaPem: () => readFile(PKI_FILES.serverCa(dataDir), 'utf8'),
    operatorKeys: async () => readKeys(await readFile(join(dataDir, 'aws-credentials'), 'utf8')),
    pid: () => child?.pid,
    start: async () => {
      child = spawn(process.execPath, [...args, ...ports], {
        env: { PATH: process.env.PATH, LOAD_LAG_FILE: lagFile },
        stdio: ['ignore', 'ignore', openSync(logFile, 'a', 0o600)],
      })
      await untilServing(controlUrl, child)
    },
    stop: async () => {
      const running = child
      child = undefined
      if (running !== undefined) await end(running)
    },
  }
}

/** The control plane is the last part to listen. */
async function untilServing(controlUrl: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS
  while (!(await answers(controlUrl))) {
    if (child.exitCode !== null) throw new Error('the local stack has ended before it served')
    if (Date.now() > deadline) throw new Error('the local stack does not serve')
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

function answers(url: string): Promise<boolean> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
  await closed
  clearTimeout(timer)
}

function readKeys(text: string): OperatorKeys {
  const section = text.split(/^\[/m).find((part) => part.startsWith('default]')) ?? ''
  const settingOf = (name: string) => new RegExp(`^${name} = (\\S+)$`, 'm').exec(section)?.[1] ?? ''
  return {
    accessKeyId: settingOf('aws_access_key_id'),
    secretAccessKey: settingOf('aws_secret_access_key'),
  }
}
