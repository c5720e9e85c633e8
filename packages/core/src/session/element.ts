import type { JsonObject, JsonValue } from '../policy/json.ts'
import { quote } from '../policy/parsed.ts'
import type { Report } from './text-template.ts'

/** Whether a JSON value is an object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map
}

/** Whether a JSON value is a list. */
export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** The items of a list, or the one value that stands for a list of one. */
export function asList(value: JsonValue): readonly JsonValue[] {
  return isList(value) ? value : [value]
}

/** Reports the first key that is none of the known ones: what is not understood might narrow or widen the policy. */
export function refuseOthers(object: JsonObject, known: readonly string[], report: Report): void {
  const other = [...object.keys()].find((key) => !known.includes(key))
  if (other !== undefined) report('invalidTemplate', `${quote(other)} is no element`)
}

/** The one of two elements that is there; reports when it is neither or both. */
export function readEither<Element extends string>(
  object: JsonObject,
  elements: readonly [Element, Element],
  report: Report,
): { readonly element: Element; readonly value: JsonValue } | undefined {
  const [found, ...others] = elements.flatMap((element) => {
    const value = object.get(element)
    return value === undefined ? [] : [{ element, value }]
  })
  if (found !== undefined && others.length === 0) return found
  report('invalidTemplate', `needs exactly one of ${elements.join(' and ')}`)
  return undefined
}
