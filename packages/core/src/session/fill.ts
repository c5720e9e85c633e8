import type { RenderError } from './render-error.ts'
import type { Slot, TextTemplate } from './text-template.ts'
import type { TakeValue } from './value.ts'

/** All values of a variable, by its name without case; `[]` when it has none. */
export type ReadValues = (name: string) => readonly string[]

/** A filled-in text (several where a list was expanded), the variable that has no value, or why a value is refused. */
export type Filling =
  | { readonly outcome: 'filled'; readonly texts: readonly string[] }
  | { readonly outcome: 'missing'; readonly variable: string }
  | ({ readonly outcome: 'refused' } & RenderError)

/** Fills in one text, in one pass: what a value brings along is never read as a template. */
export function fillText(
  template: TextTemplate,
  readValues: ReadValues,
  takeValue: TakeValue,
): Filling {
  let text = ''
  for (const part of template) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const filling = fillSlot(part, readValues, takeValue)
    if (filling.outcome !== 'filled' || part.takesList) return filling
    text = text.concat(...filling.texts)
  }
  return { outcome: 'filled', texts: [text] }
}

/** Fills in one slot. An empty value is a missing one: `prefix/${x}*` must not become `prefix/*`. */
function fillSlot(slot: Slot, readValues: ReadValues, takeValue: TakeValue): Filling {
  const { name } = slot.variable
  const values = withDefault(readValues(name), slot.defaultText)
  if (values === undefined) return { outcome: 'missing', variable: name }
  if (values.length > 1 && !slot.takesList)
    return refuse('multiValuedVariable', `\${${name}} has several values where one is needed`)
  const texts: string[] = []
  for (const value of values) {
    const taken = takeValue(value, slot)
    if (!taken.ok) return refuse(taken.kind, `the value of \${${name}} ${taken.problem}`)
    texts.push(taken.text)
  }
  return { outcome: 'filled', texts }
}

function refuse(kind: RenderError['kind'], problem: string): Filling {
  return { outcome: 'refused', kind, problem }
}

/** The values if there are any and none is empty, else the default if there is one. */
function withDefault(
  values: readonly string[],
  defaultText: string,
): readonly string[] | undefined {
  const present = values.length > 0 && !values.includes('')
  if (present) return values
  return defaultText === '' ? undefined : [defaultText]
}
