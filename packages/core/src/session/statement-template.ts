import type { JsonObject, JsonValue } from '../policy/json.ts'
import { quote } from '../policy/parsed.ts'
import { type ConditionTemplate, readCondition } from './condition-template.ts'
import { asList, isList, isObject, readEither, refuseOthers } from './element.ts'
import { readFixedText, readPolicyText, readUnusedText } from './policy-text.ts'
import { RESOURCE, type Report, type TextTemplate, within } from './text-template.ts'

/** One statement of a template, without its Sid. */
export type StatementTemplate = {
  /** Names the statement to its author: its number from 1, and its Sid. */
  readonly place: string
  readonly effect: 'Allow' | 'Deny'
  readonly action: {
    readonly element: 'Action' | 'NotAction'
    readonly value: string | readonly string[]
  }
  readonly resource: {
    readonly element: 'Resource' | 'NotResource'
    /** Whether the author wrote a list. */
    readonly isList: boolean
    readonly items: readonly TextTemplate[]
  }
  readonly condition: ConditionTemplate | undefined
}

const ELEMENTS = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] as const

/** Reads one statement; none when it has a problem, which is reported. */
export function readStatement(
  statement: JsonValue,
  number: number,
  reportAll: Report,
): readonly StatementTemplate[] {
  if (!isObject(statement)) {
    reportAll('invalidTemplate', `statement ${number} is not a JSON object`)
    return []
  }
  const sid = statement.get('Sid')
  const place = `statement ${number}${typeof sid === 'string' ? ` (${quote(sid)})` : ''}`
  const report = within(place, reportAll)
  refuseOthers(statement, ELEMENTS, report)
  readUnusedText(sid, within('Sid', report))
  const effect = readEffect(statement.get('Effect'), within('Effect', report))
  const action = readAction(statement, report)
  const resource = readResource(statement, report)
  const condition = readCondition(statement.get('Condition'), within('Condition', report))
  if (effect === undefined || action === undefined || resource === undefined) return []
  return [{ place, effect, action, resource, condition }]
}

function readEffect(effect: JsonValue | undefined, report: Report): 'Allow' | 'Deny' | undefined {
  if (effect === 'Allow' || effect === 'Deny') return effect
  readUnusedText(effect, report)
  report('invalidTemplate', 'must be Allow or Deny')
  return undefined
}

/** `*`, or a service and an operation of it. */
const ACTION = /^(?:\*|[^:]+:[^:]+)$/

function readAction(
  statement: JsonObject,
  report: Report,
): StatementTemplate['action'] | undefined {
  const found = readEither(statement, ['Action', 'NotAction'], report)
  if (found === undefined) return undefined
  const place = within(found.element, report)
  const texts = readTexts(found.value, place)
  for (const text of texts) {
    readFixedText(text, place)
    if (!ACTION.test(text)) place('invalidTemplate', `${quote(text)} is no action`)
  }
  return { element: found.element, value: isList(found.value) ? texts : texts.join('') }
}

/** `*`, or an ARN. */
const RESOURCE_TEXT = /^(?:\*$|arn:)/

function readResource(
  statement: JsonObject,
  report: Report,
): StatementTemplate['resource'] | undefined {
  const found = readEither(statement, ['Resource', 'NotResource'], report)
  if (found === undefined) return undefined
  const place = within(found.element, report)
  const items = readTexts(found.value, place).map((text) => {
    const item = readPolicyText(text, RESOURCE, place)
    if (!RESOURCE_TEXT.test(text))
      place('invalidTemplate', `${quote(text)} is neither * nor an ARN`)
    return item
  })
  return { element: found.element, isList: isList(found.value), items }
}

/** The texts of an element that needs at least one. */
function readTexts(value: JsonValue, report: Report): readonly string[] {
  const items = asList(value)
  const texts = items.filter((item) => typeof item === 'string')
  if (texts.length === 0 || texts.length < items.length)
    report('invalidTemplate', 'must be a string or a list of strings')
  return texts
}
