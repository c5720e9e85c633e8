import { createStepMeter, type StepMeter } from './step-meter.ts'

/** A piece of a pattern: a code point that stands for itself, `ONE` or `STAR`. */
export type Token = number

/** Any run of characters, the empty one included. */
export const STAR: Token = -1

/** Exactly one character. */
export const ONE: Token = -2

/** Code points of a text, so that `?` takes a whole character and never half a surrogate pair. */
export function codePointsOf(text: string): readonly number[] {
  const points: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const point = text.codePointAt(at) as number
    points.push(point)
    if (point > LAST_OF_ONE_UNIT) at += 1
  }
  return points
}

/** The last code point that is one UTF-16 unit; further ones are two. */
const LAST_OF_ONE_UNIT = 0xffff

/** No star met so far. */
const NO_STAR = -1

const WILDCARDS: ReadonlyMap<number, Token> = new Map([
  ['*'.charCodeAt(0), STAR],
  ['?'.charCodeAt(0), ONE],
])

/** Tokens of a pattern's text: `*` and `?` are wildcards, everything else stands for itself. */
export function tokensOf(text: string): readonly Token[] {
  return codePointsOf(text).map((point) => WILDCARDS.get(point) ?? point)
}

/**
 * Whether the pattern matches the whole text. Two pointers that go back to the last star only: at worst the product of the
 * lengths, whatever text a caller sends. Never a regular expression. Gives up where the meter is used up.
 */
export function matchesTokens(
  pattern: readonly Token[],
  text: readonly number[],
  meter: StepMeter = createStepMeter(Number.POSITIVE_INFINITY),
): boolean {
  const most = meter.left
  let steps = 0 // counted here and written once: this loop is where hostile policies spend their time
  let next = 0
  let at = 0
  let star = NO_STAR
  let resumeAt = 0
  while (at < text.length && steps <= most) {
    steps += 1
    const token = pattern[next]
    if (fits(token, text[at])) {
      next += 1
      at += 1
    } else if (token === STAR) {
      star = next
      resumeAt = at
      next += 1
    } else if (star !== NO_STAR) {
      resumeAt += 1
      at = resumeAt
      next = star + 1
    } else break
  }
  meter.left = most - steps
  return at === text.length && isOnlyStars(pattern, next)
}

function isOnlyStars(pattern: readonly Token[], from: number): boolean {
  let next = from
  while (pattern[next] === STAR) next += 1
  return next === pattern.length
}

function fits(token: Token | undefined, character: number | undefined): boolean {
  return token === character || token === ONE
}
