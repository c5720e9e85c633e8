import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parsePolicyDocument } from '../policy/document.ts'
import { evaluate } from '../policy/evaluate.ts'
import { createRequestContext } from '../policy/request-context.ts'
import { renderSessionPolicy } from './render.ts'
import { parseSessionTemplate } from './template.ts'

type Outcome = { readonly policy: object } | { readonly error: string }
type Row = {
  readonly id: string
  readonly name: string
  readonly template: object | string
  readonly variables: Readonly<Record<string, unknown>>
  readonly expect: Outcome
  readonly alsoAcceptable?: readonly Outcome[]
  readonly probes?: readonly {
    readonly action: string
    readonly resource: string
    readonly context: Readonly<Record<string, string>>
    readonly expect: string
  }[]
  readonly advisory?: boolean
}

// Read as text: a module import would give the key `__proto__` its old meaning.
const file = new URL('../../cases/renderings.json', import.meta.url)
const rows: readonly Row[] = JSON.parse(readFileSync(file, 'utf8'))

function render({ template, variables }: Row): { readonly error: string } | { policy: string } {
  const text = typeof template === 'string' ? template : JSON.stringify(template)
  const reading = parseSessionTemplate(text)
  if (!reading.ok) return { error: reading.kind }
  const values = new Map(Object.entries(variables))
  const rendering = renderSessionPolicy([{ name: 'row', template: reading.template }], (name) =>
    [values.get(name) ?? []].flat().filter((value) => typeof value === 'string'),
  )
  return rendering.ok ? { policy: rendering.policy } : { error: rendering.kind }
}

/** The same policy in one spelling: no Sid, no Id, one-element lists and lone statements unwrapped. */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? normalise(value[0]) : value.map(normalise)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([key]) => key !== 'Sid' && key !== 'Id')
  return Object.fromEntries(members.map(([key, held]) => [key, normalise(held)]))
}

describe('the case file of renderings', () => {
  test('has all of its rows', () => {
    expect(rows).toHaveLength(51)
    expect(rows.filter(({ advisory }) => advisory === true)).toEqual([])
  })

  test.each(rows)('$id: $name', (row) => {
    const rendered = render(row)
    const got = 'policy' in rendered ? { policy: JSON.parse(rendered.policy) } : rendered
    const acceptable = [row.expect, ...(row.alsoAcceptable ?? [])].map(normalise)
    expect(acceptable).toContainEqual(normalise(got))
    if (!('policy' in rendered)) return
    expect(rendered.policy.length).toBeLessThanOrEqual(2048)
    const parsed = parsePolicyDocument(rendered.policy, 'iam')
    if (!parsed.ok) throw new Error(parsed.problem)
    for (const { action, resource, context, expect: expected } of row.probes ?? []) {
      const request = { action, resource, context: createRequestContext(Object.entries(context)) }
      expect(evaluate([{ document: parsed.document }], request).result).toBe(expected)
    }
  })
})
