import { renderSessionPolicy } from './render.ts'
import { parseSessionTemplate, type TemplateReading } from './template.ts'
import type { TakeValue } from './value.ts'

/** Stands for a value that takes no room: no device's policy is smaller, save for what is left out of it. */
const takeNothing: TakeValue = () => ({ ok: true, text: '' })

/**
 * Reads a template as the control plane must before a role alias gets it: beside what `parseSessionTemplate` refuses,
 * one that is over the size limit even when every value is empty.
 */
export function checkSessionTemplate(text: string): TemplateReading {
  const reading = parseSessionTemplate(text)
  if (!reading.ok) return reading
  const named = [{ name: 'with every value empty', template: reading.template }]
  const least = renderSessionPolicy(named, () => ['some'], takeNothing)
  return !least.ok && least.kind === 'policyTooLarge' ? least : reading
}
