import { isJsonArray, type JsonObject, type JsonValue } from '../policy/json.ts'
import { quote } from '../policy/parsed.ts'
import { type ConditionTemplate, readCondition } from './condition-template.ts'
import { asList, asObject, readEither, refuseOthers } from './element.ts'
import { readFixedText, readPolicyText, readUnusedText } from './policy-text.ts'
import { type Report, within } from './render-error.ts'
import { RESOURCE, type TextTemplate } from './text-template.ts'

/** One statement of a template, without its Sid. */
export type StatementTemplate = {
  /** Names the statement to its author: its index from 0, and its Sid. */
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

const ELEMENTS = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']

/** Reads one statement. What it returns counts only if nothing was reported. */
export function readStatement(
  json: JsonValue | undefined,
  index: number,
  reportAll: Report,
): StatementTemplate {
  const statement = asObject(json, within(`Statement[${index}]`, reportAll))
  const sid = statement.get('Sid')
  const place = `Statement[${index}]${typeof sid === 'string' ? ` (Sid ${quote(sid)})` : ''}`
  const report = within(place, reportAll)
  refuseOthers(statement, ELEMENTS, report)
  readUnusedText(sid, within('Sid', report))
  return {
    place,
    effect: readEffect(statement.get('Effect'), within('Effect', report)),
    action: readAction(statement, report),
    resource: readResource(statement, report),
    condition: readCondition(statement.get('Condition'), within('Condition', report)),
  }
}

function readEffect(effect: JsonValue | undefined, report: Report): 'Allow' | 'Deny' {
  readUnusedText(effect, report)
  const allows = effect === 'Allow'
  if (!allows && effect !== 'Deny') report('invalidTemplate', 'must be Allow or Deny')
  return allows ? 'Allow' : 'Deny'
}

/** `*`, or a service and an operation of it. Source: IAM User Guide, reference_policies_grammar. */
const ACTION = /^(?:\*|[a-zA-Z0-9*?-]+:[a-zA-Z0-9_*?-]+)$/

function readAction(statement: JsonObject, report: Report): StatementTemplate['action'] {
  const { element, value } = readEither(statement, 'Action', report)
  const inside = within(element, report)
  const texts = readTexts(value, inside)
  for (const text of texts) {
    readFixedText(text, inside)
    if (!ACTION.test(text)) inside('invalidTemplate', `${quote(text)} is no action`)
  }
  return { element, value: isJsonArray(value) ? texts : texts.join() }
}

/** `*`, or an ARN: STS takes nothing else. */
const RESOURCE_TEXT = /^(?:\*$|arn:)/

function readResource(statement: JsonObject, report: Report): StatementTemplate['resource'] {
  const { element, value } = readEither(statement, 'Resource', report)
  const inside = within(element, report)
  const items = readTexts(value, inside).map((text) => {
    const item = readPolicyText(text, RESOURCE, inside)
    if (!RESOURCE_TEXT.test(text))
      inside('invalidTemplate', `${quote(text)} is neither * nor an ARN`)
    return item
  })
  return { element, isList: isJsonArray(value), items }
}

/** The texts of an element that needs at least one. */
function readTexts(value: JsonValue | undefined, report: Report): readonly string[] {
  const items = asList(value)
  const texts = items.filter((item) => typeof item === 'string')
  const complete = texts.length > 0 && texts.length === items.length
  if (!complete) report('invalidTemplate', 'must be a string or a list of strings')
  return texts
}
