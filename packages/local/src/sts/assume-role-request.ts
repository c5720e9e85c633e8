import { parseRoleArn, type RoleArn } from '@thingpass/core/names'
import { refuse, refuseParameter, type StsRefusal } from './answer.ts'
import type { Form } from './form.ts'
import { type RequestedTags, readTags } from './session-tags.ts'

/** An AssumeRole whose every parameter is within STS's bounds. */
export type AssumeRoleRequest = {
  readonly ok: true
  readonly roleArn: RoleArn
  readonly sessionName: string
  readonly durationSeconds: number
  readonly externalId?: string
  readonly sourceIdentity?: string
  /** Session policy as sent. */
  readonly policy?: string
  readonly tags: RequestedTags['tags']
  readonly transitiveTagKeys: RequestedTags['transitiveTagKeys']
}

/** Bounds of a text parameter, and how STS names it in a refusal. */
type TextRule = {
  readonly shown: string
  readonly min: number
  readonly max: number
  readonly pattern: RegExp
}

// Source: STS API model 2011-06-15 (AssumeRoleRequest).
const SESSION_NAME: TextRule = {
  shown: 'roleSessionName',
  min: 2,
  max: 64,
  pattern: /^[\w+=,.@-]*$/,
}
const SOURCE_IDENTITY: TextRule = { ...SESSION_NAME, shown: 'sourceIdentity' }
const EXTERNAL_ID: TextRule = { shown: 'externalId', min: 2, max: 1224, pattern: /^[\w+=,.@:/-]*$/ }
const POLICY: TextRule = { shown: 'policy', min: 1, max: 2048, pattern: /^[\t\n\r\u0020-\u00ff]*$/ }
const MIN_DURATION_SECONDS = 900
const MAX_DURATION_SECONDS = 43_200
const DEFAULT_DURATION_SECONDS = 3600

const KNOWN =
  /^(?:Action|Version|RoleArn|RoleSessionName|DurationSeconds|ExternalId|SourceIdentity|Policy|Tags\.member\.[1-9]\d{0,2}\.(?:Key|Value)|TransitiveTagKeys\.member\.[1-9]\d{0,2})$/
/** How the protocol writes an empty list. */
const EMPTY_LISTS = new Set(['Tags', 'TransitiveTagKeys', 'PolicyArns', 'ProvidedContexts'])

/**
 * Reads and checks the parameters of AssumeRole. A parameter that is not understood here is refused, where STS would act
 * on it: to ignore `PolicyArns` would hand out more than was asked for.
 */
export function readAssumeRole(form: Form): AssumeRoleRequest | StsRefusal {
  const unknown = [...form].find(([name, value]) => !isUnderstood(name, value))
  if (unknown !== undefined) {
    const message = 'The request has a parameter that the local STS does not support.'
    return refuse('ValidationError', message)
  }
  const roleArn = parseRoleArn(form.get('RoleArn'))
  if (roleArn === undefined) return refuseParameter('roleArn', 'be the ARN of a role')
  const texts = readTexts(form)
  if ('ok' in texts) return texts
  const durationSeconds = readDuration(form.get('DurationSeconds'))
  if (typeof durationSeconds !== 'number') return durationSeconds
  const tags = readTags(form)
  if (!tags.ok) return tags
  return { ...texts, ...tags, roleArn, durationSeconds }
}

function isUnderstood(name: string, value: string): boolean {
  return KNOWN.test(name) || (EMPTY_LISTS.has(name) && value === '')
}

type Texts = Pick<AssumeRoleRequest, 'sessionName' | 'externalId' | 'sourceIdentity' | 'policy'>

function readTexts(form: Form): Texts | StsRefusal {
  const sessionName = form.get('RoleSessionName') ?? ''
  const externalId = form.get('ExternalId')
  const sourceIdentity = form.get('SourceIdentity')
  const policy = form.get('Policy')
  const refusal =
    checkText(sessionName, SESSION_NAME) ??
    checkText(externalId, EXTERNAL_ID) ??
    checkText(sourceIdentity, SOURCE_IDENTITY) ??
    checkText(policy, POLICY)
  if (refusal !== undefined) return refusal
  return {
    sessionName,
    ...(externalId === undefined ? {} : { externalId }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(policy === undefined ? {} : { policy }),
  }
}

function checkText(text: string | undefined, rule: TextRule): StsRefusal | undefined {
  if (text === undefined) return undefined
  const { shown, min, max, pattern } = rule
  if (!(text.length >= min && text.length <= max)) {
    return refuseParameter(shown, `have length between ${min} and ${max}`)
  }
  if (pattern.test(text)) return undefined
  return refuseParameter(shown, `satisfy regular expression pattern: ${pattern.source}`)
}

function readDuration(text: string | undefined): number | StsRefusal {
  if (text === undefined) return DEFAULT_DURATION_SECONDS
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (!(seconds >= MIN_DURATION_SECONDS)) {
    const constraint = `have value greater than or equal to ${MIN_DURATION_SECONDS}`
    return refuseParameter('durationSeconds', constraint)
  }
  if (seconds <= MAX_DURATION_SECONDS) return seconds
  const constraint = `have value less than or equal to ${MAX_DURATION_SECONDS}`
  return refuseParameter('durationSeconds', constraint)
}
