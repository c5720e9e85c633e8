import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@thingpass/core/policy/json'
import {
  type ContextValue,
  createRequestContext,
  type RequestContext,
} from '@thingpass/core/policy/request-context'

/** A row that is not written as the format asks; `message` says what is missing where. */
export function malformed(problem: string): Error {
  return new Error(problem)
}

/** An object member of a row. @throws {Error} when it is not there or no object */
export function objectAt(row: JsonObject, name: string): JsonObject {
  const value = row.get(name)
  if (isJsonObject(value)) return value
  throw malformed(`${name} must be an object`)
}

/** A text member of a row. @throws {Error} when it is not there or no text */
export function textAt(row: JsonObject, name: string): string {
  const value = row.get(name)
  if (typeof value === 'string') return value
  throw malformed(`${name} must be a text`)
}

/** The elements of a list member, none where it is absent. @throws {Error} when it is no list of objects */
export function objectsAt(row: JsonObject, name: string): readonly JsonObject[] {
  const value = row.get(name)
  if (value === undefined) return []
  if (isJsonArray(value) && value.every(isJsonObject)) return value
  throw malformed(`${name} must be a list of objects`)
}

/** A text, or the texts of a list; null is no text at all. @throws {Error} for anything else */
export function textsOf(value: JsonValue, name: string): readonly string[] {
  const values = isJsonArray(value) ? value : value === null ? [] : [value]
  return values.map((each) => {
    if (typeof each === 'string') return each
    throw malformed(`${name} must be a text or a list of texts`)
  })
}

/** The context of a request: condition key → text or list of texts. */
export function contextAt(row: JsonObject, name: string): RequestContext {
  const entries = [...objectAt(row, name)].map(([key, value]): readonly [string, ContextValue] => [
    key,
    typeof value === 'string' ? value : textsOf(value, key),
  ])
  return createRequestContext(entries)
}

/** JSON text of a parsed value, keys in their order, `__proto__` among them. */
export function jsonText(value: JsonValue): string {
  if (isJsonObject(value)) {
    const members = [...value].map(([key, held]) => `${JSON.stringify(key)}:${jsonText(held)}`)
    return `{${members.join(',')}}`
  }
  return isJsonArray(value) ? `[${value.map(jsonText).join(',')}]` : JSON.stringify(value)
}
