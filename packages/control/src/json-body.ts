/** Values in one body, those in lists and objects included: the widest input of an operation has some hundreds. */
const MOST_VALUES = 10_000
/** Lists and objects in one another. The deepest input of an operation has five. */
const DEEPEST = 32

/** A body that was parsed, or why not in words for the caller. */
export type JsonBody =
  | { readonly ok: true; readonly json: unknown }
  | { readonly ok: false; readonly message: string }

/**
 * Parses a body. Values and depth are counted in the text first: a body of some megabytes may hold millions of values, and what they take in memory as
 * objects ends the process, not the request. Its length is bounded by what Lambda takes in one event.
 */
export function parseJsonBody(text: string): JsonBody {
  if (!isModest(text)) {
    const bounds = `at most ${MOST_VALUES} values, nested at most ${DEEPEST} deep`
    return { ok: false, message: `The request body may have ${bounds}` }
  }
  try {
    return { ok: true, json: JSON.parse(text) }
  } catch {
    return { ok: false, message: 'The request body is not a JSON object' }
  }
}

/** What counts outside of texts; within them only their end does. */
const STRUCTURE = /["[{\]},]/g
const END_OF_TEXT = /["\\]/g

/** What a sign adds to the values and to the depth. */
const SIGNS: ReadonlyMap<string | undefined, readonly [values: number, depth: number]> = new Map([
  [',', [1, 0]],
  ['[', [1, 1]],
  ['{', [1, 1]],
  [']', [0, -1]],
  ['}', [0, -1]],
])

/** Whether a text has few values and little depth, should it be JSON. One pass, and no memory that grows with the text. */
function isModest(text: string): boolean {
  let values = 1
  let depth = 0
  let at = nextOf(STRUCTURE, text, 0)
  while (at >= 0) {
    const [moreValues, moreDepth] = SIGNS.get(text[at]) ?? [0, 0]
    values += moreValues
    depth += moreDepth
    const isWithin = values <= MOST_VALUES && depth <= DEEPEST
    if (!isWithin) return false
    const behind = text[at] === '"' ? endOfText(text, at + 1) + 1 : at + 1
    at = nextOf(STRUCTURE, text, behind)
  }
  return true
}

/** Where the text ends that begins at `from`: at its closing quote, or with all of it. */
function endOfText(text: string, from: number): number {
  let at = nextOf(END_OF_TEXT, text, from)
  while (at >= 0 && text[at] === '\\') at = nextOf(END_OF_TEXT, text, at + 2)
  return at < 0 ? text.length : at
}

function nextOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  const found = pattern.test(text)
  return found ? pattern.lastIndex - 1 : -1
}
