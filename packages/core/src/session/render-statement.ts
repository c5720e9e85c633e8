import type { ConditionTemplate, ValueTemplate } from './condition-template.ts'
import type { Filling } from './fill.ts'
import { type Report, within } from './render-error.ts'
import type { StatementTemplate } from './statement-template.ts'
import type { TextTemplate } from './text-template.ts'

/** A statement as it is sent, with the place that its author knows it by. */
export type RenderedStatement = {
  readonly place: string
  readonly effect: 'Allow' | 'Deny'
  readonly statement: object
}

/** What rendering one statement needs. */
export type StatementRendering = {
  readonly fill: Fill
  readonly report: Report
  /** Takes note of what is left out because a value is missing. */
  readonly drop: (what: string) => void
}

/** Fills in one text. */
type Fill = (text: TextTemplate) => Filling

type Value = string | number | boolean
type Filled = { readonly values: readonly Value[]; readonly missing: readonly string[] }

/**
 * Renders one statement; none when it is dropped. An Allow shrinks where a value is missing; a Deny or a NotResource
 * would let more through without it, so there the whole rendering is refused.
 */
export function renderStatement(
  { place, effect, action, resource, condition }: StatementTemplate,
  { fill, report: reportAll, drop }: StatementRendering,
): readonly RenderedStatement[] {
  const report = within(place, reportAll)
  const entries = fillAll(resource.items, fill, within(resource.element, report))
  const filled = fillCondition(condition, fill, within('Condition', report))
  const needed = [
    ...(effect === 'Allow' && resource.element === 'Resource' ? [] : entries.missing),
    ...(effect === 'Allow' ? [] : filled.missing),
  ]
  for (const name of needed) report('missingVariable', noValue(name))
  for (const name of entries.missing) drop(`${place}: ${resource.element} entry, ${noValue(name)}`)
  for (const name of filled.missing) drop(`${place}: statement, ${noValue(name)}`)
  if (entries.values.length === 0 || filled.missing.length > 0) return []
  const statement = {
    Effect: effect,
    [action.element]: action.value,
    [resource.element]: asWritten(resource.isList, entries.values),
    Condition: filled.condition,
  }
  return [{ place, effect, statement }]
}

function noValue(name: string): string {
  return `no value for \${${name}}`
}

/** Fills in each value that is not missing; a refused one is reported. */
function fillAll(templates: readonly ValueTemplate[], fill: Fill, report: Report): Filled {
  const values: Value[] = []
  const missing: string[] = []
  for (const template of templates) {
    if (typeof template !== 'object') {
      values.push(template)
      continue
    }
    const filling = fill(template)
    if (filling.outcome === 'filled') values.push(...filling.texts)
    else if (filling.outcome === 'missing') missing.push(filling.variable)
    else report(filling.kind, filling.problem)
  }
  return { values, missing }
}

function fillCondition(
  template: ConditionTemplate | undefined,
  fill: Fill,
  report: Report,
): { readonly condition: object | undefined; readonly missing: readonly string[] } {
  const missing: string[] = []
  const operators = template?.map(({ operator, keys }) => {
    const members = keys.map(({ key, isList, values }) => {
      const filled = fillAll(values, fill, report)
      missing.push(...filled.missing)
      return [key, asWritten(isList, filled.values)] as const
    })
    return [operator, Object.fromEntries(members)] as const
  })
  // fromEntries defines own properties, so that `__proto__` is a key like any other.
  return { condition: operators && Object.fromEntries(operators), missing }
}

/** One value stands alone where the author wrote it alone. */
function asWritten(
  isList: boolean,
  values: readonly Value[],
): Value | readonly Value[] | undefined {
  return isList || values.length > 1 ? values : values[0]
}
