import { randomBytes } from 'node:crypto'
import { chmod, readFile } from 'node:fs/promises'
import { Fault } from '@thingpass/core/fault'
import { PRIVATE, writeFileAtomically } from '../pki/write-file.ts'
import { encodeBase32 } from '../sts/base32.ts'
import type { AccessKey } from './access-keys.ts'

/**
 * Reads the access keys of the local control plane, and makes those that are missing: `default` and one for each tenant. The file has the form of
 * `AWS_SHARED_CREDENTIALS_FILE`, readable by its owner only. Profiles that somebody added stay, and count.
 * @throws {Fault} CONFIGURATION_INVALID when the file cannot be read
 */
export async function keepAwsCredentials(
  path: string,
  tenants: readonly string[],
): Promise<readonly AccessKey[]> {
  const kept = parseAwsCredentials(await readIfThere(path), path)
  const missing = ['default', ...tenants].filter(
    (profile, index, all) =>
      all.indexOf(profile) === index && !kept.some((key) => key.profile === profile),
  )
  if (missing.length === 0) {
    await chmod(path, PRIVATE) // whatever a copy or an editor made of it
    return kept
  }
  const keys = [...kept, ...missing.map(makeKey)]
  await writeFileAtomically(path, keys.map(sectionOf).join('\n'), PRIVATE)
  return keys
}

/** 20 characters, as AWS's; the prefix says that AWS never gave it out. */
function makeKey(profile: string): AccessKey {
  const id = encodeBase32(randomBytes(10)).slice(0, 11)
  const secretAccessKey = randomBytes(30).toString('base64')
  return { profile, accessKeyId: `AKIALOCAL${id}`, secretAccessKey }
}

function sectionOf({ profile, accessKeyId, secretAccessKey }: AccessKey): string {
  return `[${profile}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ''
    throw new Fault('CONFIGURATION_INVALID', `${path} cannot be read`, { cause })
  }
}

const SECTION = /^\[([^\]]{1,64})\]$/
const SETTING = /^(aws_access_key_id|aws_secret_access_key)\s*=\s*(\S{1,128})$/

type Draft = { readonly profile: string; accessKeyId?: string; secretAccessKey?: string }

/**
 * Parses the text of a credentials file. Strict: a line that is none of ours makes it unreadable, for the file would lose it when it is written.
 * @throws {Fault} CONFIGURATION_INVALID, which names the line, never what stands on it
 */
function parseAwsCredentials(text: string, path: string): readonly AccessKey[] {
  const drafts: Draft[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const read = readLine(line.trim(), drafts)
    if (!read) throw unreadable(path, `line ${index + 1} is not of its form`)
  }
  const keys = drafts.map(({ profile, accessKeyId, secretAccessKey }) => {
    const whole = accessKeyId !== undefined && secretAccessKey !== undefined
    if (!whole) throw unreadable(path, `profile ${profile} is not whole`)
    return { profile, accessKeyId, secretAccessKey }
  })
  const ids = new Set(keys.flatMap(({ profile, accessKeyId }) => [`[${profile}]`, accessKeyId]))
  if (ids.size !== 2 * keys.length) throw unreadable(path, 'a profile or a key stands twice')
  return keys
}

/** Whether the line was taken. */
function readLine(line: string, drafts: Draft[]): boolean {
  if (line === '') return true
  const [, profile] = SECTION.exec(line) ?? []
  if (profile !== undefined) return drafts.push({ profile }) > 0
  const [, name, value] = SETTING.exec(line) ?? []
  const draft = drafts.at(-1)
  if (draft === undefined || value === undefined) return false
  const key = name === 'aws_access_key_id' ? 'accessKeyId' : 'secretAccessKey'
  if (draft[key] !== undefined) return false
  draft[key] = value
  return true
}

function unreadable(path: string, problem: string): Fault {
  return new Fault('CONFIGURATION_INVALID', `${path}: ${problem}`)
}
