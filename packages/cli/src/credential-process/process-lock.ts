import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { memberOf, parseJson } from './device-credentials.ts'

/** A lock that this process holds. */
export type ProcessLock = { readonly release: () => Promise<void> }

/** A request takes 5 s at most; a lock that is older belongs to nobody who is still at work. */
const LONGEST_HELD_MS = 30_000

/**
 * Takes the lock, a file that holds its owner's process id; undefined while another process holds it. The lock of a dead process
 * is taken over. Two processes that take it over in the same instant may both believe to have it: then two requests are made
 * where one would do, and nothing worse.
 */
export async function tryLock(path: string, now: Date): Promise<ProcessLock | undefined> {
  const mine = await create(path)
  if (mine !== undefined) return mine
  const other = await readLock(path)
  if (other === undefined) return create(path) // released meanwhile
  if (isHeld(other, now)) return undefined
  await removeExactly(path, other.text)
  return create(path)
}

type FoundLock = { readonly text: string; readonly at: Date }

/** When this process began: a restarted container has the process ids of the one before. */
const STARTED_AT = performance.timeOrigin

async function create(path: string): Promise<ProcessLock | undefined> {
  const text = JSON.stringify({ pid: process.pid, startedAt: STARTED_AT, nonce: randomUUID() })
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    await rm(path, { force: true }) // made, and then not written for want of room
    throw thrown
  }
  return {
    release: async () => {
      if ((await readLock(path))?.text === text) await rm(path, { force: true })
    },
  }
}

async function readLock(path: string): Promise<FoundLock | undefined> {
  try {
    return { at: (await stat(path)).mtime, text: await readFile(path, 'utf8') }
  } catch {
    return undefined
  }
}

/** A lock from the future was made before the clock was set back. */
function isHeld({ text, at }: FoundLock, now: Date): boolean {
  const recent = Math.abs(now.getTime() - at.getTime()) <= LONGEST_HELD_MS
  const owner = parseJson(text)
  const pid = memberOf(owner, 'pid')
  if (typeof pid !== 'number') return recent // its owner may be about to write
  const isPredecessor = pid === process.pid && memberOf(owner, 'startedAt') !== STARTED_AT
  return recent && !isPredecessor && isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes the lock that was found, and no other. Were it plainly deleted, it could be the lock of whoever was quicker. */
export async function removeExactly(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
    if ((await readLock(aside))?.text !== text) await link(aside, path)
  } catch {
    return // somebody else was quicker
  } finally {
    await rm(aside, { force: true })
  }
}
