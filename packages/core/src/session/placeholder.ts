import type { Report } from './render-error.ts'

/** A placeholder of ours. `defaultText` is empty when there is none. */
export type PlaceholderPiece = {
  readonly name: string
  readonly defaultText: string
}

/** A part of a template's text: copied as it stands, a `${…}` left to IAM as it stands, or filled in by us. */
export type Piece = string | { readonly foreign: string } | PlaceholderPiece

/** Splits off each `${…}`. It stops at the next brace, so the scan is linear; what it leaves open is judged below. */
const BRACED = /(\$\{[^{}]*\})/
/** Prefixes that are ours; any other `${…}` belongs to IAM. White space counts as ours, to be refused below. */
const OURS = /^\s*(?:(?:credentials-iot|iot|thingpass):|$|,)/i
/** `name` or `name, 'default'`; brackets hold the name of a thing attribute, which may contain a comma. */
const PLACEHOLDER = /^([^\s,'[\]]+(?:\[[^\]]*\])?)(?:, *'([^']*)')?$/

/**
 * Finds the placeholders of one text, in one pass. A default that is empty reads like no default. Whatever looks like a
 * placeholder of ours and is not one is reported, never copied. The pieces count only if nothing was reported.
 */
export function readPieces(text: string, report: Report): readonly Piece[] {
  return text
    .split(BRACED)
    .filter((part) => part !== '')
    .map((part, index, parts) => {
      if (BRACED.test(part)) return readBraced(part, report)
      judgeLiteral(part, index + 1 < parts.length, report)
      return part
    })
}

/** Reads a closed `${…}`: ours, or IAM's. */
function readBraced(part: string, report: Report): Piece {
  const content = part.slice(2, -1)
  if (!OURS.test(content)) return { foreign: part }
  const found = PLACEHOLDER.exec(content)
  const name = found?.[1]
  if (name === undefined) report('invalidTemplate', 'a placeholder is empty or malformed')
  return { name: name ?? part, defaultText: found?.[2] ?? '' }
}

/** Judges the text between. An open `${` may stay, as IAM's literal text, only where no `${…}` follows that it would enclose. */
function judgeLiteral(part: string, isFollowed: boolean, report: Report): void {
  const [, ...opened] = part.split('${')
  if (isFollowed && opened.length > 0)
    report('invalidTemplate', 'a placeholder stands inside another ${')
  if (opened.some((rest) => OURS.test(rest)))
    report('invalidTemplate', 'a placeholder is not closed')
}
