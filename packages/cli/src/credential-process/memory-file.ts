import { constants } from 'node:fs'
import { mkdir, open, stat } from 'node:fs/promises'
import { PRIVATE, writeFileAtomically } from '@thingpass/local/pki/write-file'
import type { UsageProblem } from '../command-io.ts'
import { memberOf, parseJson, readDeviceCredentials, readInstant } from './device-credentials.ts'
import type { HeldCredentials, Memory, RememberedFailure } from './memory.ts'

const LARGEST_FILE_BYTES = 16_384
const FORMAT = 1
const FOR_OTHERS = 0o077

/** Makes the directory for the owner alone, or checks that it is so: whoever may write there chooses which credentials are used. */
export async function keepPrivateDirectory(path: string): Promise<UsageProblem | undefined> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const found = await stat(path)
    if (isOwn(found)) return undefined
    return { problem: `${path} must belong to this user and to nobody else (chmod 700)` }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return {
      problem: `${path} cannot be made (${code ?? 'unknown reason'}); name another with --cache-dir`,
    }
  }
}

/** Reads what is remembered; nothing where the file is absent, damaged, or open to others. */
export async function readMemory(path: string): Promise<Memory> {
  const text = await readPrivateFile(path)
  const value = text === undefined ? undefined : parseJson(text)
  if (memberOf(value, 'format') !== FORMAT) return {}
  const held = readHeld(memberOf(value, 'held'))
  const failure = readFailure(memberOf(value, 'failure'))
  return { ...(held && { held }), ...(failure && { failure }) }
}

/** Writes what is remembered: whole or not at all, for the owner alone. */
export async function writeMemory(path: string, { held, failure }: Memory): Promise<void> {
  const kept = held && { credentials: credentialsOf(held), ...timesOf(held) }
  const text = JSON.stringify({ format: FORMAT, held: kept, failure })
  await writeFileAtomically(path, text, PRIVATE)
}

function credentialsOf({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  expiration,
}: HeldCredentials) {
  return { accessKeyId, secretAccessKey, sessionToken, expiration }
}

function timesOf({ receivedAt, refreshAt }: HeldCredentials) {
  return { receivedAt, refreshAt }
}

function readHeld(value: unknown): HeldCredentials | undefined {
  const credentials = readDeviceCredentials(JSON.stringify(value ?? null))
  const receivedAt = readInstant(memberOf(value, 'receivedAt'))
  const refreshAt = readInstant(memberOf(value, 'refreshAt'))
  if (credentials === undefined || receivedAt === undefined || refreshAt === undefined) {
    return undefined
  }
  return { ...credentials, receivedAt, refreshAt }
}

function readFailure(value: unknown): RememberedFailure | undefined {
  const at = readInstant(memberOf(value, 'at'))
  const until = readInstant(memberOf(value, 'until'))
  const message = memberOf(value, 'message')
  if (at === undefined || until === undefined || typeof message !== 'string') return undefined
  return { at, until, message }
}

async function readPrivateFile(path: string): Promise<string | undefined> {
  try {
    // Not through a link: it could lead to a file of somebody else's choice.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
    try {
      const found = await file.stat()
      const fit = found.isFile() && isOwn(found) && found.size <= LARGEST_FILE_BYTES
      return fit ? await file.readFile('utf8') : undefined
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}

/** Windows has neither owners nor modes in this sense. */
function isOwn({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & FOR_OTHERS) === 0)
}
