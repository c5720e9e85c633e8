import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from './json.ts'
import { accept, type Parsed, parseEach, quote, refuse } from './parsed.ts'
import { parseStatement, type Statement } from './statement.ts'
import type { Dialect } from './template.ts'

/** A policy, parsed once and frozen. */
export type PolicyDocument = {
  readonly dialect: Dialect
  /** `2008-10-17` when the document names none; variables work in `2012-10-17` only. */
  readonly version: PolicyVersion
  readonly id?: string
  /** At least one. */
  readonly statements: readonly Statement[]
}

/** Version of the policy language. */
export type PolicyVersion = '2012-10-17' | '2008-10-17'

/** A policy, or what is wrong with its text: names the statement (place and Sid) and the reason. */
export type PolicyParse =
  | { readonly ok: true; readonly document: PolicyDocument }
  | { readonly ok: false; readonly problem: string }

/** Largest policy document, by `countPolicyCharacters`. Source: AWS IoT Core quotas. */
export const MAX_POLICY_CHARACTERS = 2048

/**
 * Longest text of a policy, white space included, in UTF-16 units: four times what counts. AWS takes padding up to 404,600
 * characters; here every process that meets the policy must read through it.
 */
export const MAX_POLICY_TEXT = 4 * MAX_POLICY_CHARACTERS

/** Why a text is too large for a policy; undefined when it is not. */
export function judgePolicySize(text: string): string | undefined {
  if (text.length > MAX_POLICY_TEXT) return `longer than ${MAX_POLICY_TEXT} characters`
  const characters = countPolicyCharacters(text)
  if (characters <= MAX_POLICY_CHARACTERS) return undefined
  return `${characters} characters without white space, at most ${MAX_POLICY_CHARACTERS}`
}

const WHITE_SPACE = ' \t\n\r'

/**
 * Characters of a policy text that count towards `MAX_POLICY_CHARACTERS`: white space between the JSON's elements does not,
 * white space inside a string does. Source: AWS IoT Core quotas; what a string holds is matched with requests.
 */
export function countPolicyCharacters(text: string): number {
  let count = 0
  let quoted = false
  let escaped = false
  for (const character of text) {
    if (quoted || !WHITE_SPACE.includes(character)) count += character.length
    if (character === '"' && !escaped) quoted = !quoted
    escaped = quoted && character === '\\' && !escaped
  }
  return count
}

const ELEMENTS = ['Version', 'Id', 'Statement']

/**
 * Parses the JSON text of a policy. What AWS would ignore or leave undefined is refused: whoever cannot parse a stored
 * document must deny. The size is not checked here, see `judgePolicySize`.
 * Source: IAM User Guide, reference_policies_grammar.
 */
export function parsePolicyDocument(text: string, dialect: Dialect): PolicyParse {
  const json = parseJson(text)
  if (!json.ok) return refuse(`not JSON: ${json.problem}`)
  const parsed = isJsonObject(json.value)
    ? parseElements(json.value, dialect)
    : refuse('a policy must be an object')
  return parsed.ok ? { ok: true, document: parsed.value } : parsed
}

function parseElements(json: JsonObject, dialect: Dialect): Parsed<PolicyDocument> {
  const unknown = [...json.keys()].find((name) => !ELEMENTS.includes(name))
  if (unknown !== undefined) return refuse(`unknown element ${quote(unknown)}`)
  const version = parseVersion(json.get('Version'))
  if (version === undefined) return refuse('Version must be "2012-10-17" or "2008-10-17"')
  const id = json.get('Id')
  if (id !== undefined && typeof id !== 'string') return refuse('Id must be a string')
  const syntax = { dialect, variables: version === '2012-10-17' }
  const list = statementsOf(json.get('Statement'))
  if (list.length === 0) return refuse('a policy needs a Statement')
  const statements = parseEach(list, (item, index) => parseStatement(item, index, syntax))
  if (!statements.ok) return statements
  return accept(
    Object.freeze({
      dialect,
      version,
      ...(id === undefined ? {} : { id }),
      statements: statements.value,
    }),
  )
}

function parseVersion(version: JsonValue | undefined): PolicyVersion | undefined {
  if (version === undefined) return '2008-10-17'
  return version === '2012-10-17' || version === '2008-10-17' ? version : undefined
}

/** One statement may stand without its brackets. */
function statementsOf(statement: JsonValue | undefined): readonly JsonValue[] {
  if (statement === undefined) return []
  return isJsonArray(statement) ? statement : [statement]
}
