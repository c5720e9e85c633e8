import { parsePolicyDocument } from '@thingpass/core/policy/document'
import { isJsonObject, type JsonObject, parseJson } from '@thingpass/core/policy/json'
import { checkSessionTemplate } from '@thingpass/core/session/check'
import { LONGEST_POLICY } from '@thingpass/core/session/render'
import { jsonText } from '../policy-rows/row-fields.ts'
import type { Finding } from './finding.ts'
import { piecesOf } from './pattern-pieces.ts'
import { type StatementView, statementsOf } from './policy-view.ts'
import { lintAgainstRole } from './role-rule.ts'
import { lintStatement } from './statement-rules.ts'

/** What is known about where the policy will be attached. */
export type LintOptions = {
  /** Judge it as a session policy of a role alias. */
  readonly session: boolean
  /** Text of the policy of the alias's role. */
  readonly rolePolicy?: string
}

/** From this share of the limit on, values decide whether the policy still fits. */
const NEAR = 0.8

/** Finds what a policy's author may not have meant. An invalid policy has one finding that says so. */
export function lintPolicy(text: string, options: LintOptions): readonly Finding[] {
  const policy = read(text)
  if ('problem' in policy) return [invalid('document', policy.problem)]
  const statements = statementsOf(policy.document)
  return [
    ...(options.session ? lintTemplate(text) : []),
    ...lintVersion(policy.document, statements),
    ...statements.flatMap(lintStatement),
    ...lintSize(policy.document, options),
    ...(options.rolePolicy === undefined ? [] : lintRole(statements, options.rolePolicy)),
  ]
}

function read(text: string): { readonly document: JsonObject } | { readonly problem: string } {
  const valid = parsePolicyDocument(text, 'iot')
  if (!valid.ok) return valid
  const json = parseJson(text)
  return json.ok && isJsonObject(json.value)
    ? { document: json.value }
    : { problem: 'the document is no JSON object' }
}

function invalid(place: string, message: string): Finding {
  return { rule: 'invalid-policy', place, message }
}

function lintTemplate(text: string): readonly Finding[] {
  const reading = checkSessionTemplate(text)
  return reading.ok
    ? []
    : [{ rule: 'invalid-session-policy', place: 'document', message: reading.problem }]
}

function lintVersion(
  document: JsonObject,
  statements: readonly StatementView[],
): readonly Finding[] {
  if (document.get('Version') === '2012-10-17') return []
  const texts = statements.flatMap(({ resources, notResources, conditions }) => [
    ...resources,
    ...notResources,
    ...conditions.flatMap(({ values }) => values),
  ])
  const dead = texts.flatMap(piecesOf).find(({ kind }) => kind === 'variable')
  const effect =
    dead === undefined ? 'variables would be plain text' : 'its variables are plain text'
  return [
    {
      rule: 'version-missing',
      place: 'document',
      message: `without "Version": "2012-10-17" ${effect}`,
    },
  ]
}

function lintSize(document: JsonObject, { session }: LintOptions): readonly Finding[] {
  if (!session) return []
  const { length } = jsonText(document)
  const near = length >= NEAR * LONGEST_POLICY
  const message = `${length} of ${LONGEST_POLICY} characters before any value is filled in`
  return near ? [{ rule: 'near-size-limit', place: 'document', message }] : []
}

function lintRole(session: readonly StatementView[], rolePolicy: string): readonly Finding[] {
  const role = read(rolePolicy)
  return 'problem' in role
    ? [invalid('role policy', role.problem)]
    : lintAgainstRole(session, statementsOf(role.document))
}
