import { type Piece, type PlaceholderPiece, readPieces } from './placeholder.ts'
import type { Report } from './render-error.ts'
import { findSessionVariable, type SessionVariable } from './session-variable.ts'

/** A placeholder in its place. */
export type Slot = {
  readonly variable: SessionVariable
  /** Stands in for a missing value; empty = none. */
  readonly defaultText: string
  /** Characters that a value must not hold in this place, beside those refused everywhere. */
  readonly forbidden: string
  /** Whether it is the whole of a condition value, the one place where a list can be expanded. */
  readonly takesList: boolean
}

/** One text of a template: what is copied, and the slots that are filled in. */
export type TextTemplate = readonly (string | Slot)[]

/**
 * What a place does to a placeholder: the characters that its value must not hold before and after the text's fifth
 * colon; absent = no placeholder there.
 */
export type Place = {
  readonly early?: string
  readonly late?: string
  /** Whether a placeholder that is the whole text may be a list; it is then judged as `late`. */
  readonly lists?: true
}

/** Segments of an ARN before its resource part. */
const LEADING_SEGMENTS = 5

/** A place in which no character means anything. */
const NOTHING = ''

/** Anything that is syntax or a name: Effect, Action, Sid, condition keys and operators, values of other operators. */
export const FIXED: Place = {}
/** Resource and NotResource: only in the resource part of the ARN, one path level each. */
export const RESOURCE: Place = { late: '/' }
/** Value of an exact String operator. */
export const STRING: Place = { early: NOTHING, late: NOTHING, lists: true }
/** Value of a Like operator: a value must not add a path level. */
export const PATTERN: Place = { early: '/', late: '/', lists: true }
/** Value of an Arn operator, matched segment by segment: a colon in an early segment would shift the later ones. */
export const ARN: Place = { early: '/:', late: '/', lists: true }
/** Value of a session tag, which is judged when it is whole. */
export const TAG: Place = { early: NOTHING, late: NOTHING }

/** Reads one text of a template in its place. What it returns counts only if nothing was reported. */
export function readTextTemplate(text: string, place: Place, report: Report): TextTemplate {
  const pieces = readPieces(text, report)
  return pieces.map((piece, index) => {
    if (typeof piece === 'string') return isSlot(pieces[index + 1]) ? closeDollar(piece) : piece
    if (!isSlot(piece)) return piece.foreign
    const takesList = place.lists === true && pieces.length === 1
    const forbidden = takesList ? place.late : forbiddenAfter(pieces.slice(0, index), place)
    return readSlot(piece, { forbidden, takesList }, report)
  })
}

function isSlot(piece: Piece | undefined): piece is PlaceholderPiece {
  return typeof piece === 'object' && 'name' in piece
}

/** What a value must not hold after these pieces. Colons inside a `${…}` are none between an ARN's segments. */
function forbiddenAfter(pieces: readonly Piece[], { early, late }: Place): string | undefined {
  const colons = pieces.flatMap((piece) =>
    typeof piece === 'string' ? [...piece.matchAll(/:/g)] : [],
  )
  return colons.length < LEADING_SEGMENTS ? early : late
}

/** Escapes a `$` that a value follows: `$` and the value `{aws:username}` would form a live variable of IAM. */
function closeDollar(text: string): string {
  return text.endsWith('$') ? `${text.slice(0, -1)}\${$}` : text
}

/** Reads one placeholder; where it stands is judged before what it names. */
function readSlot(
  { name, defaultText }: PlaceholderPiece,
  { forbidden, takesList }: { readonly forbidden: string | undefined; readonly takesList: boolean },
  report: Report,
): Slot | string {
  const variable = findSessionVariable(name)
  if (forbidden === undefined) report('placeholderNotAllowed', `\${${name}} may not stand here`)
  else if (variable === undefined) report('unknownVariable', `\${${name}} is no variable`)
  else if (variable.isList && !takesList)
    report('multiValuedVariable', `\${${name}} is a list and must be the whole condition value`)
  else return { variable, defaultText, forbidden, takesList }
  return name
}
