import { readFileSync, statSync } from 'node:fs'
import { Fault } from '@thingpass/core/fault'
import { parseRoleArn, type RoleArn } from '@thingpass/core/names'
import { type PolicyDocument, parsePolicyDocument } from '@thingpass/core/policy/document'
import { isJsonArray, isJsonObject, type JsonValue, parseJson } from '@thingpass/core/policy/json'
import { accept, type Parsed, parseEach, refuse } from '@thingpass/core/policy/parsed'
import { PRIVATE, writeFileAtomically } from '../pki/write-file.ts'
import { roleParts } from './caller.ts'
import { jsonText } from './json-text.ts'
import { parseTrustPolicy, type TrustStatement } from './trust-policy.ts'

/** A role as the roles file holds it. */
export type RoleEntry = {
  readonly arn: string
  readonly trustPolicy: object
  /** Seconds, 3600–43200; absent = 3600, as in IAM. */
  readonly maxSessionDuration?: number
  /** Permission policies; absent = none. */
  readonly policies?: readonly object[]
  /** ARN patterns of callers that may pass the role to a role alias; absent = nobody. */
  readonly passableBy?: readonly string[]
}

/** A role whose every policy was read. */
export type RoleDefinition = {
  readonly arn: RoleArn
  readonly trust: readonly TrustStatement[]
  readonly maxSessionSeconds: number
  readonly policies: readonly PolicyDocument[]
  readonly passableBy: readonly string[]
}

/** Reads the roles as they are now. @throws {Fault} CONFIGURATION_INVALID */
export type ReadRoles = () => readonly RoleDefinition[]

// Source: IAM API reference, CreateRole (MaxSessionDuration).
const MIN_MAX_SESSION_SECONDS = 3600
const MAX_MAX_SESSION_SECONDS = 43_200

const ENTRY_KEYS = new Set(['arn', 'trustPolicy', 'maxSessionDuration', 'policies', 'passableBy'])
const CALLER_PATTERN = /^(?:\*|arn:[^\s]{1,2040})$/

/**
 * Opens a roles file: it is read when first asked for, and again whenever it has changed. A file that cannot be read is a
 * fault for as long as it stays so; the roles of before are not used on.
 */
export function openRolesFile(path: string): ReadRoles {
  let seen = { version: '', parsed: refuse('not read yet') as Parsed<readonly RoleDefinition[]> }
  return () => {
    const version = versionOf(path)
    if (version !== seen.version) seen = { version, parsed: parseRoles(readText(path)) }
    if (seen.parsed.ok) return seen.parsed.value
    throw unreadable(path, seen.parsed.problem)
  }
}

/**
 * Writes a roles file whole, readable by its owner only.
 * @throws {Fault} CONFIGURATION_INVALID when an entry could not be read back
 */
export async function writeRolesFile(path: string, entries: readonly RoleEntry[]): Promise<void> {
  const text = `${JSON.stringify(entries, undefined, 2)}\n`
  const parsed = parseRoles(text)
  if (!parsed.ok) throw unreadable(path, parsed.problem)
  await writeFileAtomically(path, text, PRIVATE)
}

/** Parses the text of a roles file. Strict: an unknown key or a policy that cannot be read makes it unreadable. */
export function parseRoles(text: string): Parsed<readonly RoleDefinition[]> {
  const json = parseJson(text)
  if (!json.ok) return json
  if (!isJsonArray(json.value)) return refuse('must be an array of roles')
  const roles = parseEach(json.value, (entry, index) => {
    const role = parseEntry(entry)
    return role.ok ? role : refuse(`role ${index + 1}: ${role.problem}`)
  })
  if (!roles.ok) return roles
  const names = new Set(roles.value.map(({ arn }) => uniqueName(arn)))
  return names.size === roles.value.length ? roles : refuse('two roles have the same name')
}

/**
 * The ARN of a session names its role without the path, so two roles of one name would be mistaken for each other.
 * Source: IAM API reference, CreateRole (RoleName: unique within the account, not distinguished by case).
 */
function uniqueName(arn: RoleArn): string {
  const { accountId, roleName } = roleParts(arn)
  return `${accountId} ${roleName.toLowerCase()}`
}

function versionOf(path: string): string {
  try {
    const { mtimeNs, size, ino } = statSync(path, { bigint: true })
    return `${mtimeNs} ${size} ${ino}`
  } catch (cause) {
    throw unreadable(path, 'cannot be opened', cause)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw unreadable(path, 'cannot be read', cause)
  }
}

function unreadable(path: string, problem: string, cause?: unknown): Fault {
  return new Fault('CONFIGURATION_INVALID', `roles file ${path}: ${problem}`, { cause })
}

function parseEntry(entry: JsonValue): Parsed<RoleDefinition> {
  if (!isJsonObject(entry)) return refuse('must be an object')
  const foreign = [...entry.keys()].find((key) => !ENTRY_KEYS.has(key))
  if (foreign !== undefined) return refuse(`has the unknown key ${JSON.stringify(foreign)}`)
  const arn = parseRoleArn(entry.get('arn'))
  if (arn === undefined) return refuse('arn must be the ARN of a role')
  const maxSessionSeconds = parseMaxSession(entry.get('maxSessionDuration'))
  if (maxSessionSeconds === undefined) {
    const range = `${MIN_MAX_SESSION_SECONDS} to ${MAX_MAX_SESSION_SECONDS}`
    return refuse(`maxSessionDuration must be a whole number of seconds from ${range}`)
  }
  const passableBy = parsePassableBy(entry.get('passableBy'))
  if (passableBy === undefined) return refuse('passableBy must be an array of ARN patterns')
  const policies = parsePolicies(entry.get('policies'))
  if (!policies.ok) return policies
  const trust = parseTrustPolicy(entry.get('trustPolicy') ?? null)
  if (!trust.ok) return refuse(`trustPolicy: ${trust.problem}`)
  const parts = { arn, trust: trust.value, policies: policies.value }
  return accept(Object.freeze({ ...parts, maxSessionSeconds, passableBy }))
}

function parseMaxSession(json: JsonValue | undefined): number | undefined {
  if (json === undefined) return MIN_MAX_SESSION_SECONDS
  if (typeof json !== 'number' || !Number.isInteger(json)) return undefined
  const inRange = json >= MIN_MAX_SESSION_SECONDS && json <= MAX_MAX_SESSION_SECONDS
  return inRange ? json : undefined
}

function parsePassableBy(json: JsonValue | undefined): readonly string[] | undefined {
  const list = json === undefined ? [] : json
  if (!isJsonArray(list)) return undefined
  const patterns = list.filter(
    (item): item is string => typeof item === 'string' && CALLER_PATTERN.test(item),
  )
  return patterns.length === list.length ? patterns : undefined
}

function parsePolicies(json: JsonValue | undefined): Parsed<readonly PolicyDocument[]> {
  const list = json === undefined ? [] : json
  if (!isJsonArray(list)) return refuse('policies must be an array of policy documents')
  return parseEach(list, (item, index) => {
    const parsed = parsePolicyDocument(jsonText(item), 'iam')
    if (parsed.ok) return accept(parsed.document)
    return refuse(`policies, document ${index + 1}: ${parsed.problem}`)
  })
}
