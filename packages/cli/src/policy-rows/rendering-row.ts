import { parsePolicyDocument } from '@thingpass/core/policy/document'
import { evaluate } from '@thingpass/core/policy/evaluate'
import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '@thingpass/core/policy/json'
import { renderSessionPolicy } from '@thingpass/core/session/render'
import { parseSessionTemplate } from '@thingpass/core/session/template'
import { requestOf } from './decision-row.ts'
import { jsonText, malformed, objectAt, objectsAt, textAt, textsOf } from './row-fields.ts'
import { failed, PASSED, type RowResult } from './row-result.ts'

type Rendered = { readonly policy: string } | { readonly error: string }

/**
 * Runs a rendering row: `template` with `variables` renders to the policy of `expect` (or of `alsoAcceptable`), or is refused with
 * its error kind; `probes` must then hold for the rendered policy.
 * @throws {Error} when the row is not written as the format asks
 */
export function runRenderingRow(row: JsonObject): RowResult {
  const rendered = render(row)
  const accepted = [objectAt(row, 'expect'), ...objectsAt(row, 'alsoAcceptable')].map(spelling)
  const got = 'policy' in rendered ? `{"policy":${rendered.policy}}` : JSON.stringify(rendered)
  if (!accepted.includes(spelling(parsed(got)))) {
    return failed(accepted.join(' or '), got)
  }
  return 'policy' in rendered ? runProbes(row, rendered.policy) : PASSED
}

function render(row: JsonObject): Rendered {
  const template = row.get('template') ?? null
  const text = typeof template === 'string' ? template : jsonText(template)
  const reading = parseSessionTemplate(text)
  if (!reading.ok) return { error: reading.kind }
  const variables = objectAt(row, 'variables')
  const valuesOf = (name: string) => textsOf(variables.get(name) ?? null, name)
  const rendering = renderSessionPolicy(
    [{ name: 'template', template: reading.template }],
    valuesOf,
  )
  return rendering.ok ? { policy: rendering.policy } : { error: rendering.kind }
}

function runProbes(row: JsonObject, policy: string): RowResult {
  const document = parsePolicyDocument(policy, 'iam')
  if (!document.ok) return failed('a valid policy', document.problem)
  for (const probe of objectsAt(row, 'probes')) {
    const { result } = evaluate([document], requestOf(probe))
    const expected = textAt(probe, 'expect')
    if (result !== expected) {
      const request = `${textAt(probe, 'action')} on ${textAt(probe, 'resource')}`
      return failed(`${expected} for ${request}`, `${result}, by ${policy}`)
    }
  }
  return PASSED
}

function parsed(text: string): JsonValue {
  const json = parseJson(text)
  if (json.ok) return json.value
  throw malformed(json.problem)
}

/** One spelling of equal policies: no Sid and no Id, one-element lists unwrapped, keys sorted. */
function spelling(value: JsonValue): string {
  if (isJsonArray(value)) {
    const [only] = value
    return value.length === 1 && only !== undefined
      ? spelling(only)
      : `[${value.map(spelling).join(',')}]`
  }
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = [...value]
    .filter(([key]) => key !== 'Sid' && key !== 'Id')
    .map(([key, held]) => `${JSON.stringify(key)}:${spelling(held)}`)
  return `{${members.toSorted((one, other) => (one < other ? -1 : 1)).join(',')}}`
}
