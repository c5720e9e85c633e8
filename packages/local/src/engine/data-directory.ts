import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Fault } from '@thingpass/core/fault'
import { lockDirectory } from './directory-lock.ts'

/** Marks a directory as made by the local stack: only such a directory is written to or reset. */
export const MARKER_FILE = '.thingpass-data'

/** What the local stack keeps; paths relative to its data directory. */
export const DATA_FILES = {
  registry: 'registry.db',
  audit: 'audit.jsonl',
  roles: 'roles.json',
  /** Access keys of the control plane, for `AWS_SHARED_CREDENTIALS_FILE`. */
  awsCredentials: 'aws-credentials',
} as const

const MARKER_TEXT = 'Data of a local Thingpass. `npm start -- --reset` starts over.\n'
/** All that `--reset` deletes. SQLite keeps its journal beside its file. */
const OWN_ENTRIES = [
  ...['server', 'cas', 'devices'],
  ...[DATA_FILES.awsCredentials, DATA_FILES.audit, DATA_FILES.roles],
  ...['', '-journal', '-wal', '-shm'].map((suffix) => `${DATA_FILES.registry}${suffix}`),
]

/** A data directory that this process alone uses. */
export type DataDirectory = { readonly path: string; readonly release: () => Promise<void> }

/**
 * Opens a data directory, making it where there is none, and locks it. With `reset`, what earlier stacks left there is
 * deleted first, and nothing else.
 * @throws {Fault} CONFIGURATION_INVALID when it is not ours, in use, or cannot be written
 */
export async function openDataDirectory(path: string, reset: boolean): Promise<DataDirectory> {
  const wanted = resolve(path)
  const real = await orFault(wanted, () => claim(wanted))
  const lock = await lockDirectory(real)
  if (lock === undefined) {
    throw new Fault('CONFIGURATION_INVALID', `another stack is running in ${real}`)
  }
  try {
    if (reset) await orFault(real, () => deleteOwnEntries(real))
    // Written anew each time: proof that the directory can be written.
    await orFault(real, () => writeFile(join(real, MARKER_FILE), MARKER_TEXT))
  } catch (thrown) {
    await lock.release()
    throw thrown
  }
  return { path: real, release: lock.release }
}

async function claim(wanted: string): Promise<string> {
  const made = await makeDirectory(wanted)
  const real = await realpath(wanted)
  if (made) return real
  const entries = await readdir(real)
  if (entries.length > 0 && !entries.includes(MARKER_FILE)) {
    throw new Fault(
      'CONFIGURATION_INVALID',
      `${real} is neither empty nor a data directory of Thingpass; choose another --data-dir`,
    )
  }
  if (entries.length === 0) await chmod(real, 0o700)
  return real
}

/**
 * Makes a directory and those above it; whether it was not there. Not by `recursive`: where a directory exists and nothing can be made in it,
 * as in `/proc`, Node 24 tries for ever.
 */
async function makeDirectory(wanted: string): Promise<boolean> {
  const above = dirname(wanted)
  if (above !== wanted && !existsSync(above)) await makeDirectory(above)
  try {
    await mkdir(wanted, { mode: 0o700 })
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  }
}

async function deleteOwnEntries(directory: string): Promise<void> {
  for (const entry of OWN_ENTRIES) {
    await rm(join(directory, entry), { recursive: true, force: true })
  }
}

async function orFault<Value>(directory: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown
    const { code = 'unknown error' } = thrown as NodeJS.ErrnoException
    throw new Fault('CONFIGURATION_INVALID', `cannot write to ${directory} (${code})`, {
      cause: thrown,
    })
  }
}
