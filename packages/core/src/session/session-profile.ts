import { foldCase } from '../policy/fold-case.ts'
import { quote } from '../policy/parsed.ts'
import type { SessionProfile, TenantRecord } from '../records.ts'
import { isBrokerOwned, STANDARD_KEYS } from './session-values.ts'
import { readTextTemplate, TAG, type TextTemplate } from './text-template.ts'

/** Characters of tag keys and values. Source: STS API model (tagKeyType, tagValueType). */
const TAG_CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
const LONGEST_KEY = 128
const LONGEST_VALUE = 256
/** Tags of one session. Source: STS API model (tagListType). */
const MOST_TAGS = 50

/** What is wrong with a session profile. */
export type ProfileError = {
  readonly reason: 'session-tag-not-allowed' | 'session-tag-invalid'
  /** Names the tag, never a value. */
  readonly problem: string
}

/** A tag of a profile: its key, and the template of its value. */
export type TagTemplate = { readonly key: string; readonly value: TextTemplate }

/** A profile's tags once read, and all that is wrong with the profile. */
export type ProfileReading = {
  /** In the profile's order; they count only if there is no error. */
  readonly tags: readonly TagTemplate[]
  readonly errors: readonly ProfileError[]
}

/** Says in words all that is wrong with a session profile for its tenant; `[]` = it may be stored. */
export function checkSessionProfile(
  profile: SessionProfile,
  tenant: TenantRecord,
): readonly string[] {
  return readSessionProfile(profile, tenant).errors.map(({ problem }) => problem)
}

/**
 * Reads the tags of a session profile, under what the tenant's record allows at this moment: a key that the
 * administrator takes away is refused at the next request, whatever is stored.
 */
export function readSessionProfile(profile: SessionProfile, tenant: TenantRecord): ProfileReading {
  const readings = [...profile.tags].map(([key, text]) => readTag(key, text, tenant))
  return {
    tags: readings.map(({ tag }) => tag),
    errors: [
      ...readings.flatMap(({ errors }) => errors),
      ...judgeKeys([...profile.tags.keys()]),
      ...judgeTransitive(profile),
    ],
  }
}

/** Says what is wrong with a finished tag value; undefined when STS takes it. It is never cut short to fit. */
export function judgeTagValue(value: string): string | undefined {
  if (!TAG_CHARACTERS.test(value)) return 'has a character that no tag may have'
  return value.length > LONGEST_VALUE ? `is over ${LONGEST_VALUE} characters` : undefined
}

function readTag(
  key: string,
  text: string,
  tenant: TenantRecord,
): { readonly tag: TagTemplate; readonly errors: readonly ProfileError[] } {
  const problems: string[] = []
  const value = readTextTemplate(text, TAG, (_, problem) => problems.push(problem))
  const literals = value.filter((part) => typeof part === 'string').join('')
  const defaults = value.map((part) => (typeof part === 'string' ? '' : part.defaultText))
  problems.push(...[literals, ...defaults].flatMap((fixed) => judgeTagValue(fixed) ?? []))
  // What follows the first problem may only follow from it.
  const errors = problems.slice(0, 1).map((problem) => invalid(`tag ${quote(key)}: ${problem}`))
  return { tag: { key, value }, errors: [...judgeKey(key, tenant), ...errors] }
}

function judgeKey(key: string, tenant: TenantRecord): readonly ProfileError[] {
  const fits = key.length >= 1 && key.length <= LONGEST_KEY && TAG_CHARACTERS.test(key)
  const allowed = !isBrokerOwned(key) && tenant.sessionTagKeys.includes(key)
  return [
    ...(fits ? [] : [invalid(`tag ${quote(key)}: STS takes no such key`)]),
    ...(allowed ? [] : [notAllowed(`tag ${quote(key)}: the tenant may not set this key`)]),
  ]
}

/** Judges the keys together: STS does not tell them apart by letter case. */
function judgeKeys(keys: readonly string[]): readonly ProfileError[] {
  const folded = keys.map(foldCase)
  const repeated = keys.filter((key, index) => folded.indexOf(foldCase(key)) < index)
  const count = STANDARD_KEYS.length + keys.length
  return [
    ...repeated.map((key) =>
      invalid(`tag ${quote(key)}: differs from another in letter case only`),
    ),
    ...(count <= MOST_TAGS
      ? []
      : [invalid(`${count} tags of ${MOST_TAGS}, the standard ones included`)]),
  ]
}

function judgeTransitive({ tags, transitiveTagKeys }: SessionProfile): readonly ProfileError[] {
  const keys: readonly string[] = [...STANDARD_KEYS, ...tags.keys()]
  return transitiveTagKeys
    .filter((key) => !keys.includes(key))
    .map((key) => invalid(`transitive tag key ${quote(key)}: no such tag`))
}

function invalid(problem: string): ProfileError {
  return { reason: 'session-tag-invalid', problem }
}

function notAllowed(problem: string): ProfileError {
  return { reason: 'session-tag-not-allowed', problem }
}
