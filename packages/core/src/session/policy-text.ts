import type { JsonValue } from '../policy/json.ts'
import type { Report } from './render-error.ts'
import { FIXED, type Place, readTextTemplate, type TextTemplate } from './text-template.ts'
import { isStsText, takePolicyValue } from './value.ts'

/** Reads one text of a policy in its place: its characters, its placeholders, and the defaults of those. */
export function readPolicyText(text: string, place: Place, report: Report): TextTemplate {
  if (!isStsText(text)) report('unsupportedCharacter', 'has a character that STS refuses')
  const template = readTextTemplate(text, place, report)
  for (const part of template) {
    if (typeof part === 'string') continue
    const taken = takePolicyValue(part.defaultText, part)
    if (!taken.ok) report(taken.kind, `the default of \${${part.variable.name}} ${taken.problem}`)
  }
  return template
}

/** Reads a text that is sent as it stands: no placeholder may stand in it. */
export function readFixedText(text: string, report: Report): void {
  readPolicyText(text, FIXED, report)
}

/** Reads an element that has no effect and is not sent; absent, or a string without a placeholder. */
export function readUnusedText(value: JsonValue | undefined, report: Report): void {
  if (value === undefined) return
  if (typeof value === 'string') readTextTemplate(value, FIXED, report)
  else report('invalidTemplate', 'must be a string')
}
