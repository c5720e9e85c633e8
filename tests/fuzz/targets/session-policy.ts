import { deepStrictEqual, match, ok } from 'node:assert'
import { checkSessionTemplate } from '@thingpass/core/session/check'
import { renderSessionPolicy } from '@thingpass/core/session/render'
import { parseSessionTemplate } from '@thingpass/core/session/template'
import {
  type ReferenceToken,
  readReferencePattern,
} from '@thingpass/core/testing/reference-matcher'
import { exampleCases } from '../example-cases.ts'
import { type FuzzTarget, jsonOfInput } from '../fuzz-target.ts'

type Values = ReadonlyMap<string, string>

/** Session policy templates: no template and no value throws, and what is rendered means the template with the values as mere characters. */
export const SESSION_POLICY: FuzzTarget = {
  name: 'session-policy',
  format: 'json',
  seeds: () =>
    exampleCases('renderings').map(({ template, variables }) =>
      JSON.stringify({ template, values: variables }),
    ),
  dictionary: [
    ...['${credentials-iot:ThingName}', '${iot:Connection.Thing.Attributes[site]}', '${*}', '${$}'],
    ...['${iot:Certificate.Subject.CommonName}', '${iot:Certificate.Subject.CommonName.List}'],
    ...["${thingpass:TenantId, 'x'}", '${aws:username}', '${', '}', '*', '?', '$', '"', '\\', '/'],
    ...['StringLike', 'ForAnyValue:StringEquals', 's3:prefix', 'NotResource', 'NotAction', 'Deny'],
    ...['"},{"Effect":"Allow","Action":"*","Resource":"*"}', '\\u002a', 'ü', '东', '\n', '\u007f'],
  ],
  run: (input) => {
    const { template, values } = (jsonOfInput(input) ?? {}) as Partial<Record<string, unknown>>
    const text = typeof template === 'string' ? template : String(JSON.stringify(template))
    checkSessionTemplate(text)
    const reading = parseSessionTemplate(text)
    if (!reading.ok) {
      ok(reading.problem !== '')
      return
    }
    const known = valuesOf(values)
    const rendering = renderSessionPolicy(
      [{ name: 'p', template: reading.template }],
      (name) => known.get(name.toLowerCase()) ?? [],
    )
    if (!rendering.ok) return
    match(rendering.policy, /^[\t\n\r -\u00ff]{1,2048}$/)
    if (rendering.dropped.length > 0) return
    judge(JSON.parse(text), JSON.parse(rendering.policy), known)
  },
}

/** By name in lower case. */
function valuesOf(values: unknown): ReadonlyMap<string, readonly string[]> {
  if (typeof values !== 'object' || values === null) return new Map()
  return new Map(
    Object.entries(values).map(([name, value]) => [name.toLowerCase(), [value].flat().map(String)]),
  )
}

type Statement = Readonly<Record<string, unknown>>
type Policy = { readonly Statement: Statement | readonly Statement[] }

/** Statement by statement: the same members, and resources that mean what the template says. */
function judge(
  template: Policy,
  rendered: Policy,
  values: ReadonlyMap<string, readonly string[]>,
): void {
  const before = [template.Statement].flat()
  const after = [rendered.Statement].flat()
  deepStrictEqual(after.length, before.length, 'as many statements')
  for (const [index, statement] of before.entries()) {
    const { Sid: _, ...members } = statement
    const { Sid: __, ...renderedMembers } = after[index] ?? {}
    deepStrictEqual(Object.keys(renderedMembers).sort(), Object.keys(members).sort())
    deepStrictEqual(renderedMembers.Effect, members.Effect)
    deepStrictEqual(renderedMembers.Action, members.Action)
    deepStrictEqual(renderedMembers.NotAction, members.NotAction)
    judgeResources(members, renderedMembers, values)
  }
}

function judgeResources(
  before: Statement,
  after: Statement,
  values: ReadonlyMap<string, readonly string[]>,
): void {
  const single = new Map([...values].map(([name, [value = '']]) => [name, value]))
  for (const member of ['Resource', 'NotResource']) {
    const written = [before[member] ?? []].flat().map(String)
    const rendered = [after[member] ?? []].flat().map(String)
    deepStrictEqual(rendered.length, written.length)
    for (const [index, text] of written.entries()) {
      // Where the author left a brace open, nothing is compared: what that means to IAM is the author's own affair.
      if (text.replaceAll(BRACED, '').includes('${')) continue
      const meant = meaningOf(text, single)
      deepStrictEqual(readReferencePattern(marked(rendered[index] ?? '')), meant, member)
    }
  }
}

const BRACED = /\$\{[^{}]*\}/gu
/** Variables of IAM's stay as they are: each is taken for a text. */
const FOREIGN = /\$\{(?![*?$]\})(?!\s*(?:(?:credentials-iot|iot|thingpass):|\}|,))([^{}]*)\}/giu

function marked(text: string): string {
  return text.replaceAll(FOREIGN, '<$1>')
}

/** What a text of a template means, read a second way. */
function meaningOf(text: string, values: Values): readonly ReferenceToken[] {
  const pieces = marked(text).matchAll(/\$\{([^{}]*)\}|./gsu)
  return [...pieces].flatMap(([piece, body]) => {
    if (body === undefined) return tokenOf(piece)
    return Array.from(textOf(body, values), (literal) => ({ literal }))
  })
}

function tokenOf(piece: string): ReferenceToken {
  if (piece === '*') return 'any-run'
  return piece === '?' ? 'any-one' : { literal: piece }
}

function textOf(body: string, values: Values): string {
  if (['*', '?', '$'].includes(body)) return body
  const [, name = body, fallback = ''] = /^(.*?)\s*,\s*'(.*)'\s*$/su.exec(body) ?? []
  return values.get(name.trim().toLowerCase()) || fallback
}
