import { quote } from '../policy/parsed.ts'
import type { SessionTag } from '../ports.ts'
import type { SessionProfile, TenantRecord } from '../records.ts'
import type { SessionRefusal } from '../refusal.ts'
import { fillText, type ReadValues } from './fill.ts'
import { SESSION_REFUSALS } from './render-error.ts'
import { judgeTagValue, readSessionProfile, type TagTemplate } from './session-profile.ts'
import type { TakeValue } from './value.ts'

/** The tags of a session, or why there can be none. */
export type TagComposition =
  | {
      readonly ok: true
      /** Standard tags first; keys are distinct without case. */
      readonly tags: readonly SessionTag[]
      /** Those of the tags that a role assumed from the session keeps. */
      readonly transitiveTagKeys: readonly string[]
    }
  | { readonly ok: false; readonly reason: SessionRefusal; readonly detail: string }

/** Composes the session tags: the standard values by key, and those that the profile adds and the tenant may set. */
export function composeTags(
  standard: ReadonlyMap<string, string>,
  { profile, tenant }: { readonly profile: SessionProfile; readonly tenant: TenantRecord },
  readValues: ReadValues,
): TagComposition {
  const reading = readSessionProfile(profile, tenant)
  const [error] = reading.errors
  if (error !== undefined) return { ok: false, reason: error.reason, detail: error.problem }
  const tags: SessionTag[] = [...standard].map(([key, value]) => ({ key, value }))
  for (const template of reading.tags) {
    const filled = fillTag(template, readValues)
    if (!filled.ok) return filled
    tags.push(filled.tag)
  }
  const keys = tags.map(({ key }) => key)
  // A standard tag that this session lacks, such as a thing's name, has nothing to pass on.
  return {
    ok: true,
    tags,
    transitiveTagKeys: keys.filter((key) => profile.transitiveTagKeys.includes(key)),
  }
}

type FilledTag =
  | { readonly ok: true; readonly tag: SessionTag }
  | { readonly ok: false; readonly reason: SessionRefusal; readonly detail: string }

/** A tag needs no escapes: its characters leave out all that could mean something, and the whole value is judged below. */
const takeTagValue: TakeValue = (text) => ({ ok: true, text })

function fillTag({ key, value }: TagTemplate, readValues: ReadValues): FilledTag {
  const filling = fillText(value, readValues, takeTagValue)
  const named = `tag ${quote(key)}`
  if (filling.outcome === 'missing') {
    const detail = `${named}: no value for \${${filling.variable}}`
    return { ok: false, reason: 'session-value-missing', detail }
  }
  if (filling.outcome === 'refused')
    return {
      ok: false,
      reason: SESSION_REFUSALS[filling.kind],
      detail: `${named}: ${filling.problem}`,
    }
  const text = ''.concat(...filling.texts)
  const problem = judgeTagValue(text)
  return problem === undefined
    ? { ok: true, tag: { key, value: text } }
    : { ok: false, reason: 'session-tag-invalid', detail: `${named}: the value ${problem}` }
}
