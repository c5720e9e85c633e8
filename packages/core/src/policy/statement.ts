import { type Condition, parseConditions } from './conditions/condition.ts'
import { foldCase } from './fold-case.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './json.ts'
import { accept, type Parsed, parseEach, quote, refuse } from './parsed.ts'
import { type Token, tokensOf } from './pattern.ts'
import { compileTemplate, type Syntax, type Template } from './template.ts'

/** `Action` or `NotAction`, `Resource` or `NotResource`, with its patterns; at least one. */
export type PatternList<Pattern> = {
  /** `NotAction`, `NotResource`: matches what none of the patterns matches. */
  readonly negated: boolean
  readonly patterns: readonly Pattern[]
}

/** Pattern of an action: no variables, letter case folded. */
export type ActionPattern = {
  /** The text as its author wrote it. */
  readonly source: string
  readonly tokens: readonly Token[]
}

/** One statement of a policy. */
export type Statement = {
  /** Place in the document, from 0. */
  readonly index: number
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny'
  readonly actions: PatternList<ActionPattern>
  readonly resources: PatternList<Template>
  /** All of them must be met. */
  readonly conditions: readonly Condition[]
}

const ELEMENTS = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']

/** Source: IAM User Guide, reference_policies_grammar (`service:name` or `*`). */
const ACTION = /^(?:\*|[a-zA-Z0-9*?-]+:[a-zA-Z0-9_*?-]+)$/

/** Parses one statement; a problem begins with its place and Sid. */
export function parseStatement(json: JsonValue, index: number, syntax: Syntax): Parsed<Statement> {
  if (!isJsonObject(json)) return refuse(`Statement[${index}]: must be an object`)
  const sid = json.get('Sid')
  const place =
    typeof sid === 'string' ? `Statement[${index}] (Sid ${quote(sid)})` : `Statement[${index}]`
  const parsed = parseElements(json, index, syntax)
  return parsed.ok ? parsed : refuse(`${place}: ${parsed.problem}`)
}

function parseElements(json: JsonObject, index: number, syntax: Syntax): Parsed<Statement> {
  const unknown = [...json.keys()].find((name) => !ELEMENTS.includes(name))
  if (unknown !== undefined) return refuse(problemOfElement(unknown))
  const sid = json.get('Sid')
  if (sid !== undefined && typeof sid !== 'string') return refuse('Sid must be a string')
  const effect = json.get('Effect')
  if (effect !== 'Allow' && effect !== 'Deny') return refuse('Effect must be "Allow" or "Deny"')
  const actions = parsePatterns(json, 'Action', parseAction)
  if (!actions.ok) return actions
  const resources = parsePatterns(json, 'Resource', (text) => parseResource(text, syntax))
  if (!resources.ok) return resources
  const conditions = parseConditions(json.get('Condition'), syntax)
  if (!conditions.ok) return conditions
  return accept(
    Object.freeze({
      index,
      ...(sid === undefined ? {} : { sid }),
      effect,
      actions: actions.value,
      resources: resources.value,
      conditions: conditions.value,
    }),
  )
}

function problemOfElement(name: string): string {
  return name === 'Principal' || name === 'NotPrincipal'
    ? `${name} has no place in a policy that is attached to its principal`
    : `unknown element ${quote(name)}`
}

/** Parses `Action`/`NotAction` or `Resource`/`NotResource`: exactly one of the two. */
function parsePatterns<Pattern>(
  json: JsonObject,
  name: 'Action' | 'Resource',
  parse: (text: string) => Parsed<Pattern>,
): Parsed<PatternList<Pattern>> {
  const negated = json.has(`Not${name}`)
  if (json.has(name) === negated) return refuse(`needs either ${name} or Not${name}`)
  const element = negated ? `Not${name}` : name
  const value = json.get(element)
  const list = isJsonArray(value) ? value : [value]
  // AWS gives an empty list no effect; an empty Not-list would match everything. Neither can be meant.
  if (list.length === 0) return refuse(`${element} is empty`)
  const patterns = parseEach(list, (item) =>
    typeof item === 'string' ? parse(item) : refuse('must be a string or a list of strings'),
  )
  if (!patterns.ok) return refuse(`${element}: ${patterns.problem}`)
  return accept(Object.freeze({ negated, patterns: patterns.value }))
}

function parseAction(text: string): Parsed<ActionPattern> {
  if (!ACTION.test(text)) return refuse(`${quote(text)} is not "service:name" or "*"`)
  return accept(Object.freeze({ source: text, tokens: Object.freeze(tokensOf(foldCase(text))) }))
}

/** Segments of an ARN before its resource part. */
const LEADING_SEGMENTS = 5

function parseResource(text: string, syntax: Syntax): Parsed<Template> {
  if (text === '') return refuse('a resource is empty')
  const leading = text.split(':', LEADING_SEGMENTS)
  // The entry would match nothing, and a Deny be lost without a word.
  if (syntax.variables && leading.some((segment) => segment.includes('${'))) {
    return refuse(`${quote(text)} has a variable before the fifth colon`)
  }
  return compileTemplate(text, { ...syntax, wildcards: true, ignoreCase: false })
}
