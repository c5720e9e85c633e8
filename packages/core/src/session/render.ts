import { fillText, type ReadValues } from './fill.ts'
import { type RenderError, within } from './render-error.ts'
import { type RenderedStatement, renderStatement } from './render-statement.ts'
import { type SessionTemplate, TEMPLATE_VERSION } from './template.ts'
import type { TextTemplate } from './text-template.ts'
import { type TakeValue, takePolicyValue } from './value.ts'

/** Longest session policy. Source: STS API model (inline and managed policies together). */
export const LONGEST_POLICY = 2048

/** How many statements, or left-out parts, a problem lists. */
const LISTED = 3

/** A template with the name that problems call it by. */
export type NamedTemplate = { readonly name: string; readonly template: SessionTemplate }

/** A rendered session policy, or the first reason why there is none. */
export type Rendering =
  | {
      readonly ok: true
      /** Minified JSON, at most `LONGEST_POLICY` characters of those that STS takes. */
      readonly policy: string
      /** What was left out for want of a value, by place. */
      readonly dropped: readonly string[]
    }
  | ({ readonly ok: false } & RenderError)

/**
 * Renders the templates for one device and unites them in one policy. There is no rendering without an Allow: a session
 * without a policy would have all that the role has.
 */
export function renderSessionPolicy(
  templates: readonly NamedTemplate[],
  readValues: ReadValues,
  takeValue: TakeValue = takePolicyValue,
): Rendering {
  const errors: RenderError[] = []
  const dropped: string[] = []
  const statements = templates.flatMap(({ name, template }) => {
    const rendering = {
      fill: (text: TextTemplate) => fillText(text, readValues, takeValue),
      report: within(name, (kind, problem) => errors.push({ kind, problem })),
      drop: (what: string) => dropped.push(`${name}: ${what}`),
    }
    return template.statements
      .flatMap((statement) => renderStatement(statement, rendering))
      .map((rendered) => ({ ...rendered, place: `${name}: ${rendered.place}` }))
  })
  const [error] = errors
  return error === undefined ? unite(statements, dropped) : { ok: false, ...error }
}

function unite(rendered: readonly RenderedStatement[], dropped: readonly string[]): Rendering {
  const Statement = rendered.map(({ statement }) => statement)
  // Every character is one UTF-16 unit: those above U+00FF were refused.
  const policy = JSON.stringify({ Version: TEMPLATE_VERSION, Statement })
  if (policy.length > LONGEST_POLICY) {
    const problem = `${policy.length} characters of ${LONGEST_POLICY}; largest: ${largest(rendered)}`
    return { ok: false, kind: 'policyTooLarge', problem }
  }
  if (rendered.some(({ effect }) => effect === 'Allow')) return { ok: true, policy, dropped }
  const problem = ['no Allow is left', ...dropped.slice(0, LISTED)].join('; left out: ')
  return { ok: false, kind: 'emptyPolicy', problem }
}

/** The largest statements with their sizes, never their text. */
function largest(rendered: readonly RenderedStatement[]): string {
  return rendered
    .map(({ place, statement }) => ({ place, size: JSON.stringify(statement).length }))
    .sort((one, other) => other.size - one.size)
    .slice(0, LISTED)
    .map(({ place, size }) => `${place} (${size})`)
    .join(', ')
}
