import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@thingpass/core/fault'
import { findFreePort } from './free-port.ts'
import { superviseProcess } from './supervised-process.ts'

/** A running DynamoDB engine. */
export type Engine = {
  /** Base URL, on loopback. */
  readonly url: string
  /** Settles when the engine has ended, asked or not, with its last words. */
  readonly ended: Promise<string>
  readonly stop: () => Promise<void>
}

const READY_WITHIN_MS = 10_000
const POLL_MS = 10
/** Another process may take the free port before the engine does. */
const ATTEMPTS = 3

/**
 * Starts the engine on a database file and waits until it answers.
 * @throws {Fault} CONFIGURATION_INVALID when it ends or stays silent, with its own last line
 */
export async function startEngine(binary: string, databasePath: string): Promise<Engine> {
  let lastWords = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const host = hiddenLoopbackAddress()
    const port = await findFreePort(host)
    const place = ['--host', host, '--port', String(port)]
    const child = superviseProcess(binary, [...place, '--db-path', databasePath])
    const url = `http://${host}:${port}`
    const failure = await firstOf(child.ended, (signal) => answers(url, signal))
    if (failure === undefined) return { url, ended: child.ended, stop: child.stop }
    await child.stop()
    lastWords = failure
  }
  throw new Fault('CONFIGURATION_INVALID', `the embedded DynamoDB did not start: ${lastWords}`)
}

/**
 * One of some 16 million loopback addresses. The engine checks no signature and answers any web page's script (CORS `*`); a page
 * that would write itself a grant must not find it by trying ports of 127.0.0.1. Whoever may list this machine's sockets still can.
 */
function hiddenLoopbackAddress(): string {
  const part = () => randomInt(1, 255)
  return `127.${part()}.${part()}.${part()}`
}

/** The program's last words if it ends first, else what the probe found; the probe does not outlive the answer. */
async function firstOf(
  ended: Promise<string>,
  probe: (signal: AbortSignal) => Promise<string | undefined>,
): Promise<string | undefined> {
  const stopped = new AbortController()
  try {
    return await Promise.race([ended, probe(stopped.signal)])
  } finally {
    stopped.abort()
  }
}

/** Undefined as soon as the engine answers, else what went wrong. */
async function answers(url: string, signal: AbortSignal): Promise<string | undefined> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline && !signal.aborted) {
    if (await answersNow(url)) return undefined
    await delay(POLL_MS)
  }
  return `no answer within ${READY_WITHIN_MS / 1000} s`
}

async function answersNow(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) })
    await response.arrayBuffer()
    return true
  } catch {
    return false
  }
}
