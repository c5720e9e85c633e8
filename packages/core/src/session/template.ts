import { type JsonValue, parseJson } from '../policy/json.ts'
import { asList, asObject, refuseOthers } from './element.ts'
import { readUnusedText } from './policy-text.ts'
import { type RenderError, type Report, within } from './render-error.ts'
import { readStatement, type StatementTemplate } from './statement-template.ts'

/** A session policy template that was read once: what to copy, what to fill in, and where. Frozen. */
export type SessionTemplate = {
  /** At least one. */
  readonly statements: readonly StatementTemplate[]
}

/** A template, or the first thing that is wrong with its text. */
export type TemplateReading =
  | { readonly ok: true; readonly template: SessionTemplate }
  | ({ readonly ok: false } & RenderError)

/** The version under which IAM knows the escapes that values are written with; under another they are dead text. */
export const TEMPLATE_VERSION = '2012-10-17'

/**
 * Reads the text of a session policy template: an IAM policy of Version 2012-10-17, with placeholders where a value
 * cannot change what the policy means. Whatever is not known to be valid is refused: unknown elements, unknown
 * operators, a key that stands twice.
 */
export function parseSessionTemplate(text: string): TemplateReading {
  const json = parseJson(text)
  if (!json.ok) return { ok: false, kind: 'invalidTemplate', problem: json.problem }
  const errors: RenderError[] = []
  const statements = readDocument(json.value, (kind, problem) => errors.push({ kind, problem }))
  const [error] = errors
  return error === undefined
    ? { ok: true, template: freezeDeep({ statements }) }
    : { ok: false, ...error }
}

function readDocument(json: JsonValue, report: Report): readonly StatementTemplate[] {
  const document = asObject(json, within('the policy', report))
  refuseOthers(document, ['Version', 'Id', 'Statement'], report)
  if (document.get('Version') !== TEMPLATE_VERSION)
    report('invalidTemplate', `Version must be ${TEMPLATE_VERSION}`)
  readUnusedText(document.get('Id'), within('Id', report))
  const statements = asList(document.get('Statement'))
  if (statements.length === 0) report('invalidTemplate', 'Statement: must not be empty')
  return statements.map((statement, index) => readStatement(statement, index, report))
}

/** Freezes a value and all that it holds: one template serves many requests. */
function freezeDeep<Value extends object>(value: Value): Value {
  for (const held of Object.values(value)) if (typeof held === 'object') freezeDeep(held)
  return Object.freeze(value)
}
