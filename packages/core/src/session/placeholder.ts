import type { RenderError } from './render-error.ts'

/** A placeholder of ours. `defaultText` is empty when there is none. */
export type PlaceholderPiece = {
  readonly kind: 'placeholder'
  readonly name: string
  readonly defaultText: string
}

/** A part of a template's text: copied as it stands, left to IAM as it stands, or filled in by us. */
export type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'foreign'; readonly text: string }
  | PlaceholderPiece

/** The pieces of one text, in order and without a gap, or what is wrong with it. */
export type PieceReading =
  | { readonly ok: true; readonly pieces: readonly Piece[] }
  | ({ readonly ok: false } & RenderError)

/** Splits off each `${…}`. It stops at the next brace, so the scan is linear; what it leaves open is judged below. */
const BRACED = /(\$\{[^{}]*\})/
/** Prefixes that are ours; any other `${…}` belongs to IAM. White space counts as ours, to be refused below. */
const OURS = /^\s*(?:(?:credentials-iot|iot|thingpass):|$|,)/i
/** `name` or `name, 'default'`; brackets hold the name of a thing attribute, which may contain a comma. */
const PLACEHOLDER = /^([^\s,'[\]]+(?:\[[^\]]*\])?)(?:, *'([^']*)')?$/

/**
 * Finds the placeholders of one text, in one pass. A default that is empty reads like no default.
 * Whatever looks like a placeholder of ours and is not one is an error, never copied text.
 */
export function readPieces(text: string): PieceReading {
  const parts = text.split(BRACED).filter((part) => part !== '')
  const pieces: Piece[] = []
  for (const [index, part] of parts.entries()) {
    const piece = BRACED.test(part) ? readBraced(part) : readLiteral(part, index + 1 < parts.length)
    if (typeof piece === 'string') return { ok: false, kind: 'invalidTemplate', problem: piece }
    pieces.push(piece)
  }
  return { ok: true, pieces }
}

/** Reads a closed `${…}`: ours, or IAM's. */
function readBraced(part: string): Piece | string {
  const content = part.slice(2, -1)
  if (!OURS.test(content)) return { kind: 'foreign', text: part }
  const [, name, defaultText = ''] = PLACEHOLDER.exec(content) ?? []
  return name === undefined
    ? 'a placeholder is empty or malformed'
    : { kind: 'placeholder', name, defaultText }
}

/** Reads the text between. An open `${` may stay as IAM's literal text only where no `${…}` follows that it would enclose. */
function readLiteral(part: string, followed: boolean): Piece | string {
  const [, ...opened] = part.split('${')
  if (followed && opened.length > 0) return 'a placeholder stands inside another ${'
  return opened.some((rest) => OURS.test(rest))
    ? 'a placeholder is not closed'
    : { kind: 'literal', text: part }
}
