import { parseJson } from '@thingpass/core/policy/json'
import { mapStrings } from './map-strings.ts'

/** One place of a role's policy that names a key of AWS IoT's credentials provider. */
export type RewrittenKey = { readonly from: string; readonly to: string }

/** A role's policy for this service; `keys` is empty where nothing had to change. */
export type RewrittenRolePolicy = {
  readonly document: string
  readonly keys: readonly RewrittenKey[]
}

/** The keys that AWS IoT sets. Source: AWS IoT Developer Guide, authorizing-direct-aws. */
const KNOWN_KEYS = ['ThingName', 'ThingTypeName', 'AwsCertificateId'] as const

const VARIABLE = /\$\{\s*(credentials-iot:[^},\s]*)/gi
const PREFIX = /^credentials-iot:/i

type Rewriting = { readonly keys: RewrittenKey[]; problem: string | undefined }

/**
 * Rewrites a role's policy from the condition keys that only AWS IoT can set to the session tags that this service sets:
 * `${credentials-iot:X}` becomes `${aws:PrincipalTag/credentials-iot:X}`, and a condition key likewise. Letter case of the keys
 * does not count, as in IAM.
 */
export function rewriteRolePolicy(
  document: string,
): RewrittenRolePolicy | { readonly problem: string } {
  const strict = parseJson(document)
  if (!strict.ok) return { problem: strict.problem }
  const rewriting: Rewriting = { keys: [], problem: undefined }
  const changed = rewriteDocument(JSON.parse(document), rewriting)
  if (rewriting.problem !== undefined) return { problem: rewriting.problem }
  const { keys } = rewriting
  return { document: keys.length === 0 ? document : JSON.stringify(changed, null, 2), keys }
}

function rewriteDocument(document: unknown, rewriting: Rewriting): unknown {
  if (!isObject(document)) return document
  const { Statement: statements } = document
  const before = rewriting.keys.length
  const one = (statement: unknown) => rewriteStatement(statement, rewriting)
  const changed = Array.isArray(statements) ? statements.map(one) : one(statements)
  const usesKeys = rewriting.keys.length > before
  if (usesKeys && document.Version !== '2012-10-17') {
    // In an older version a variable is plain text: what looks like one would begin to mean something.
    rewriting.problem ??= 'it uses credentials-iot keys without "Version": "2012-10-17"'
  }
  return { ...document, Statement: changed }
}

function rewriteStatement(statement: unknown, rewriting: Rewriting): unknown {
  if (!isObject(statement)) return statement
  return Object.fromEntries(
    Object.entries(statement).map(([element, value]) => {
      if (element === 'Condition') return [element, rewriteCondition(value, rewriting)]
      const named = element === 'Resource' || element === 'NotResource'
      return [element, named ? rewriteTexts(value, rewriting) : value]
    }),
  )
}

function rewriteCondition(condition: unknown, rewriting: Rewriting): unknown {
  if (!isObject(condition)) return condition
  return Object.fromEntries(
    Object.entries(condition).map(([operator, block]) => [
      operator,
      isObject(block) ? rewriteBlock(block, rewriting) : block,
    ]),
  )
}

function rewriteBlock(block: Readonly<Record<string, unknown>>, rewriting: Rewriting): unknown {
  const entries = Object.entries(block).map(([key, value]) => {
    const renamed = PREFIX.test(key) ? rewriteKey(key, rewriting) : key
    if (renamed !== key) rewriting.keys.push({ from: key, to: renamed })
    return [renamed, rewriteTexts(value, rewriting)] as const
  })
  const names = entries.map(([key]) => key.toLowerCase())
  if (new Set(names).size < names.length) {
    rewriting.problem ??= 'one condition would name the same session tag twice'
  }
  return Object.fromEntries(entries)
}

function rewriteTexts(value: unknown, rewriting: Rewriting): unknown {
  return mapStrings(value, (text) => {
    const changed = text.replaceAll(
      VARIABLE,
      (_, key: string) => `\${${rewriteKey(key, rewriting)}`,
    )
    if (changed !== text) rewriting.keys.push({ from: text, to: changed })
    return changed
  })
}

function rewriteKey(key: string, rewriting: Rewriting): string {
  const name = key.replace(PREFIX, '')
  const known = KNOWN_KEYS.find((each) => each.toLowerCase() === name.toLowerCase())
  if (known === undefined) rewriting.problem ??= `AWS IoT has no key ${JSON.stringify(key)}`
  return `aws:PrincipalTag/credentials-iot:${known ?? name}`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
