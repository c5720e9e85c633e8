import { accept, type Parsed, quote, refuse } from './parsed.ts'

/** A JSON object. A Map, so that `__proto__` and `toString` are keys like any other. */
export type JsonObject = ReadonlyMap<string, JsonValue>

/** A JSON value; arrays are frozen. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** Whether the value is an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map
}

/** Whether the value is an array. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Longest text that is parsed, in UTF-16 units. Source: AWS IoT API model (PolicyDocument, max 404600). */
export const MAX_JSON_CHARACTERS = 404_600

/** Deepest nesting of arrays and objects that is parsed; a policy needs 6. */
export const MAX_JSON_DEPTH = 32

/** Where reading stands, and the first problem met. */
type Reader = { readonly text: string; at: number; problem: string }

/**
 * Parses JSON text (RFC 8259), more strictly than `JSON.parse`: refuses a key that stands twice in one object, nesting over
 * `MAX_JSON_DEPTH`, text over `MAX_JSON_CHARACTERS`, numbers beyond a double and unpaired surrogates. Linear in the text.
 */
export function parseJson(text: string): Parsed<JsonValue> {
  if (text.length > MAX_JSON_CHARACTERS) {
    return refuse(`longer than ${MAX_JSON_CHARACTERS} characters`)
  }
  // Stryker disable next-line StringLiteral: whatever fails writes the problem before it is read
  const reader: Reader = { text, at: 0, problem: '' }
  const value = readValue(reader, 0)
  if (value === undefined) return refuse(reader.problem)
  skipSpace(reader)
  if (reader.at === text.length) return accept(value)
  fail(reader, 'text after the end of the JSON value')
  return refuse(reader.problem)
}

/** Reads one value; `undefined` = failed, and the reader has the problem. */
function readValue(reader: Reader, depth: number): JsonValue | undefined {
  skipSpace(reader)
  switch (reader.text[reader.at]) {
    case '{':
      return readObject(reader, depth + 1)
    case '[':
      return readArray(reader, depth + 1)
    case '"':
      return readString(reader)
    default:
      return readWord(reader)
  }
}

function readObject(reader: Reader, depth: number): JsonObject | undefined {
  if (depth > MAX_JSON_DEPTH) return failDepth(reader)
  reader.at += 1
  const members = new Map<string, JsonValue>()
  if (take(reader, '}')) return members
  do {
    if (!readMember(reader, depth, members)) return undefined
  } while (take(reader, ','))
  return take(reader, '}') ? members : fail(reader, 'expected "," or "}"')
}

function readMember(reader: Reader, depth: number, members: Map<string, JsonValue>): boolean {
  skipSpace(reader)
  const start = reader.at
  const key =
    reader.text[start] === '"' ? readString(reader) : fail(reader, 'expected a quoted key')
  if (key === undefined) return false
  if (members.has(key)) {
    reader.at = start
    fail(reader, `the key ${quote(key)} stands twice`)
    return false
  }
  const value = take(reader, ':') ? readValue(reader, depth) : fail(reader, 'expected ":"')
  if (value === undefined) return false
  members.set(key, value)
  return true
}

function readArray(reader: Reader, depth: number): readonly JsonValue[] | undefined {
  if (depth > MAX_JSON_DEPTH) return failDepth(reader)
  reader.at += 1
  const items: JsonValue[] = []
  if (take(reader, ']')) return Object.freeze(items)
  do {
    const item = readValue(reader, depth)
    if (item === undefined) return undefined
    items.push(item)
  } while (take(reader, ','))
  return take(reader, ']') ? Object.freeze(items) : fail(reader, 'expected "," or "]"')
}

/** Finds the closing quote; escapes and control characters are judged by `JSON.parse` on this one string. */
function readString(reader: Reader): string | undefined {
  const { text, at: start } = reader
  let end = start + 1
  while (text[end] !== undefined && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
  const value = parseScalar(text.slice(start, end + 1))
  if (typeof value !== 'string') return fail(reader, 'a string that is not closed or not valid')
  // An unpaired surrogate does not survive UTF-8: what is stored would not be what was judged.
  if (!value.isWellFormed()) return fail(reader, 'a string with half a surrogate pair')
  reader.at = end + 1
  return value
}

const WORD_CHARACTER = /[-+.0-9A-Za-z]/

/** Reads a number, `true`, `false` or `null`. */
function readWord(reader: Reader): JsonValue | undefined {
  const { text, at: start } = reader
  let end = start
  while (WORD_CHARACTER.test(text.charAt(end))) end += 1
  const value = parseScalar(text.slice(start, end))
  if (value === undefined) return fail(reader, 'expected a JSON value')
  if (typeof value === 'number' && !Number.isFinite(value))
    return fail(reader, 'a number too large')
  reader.at = end
  return value
}

/** `undefined` = not a JSON value. */
function parseScalar(token: string): string | number | boolean | null | undefined {
  let value: string | number | boolean | null | undefined
  try {
    value = JSON.parse(token)
  } catch {
    // The engine's own message repeats the text; where it stands is said by the caller.
  }
  return value
}

const SPACE = /[ \t\n\r]/

function skipSpace(reader: Reader): void {
  while (SPACE.test(reader.text.charAt(reader.at))) reader.at += 1
}

/** Steps over the character, and white space before it, when it is next. */
function take(reader: Reader, character: string): boolean {
  skipSpace(reader)
  if (reader.text[reader.at] !== character) return false
  reader.at += 1
  return true
}

function failDepth(reader: Reader): undefined {
  return fail(reader, `nested more than ${MAX_JSON_DEPTH} deep`)
}

function fail(reader: Reader, what: string): undefined {
  const before = reader.text.slice(0, reader.at)
  const line = before.split('\n').length
  const column = before.length - before.lastIndexOf('\n')
  reader.problem = `line ${line}, column ${column}: ${what}`
}
