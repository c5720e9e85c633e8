import { renderSessionPolicy } from './render.ts'
import type { StatementTemplate } from './statement-template.ts'
import { parseSessionTemplate, type TemplateReading } from './template.ts'
import type { TextTemplate } from './text-template.ts'

/**
 * Reads a template as the control plane must before a role alias gets it: beside what `parseSessionTemplate` refuses,
 * one that is over the size limit even when every value is empty, as no device could ever be given it.
 */
export function checkSessionTemplate(text: string): TemplateReading {
  const reading = parseSessionTemplate(text)
  if (!reading.ok) return reading
  const template = { statements: reading.template.statements.map(withoutSlots) }
  const least = renderSessionPolicy([{ name: 'with every value empty', template }], () => [])
  return !least.ok && least.kind === 'policyTooLarge' ? least : reading
}

function withoutSlots(statement: StatementTemplate): StatementTemplate {
  const { resource, condition } = statement
  return {
    ...statement,
    resource: { ...resource, items: resource.items.map(literalsOf) },
    condition: condition?.map(({ operator, keys }) => ({
      operator,
      keys: keys.map((key) => ({
        ...key,
        values: key.values.map((value) => (typeof value === 'object' ? literalsOf(value) : value)),
      })),
    })),
  }
}

function literalsOf(text: TextTemplate): TextTemplate {
  return text.filter((part) => typeof part === 'string')
}
