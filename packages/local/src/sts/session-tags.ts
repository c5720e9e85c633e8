import type { SessionTag } from '@thingpass/core/ports'
import { refuse, refuseParameter, type StsRefusal } from './answer.ts'
import type { Form } from './form.ts'

/** Tags of a request and which of them pass on to further sessions, each key in the case in which its tag has it. */
export type RequestedTags = {
  readonly ok: true
  readonly tags: readonly SessionTag[]
  readonly transitiveTagKeys: readonly string[]
}

/** Source: STS API reference, AssumeRole (Tags). */
const MAX_TAGS = 50
const MAX_KEY_CHARACTERS = 128
const MAX_VALUE_CHARACTERS = 256
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Folds a tag key to what it is compared by: two keys that differ in case only are one. */
export function foldTagKey(key: string): string {
  return key.toLowerCase()
}

/** Reads and checks the parameters `Tags` and `TransitiveTagKeys`. */
export function readTags(form: Form): RequestedTags | StsRefusal {
  const tags: SessionTag[] = []
  const count = memberCount(form, 'Tags')
  if (!(count <= MAX_TAGS)) {
    return refuseParameter('tags', `have length less than or equal to ${MAX_TAGS}`)
  }
  for (let member = 1; member <= count; member += 1) {
    const tag = readTag(form, member)
    if ('ok' in tag) return tag
    tags.push(tag)
  }
  const keys = new Map(tags.map(({ key }) => [foldTagKey(key), key]))
  if (keys.size === tags.length) return withTransitiveKeys(form, tags, keys)
  const message = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
  return refuse('InvalidParameterValue', message)
}

/** Highest member number of a list parameter. A gap shows when a member below it is read. */
function memberCount(form: Form, list: string): number {
  const member = new RegExp(`^${list}\\.member\\.([1-9]\\d{0,2})(?:\\.|$)`)
  const numbers = [...form.keys()].map((name) => Number(member.exec(name)?.[1] ?? 0))
  return Math.max(0, ...numbers)
}

function readTag(form: Form, member: number): SessionTag | StsRefusal {
  const where = `tags.${member}.member`
  const key = form.get(`Tags.member.${member}.Key`) ?? ''
  const value = form.get(`Tags.member.${member}.Value`)
  if (!(lengthOf(key) >= 1 && lengthOf(key) <= MAX_KEY_CHARACTERS)) {
    return refuseParameter(`${where}.key`, `have length between 1 and ${MAX_KEY_CHARACTERS}`)
  }
  if (value === undefined) return refuseParameter(`${where}.value`, 'not be null')
  if (!(lengthOf(value) <= MAX_VALUE_CHARACTERS)) {
    const constraint = `have length less than or equal to ${MAX_VALUE_CHARACTERS}`
    return refuseParameter(`${where}.value`, constraint)
  }
  if (!CHARACTERS.test(key)) return refuseParameter(`${where}.key`, PATTERN)
  if (!CHARACTERS.test(value)) return refuseParameter(`${where}.value`, PATTERN)
  if (!foldTagKey(key).startsWith('aws:')) return { key, value }
  return refuse('InvalidParameterValue', 'Tag keys that begin with aws: are reserved.')
}

const PATTERN = 'satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*'

/** Characters, not UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length
}

function withTransitiveKeys(
  form: Form,
  tags: readonly SessionTag[],
  keys: ReadonlyMap<string, string>,
): RequestedTags | StsRefusal {
  const count = memberCount(form, 'TransitiveTagKeys')
  if (!(count <= MAX_TAGS)) {
    return refuseParameter('transitiveTagKeys', `have length less than or equal to ${MAX_TAGS}`)
  }
  const transitive = new Set<string>()
  for (let member = 1; member <= count; member += 1) {
    const asked = form.get(`TransitiveTagKeys.member.${member}`) ?? ''
    const key = keys.get(foldTagKey(asked))
    if (key !== undefined) transitive.add(key)
    else return refuse('InvalidParameterValue', TRANSITIVE_NOT_AMONG_TAGS)
  }
  return { ok: true, tags, transitiveTagKeys: [...transitive] }
}

const TRANSITIVE_NOT_AMONG_TAGS =
  'The specified transitive tag key must be included in the requested tags.'
