import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  isJsonArray,
  isJsonObject,
  type JsonValue,
  MAX_JSON_CHARACTERS,
  MAX_JSON_DEPTH,
  parseJson,
} from './json.ts'

/** What `JSON.parse` would have made of it. */
function plain(value: JsonValue): unknown {
  if (isJsonArray(value)) return value.map(plain)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Array.from(value, ([key, member]) => [key, plain(member)]))
}

const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + close.repeat(depth)

test('reads every JSON value as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 1, 2, '\t'), (value, space) => {
      const text = JSON.stringify(value, null, space)
      const parsed = parseJson(text)
      expect(parsed.ok && plain(parsed.value)).toEqual(JSON.parse(text))
    }),
    { numRuns: 1000 },
  )
})

test('refuses whatever JSON.parse refuses', () => {
  const pieces = ['{', '}', '[', ']', '"', 'a', ':', ',', '1', '-', '.', 'e', '\\', '\n', 'true']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
      const text = parts.join('')
      let expected: unknown
      try {
        expected = JSON.parse(text)
      } catch {
        expected = undefined
      }
      const parsed = parseJson(text)
      expect(parsed.ok ? plain(parsed.value) : undefined).toEqual(expected)
    }),
    { numRuns: 20_000 },
  )
})

test.each([
  ['', 'line 1, column 1: expected a JSON value'],
  [' \r\n\t', 'line 2, column 2: expected a JSON value'],
  ['{} x', 'line 1, column 4: text after the end of the JSON value'],
  ['{\n "a": 1,\n}', 'line 3, column 1: expected a quoted key'],
  ['{"a" 1}', 'line 1, column 6: expected ":"'],
  ['{"a":1 "b":2}', 'line 1, column 8: expected "," or "}"'],
  ['{"a":[1 2]}', 'line 1, column 9: expected "," or "]"'],
  ['[1,]', 'line 1, column 4: expected a JSON value'],
  ['{a:1}', 'line 1, column 2: expected a quoted key'],
  ['{"a":nil}', 'line 1, column 6: expected a JSON value'],
  ['[01]', 'line 1, column 2: expected a JSON value'],
  ['["a]', 'line 1, column 2: a string that is not closed or not valid'],
  ['["a\\"]', 'line 1, column 2: a string that is not closed or not valid'],
  ['["a\nb"]', 'line 1, column 2: a string that is not closed or not valid'],
  ['["\\x"]', 'line 1, column 2: a string that is not closed or not valid'],
  ['["\\ud800"]', 'line 1, column 2: a string with half a surrogate pair'],
  ['[1e999]', 'line 1, column 2: a number too large'],
  ['{"\\ud800":1}', 'line 1, column 2: a string with half a surrogate pair'],
])('refuses %j and says where', (text, problem) => {
  expect(parseJson(text)).toEqual({ ok: false, problem })
})

test.each([
  ['{"a":1,"a":2}', '"a"', 8],
  ['{"A":1,"\\u0041":2}', '"A"', 8],
  ['{"__proto__":1,"__proto__":1}', '"__proto__"', 16],
  ['{"":1, "":2}', '""', 8],
])('refuses the duplicate key in %s', (text, key, column) => {
  const problem = `line 1, column ${column}: the key ${key} stands twice`
  expect(parseJson(text)).toEqual({ ok: false, problem })
})

test('cuts a long key short in its problem', () => {
  const key = 'k'.repeat(65)
  const problem = `line 1, column 72: the key "${'k'.repeat(64)}…" stands twice`
  expect(parseJson(`{"${key}":1,"${key}":2}`)).toEqual({ ok: false, problem })
})

test('leaves a key of 64 characters whole in its problem', () => {
  const key = 'k'.repeat(64)
  const problem = `line 1, column 71: the key "${key}" stands twice`
  expect(parseJson(`{"${key}":1,"${key}":2}`)).toEqual({ ok: false, problem })
})

test('takes the same key in different objects', () => {
  expect(parseJson('{"a":{"a":[{"a":1},{"a":2}]}}').ok).toBe(true)
})

test('T19: keeps keys of the object prototype as ordinary keys', () => {
  const parsed = parseJson('{"__proto__":{"a":1},"toString":2}')
  expect(parsed.ok && plain(parsed.value)).toEqual(JSON.parse('{"__proto__":{"a":1},"toString":2}'))
  const empty = parseJson('{}')
  expect(empty.ok && isJsonObject(empty.value) && empty.value.get('toString')).toBe(undefined)
})

test.each([
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
])('T37: bounds the nesting of %s', (_, open, close) => {
  const inner = MAX_JSON_DEPTH - 1
  expect(parseJson(`${open.repeat(inner)}[]${close.repeat(inner)}`).ok).toBe(true)
  expect(parseJson(`${open.repeat(inner)}{}${close.repeat(inner)}`).ok).toBe(true)
  const column = open.length * MAX_JSON_DEPTH + 1
  for (const innermost of ['[]', '{}']) {
    const deep = open.repeat(MAX_JSON_DEPTH) + innermost + close.repeat(MAX_JSON_DEPTH)
    const problem = `line 1, column ${column}: nested more than ${MAX_JSON_DEPTH} deep`
    expect(parseJson(deep)).toEqual({ ok: false, problem })
  }
})

test('does not count what stands side by side as nesting', () => {
  expect(parseJson(`[${'[],{},'.repeat(100)}0]`).ok).toBe(true)
})

test('T37: bounds the length of the text', () => {
  const text = `"${'a'.repeat(MAX_JSON_CHARACTERS - 2)}"`
  expect(parseJson(text).ok).toBe(true)
  const problem = `longer than ${MAX_JSON_CHARACTERS} characters`
  expect(parseJson(`${text} `)).toEqual({ ok: false, problem })
})

test('freezes arrays, empty ones too', () => {
  for (const text of ['[]', '[1]']) {
    const parsed = parseJson(text)
    expect(parsed.ok && Object.isFrozen(parsed.value)).toBe(true)
  }
})

test.each([
  ['unclosed strings', '"\\'.repeat(MAX_JSON_CHARACTERS / 2)],
  ['white space', ' '.repeat(MAX_JSON_CHARACTERS)],
  ['open arrays', nested(MAX_JSON_CHARACTERS / 2, '[', ']')],
  ['escapes', `"${'\\u0041'.repeat(67_000)}`],
  ['a long word', '1'.repeat(MAX_JSON_CHARACTERS)],
])('T37: answers within time on the longest text of %s', (_, text) => {
  const start = performance.now()
  parseJson(text)
  expect(performance.now() - start).toBeLessThan(1000)
})
