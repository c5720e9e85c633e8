import { isCertificateDerived, isSubstitutable } from './certificate-values.ts'
import { foldCase } from './fold-case.ts'
import { accept, type Parsed, quote, refuse } from './parsed.ts'
import { codePointsOf, STAR, type Token, tokensOf } from './pattern.ts'
import type { RequestContext } from './request-context.ts'
import { type Inquiry, isOutOfSteps, STEPS, takeSteps } from './step-meter.ts'

/** Whose rules a document follows. `iot` adds AWS IoT's rules for certificate values. */
export type Dialect = 'iot' | 'iam'

/** What the document's dialect and Version make of `${…}`. */
export type Syntax = {
  readonly dialect: Dialect
  /** Whether variables and escapes work at all: Version 2012-10-17. */
  readonly variables: boolean
}

/** How the text of one pattern is read. */
export type Reading = Syntax & {
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean
  readonly ignoreCase: boolean
}

/** `${name}` or `${name, 'fallback'}`. */
type Variable = {
  readonly name: string
  readonly fallback: string | undefined
  /** Whether AWS IoT's rules for certificate values apply to it. */
  readonly fromCertificate: boolean
}

/** A compiled pattern: fixed tokens and variables, in order. */
export type Template = {
  /** The text as its author wrote it. */
  readonly source: string
  /** Names of its variables. */
  readonly variables: readonly string[]
  readonly parts: readonly (readonly Token[] | Variable)[]
  readonly ignoreCase: boolean
}

/** Compiles a pattern. Refuses what looks like a variable and cannot be one; an unclosed `${` at the end is plain text. */
export function compileTemplate(source: string, reading: Reading): Parsed<Template> {
  const parts = partsOf(source, reading)
  if (parts === undefined) return refuse(`${quote(source)} has a malformed variable`)
  const variables = parts.flatMap((part) => (isVariable(part) ? [part.name] : []))
  return accept(
    Object.freeze({
      source,
      variables: Object.freeze(variables),
      parts: Object.freeze(parts.map((part) => Object.freeze(part))),
      ignoreCase: reading.ignoreCase,
    }),
  )
}

/** What a pattern stands for in one request. */
export type ResolvedPattern = {
  readonly tokens: readonly Token[]
  /** Whether one of its variables is ambiguous; `STAR` is in its place, so the pattern matches all that it could stand for. */
  readonly ambiguous: boolean
}

/**
 * The pattern as it stands for one request; `undefined` = a variable is unset. Values are put in as code points, so that no
 * `*`, `?` or `${…}` inside a value can mean anything.
 */
export function resolveTemplate(
  { parts, ignoreCase }: Template,
  inquiry: Inquiry,
): ResolvedPattern | undefined {
  const tokens: Token[] = []
  let ambiguous = false
  for (const part of parts) {
    const run = isVariable(part) ? runOf(part, ignoreCase, inquiry) : part
    if (run === undefined) return undefined
    takeSteps(inquiry.meter, run.length)
    ambiguous ||= run === ANYTHING
    // Of a frozen list, V8 copies the whole much faster than it reads one entry.
    for (const token of [...run]) tokens.push(token)
  }
  return { tokens, ambiguous }
}

/** Stands for the value of an ambiguous variable. */
const ANYTHING: readonly Token[] = Object.freeze([STAR])

function runOf(
  variable: Variable,
  ignoreCase: boolean,
  { context, meter }: Inquiry,
): readonly Token[] | undefined {
  takeSteps(meter, STEPS.variable)
  if (context.isAmbiguous(variable.name)) return ANYTHING
  const value = lookUp(variable, context)
  if (value === undefined) return undefined
  takeSteps(meter, 0, value)
  return codePointsOf(ignoreCase ? foldCase(value) : value)
}

/** Names of the variables that are unset or ambiguous in this request, each once: why a pattern can match nothing. */
export function unsetVariables(
  templates: readonly Template[],
  { context, meter }: Inquiry,
): readonly string[] {
  for (const { variables } of templates) takeSteps(meter, STEPS.variable * variables.length)
  if (isOutOfSteps(meter)) return NONE
  const names = templates.flatMap(({ parts }) =>
    parts
      .filter(isVariable)
      .filter((part) => context.isAmbiguous(part.name) || lookUp(part, context) === undefined)
      .map((part) => part.name),
  )
  return Object.freeze([...new Set(names)])
}

const NONE: readonly string[] = Object.freeze([])

type Part = Template['parts'][number]

function isVariable(part: Part): part is Variable {
  return 'name' in part
}

/** Value of a variable, else its fallback. What is there and may not be used gets no fallback: it is not missing. */
function lookUp(variable: Variable, context: RequestContext): string | undefined {
  const value = context.get(variable.name)
  // An empty value counts as missing: `b/${x}/*` must not become `b//*`.
  if (value === undefined || value === '') return variable.fallback
  if (typeof value !== 'string') return undefined
  return !variable.fromCertificate || isSubstitutable(value) ? value : undefined
}

function partsOf(source: string, reading: Reading): readonly Part[] | undefined {
  if (!reading.variables) return [textTokens(source, reading)]
  const [head, ...pieces] = source.split('${') as [string, ...string[]]
  const parts: Part[] = [textTokens(head, reading)]
  for (const [index, piece] of pieces.entries()) {
    const close = piece.indexOf('}')
    if (close < 0) {
      return index === pieces.length - 1
        ? [...parts, textTokens(`\${${piece}`, reading)]
        : undefined
    }
    const part = placeholderOf(piece.slice(0, close), reading)
    if (part === undefined) return undefined
    parts.push(part, textTokens(piece.slice(close + 1), reading))
  }
  return parts
}

/** Tokens of a piece of text between placeholders. */
function textTokens(text: string, { wildcards, ignoreCase }: Reading): readonly Token[] {
  const folded = ignoreCase ? foldCase(text) : text
  return wildcards ? tokensOf(folded) : codePointsOf(folded)
}

const ESCAPED = ['*', '?', '$']
const WITH_FALLBACK = /^([^']*),\s*'([^']*)'$/

/** What stands between `${` and `}`: an escaped character or a variable; `undefined` = neither. */
function placeholderOf(body: string, { dialect }: Reading): Part | undefined {
  if (ESCAPED.includes(body)) return codePointsOf(body)
  // Stryker disable next-line ArrayDeclaration: the place before the first comma is not read
  const [, head, fallback] = WITH_FALLBACK.exec(body) ?? []
  const name = head === undefined ? body : head.trimEnd()
  const named = name !== '' && name === name.trim() && !/['{$]/.test(name)
  if (!named) return undefined
  return { name, fallback, fromCertificate: dialect === 'iot' && isCertificateDerived(name) }
}
