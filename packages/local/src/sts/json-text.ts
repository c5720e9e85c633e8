import { isJsonArray, isJsonObject, type JsonValue } from '@thingpass/core/policy/json'

/** Writes a parsed JSON value as text again. */
export function jsonText(value: JsonValue): string {
  if (isJsonObject(value)) {
    const members = [...value].map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`)
    return `{${members.join(',')}}`
  }
  return isJsonArray(value) ? `[${value.map(jsonText).join(',')}]` : JSON.stringify(value)
}
