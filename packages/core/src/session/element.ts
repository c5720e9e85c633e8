import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../policy/json.ts'
import { quote } from '../policy/parsed.ts'
import type { Report } from './render-error.ts'

/** The object that must stand here. Of anything else, which is reported, it has no member. */
export function asObject(value: JsonValue | undefined, report: Report): JsonObject {
  if (isJsonObject(value)) return value
  report('invalidTemplate', 'must be an object')
  return new Map()
}

/** The items of a list, or the one value that stands for a list of one. */
export function asList(value: JsonValue | undefined): readonly (JsonValue | undefined)[] {
  return isJsonArray(value) ? value : [value]
}

/** Reports the first key that is none of the known ones: what is not understood might narrow or widen the policy. */
export function refuseOthers(object: JsonObject, known: readonly string[], report: Report): void {
  const other = [...object.keys()].find((key) => !known.includes(key))
  if (other !== undefined) report('invalidTemplate', `${quote(other)} is no element`)
}

/** An element or its `Not…` form: whichever is there. Reports when it is neither or both. */
export function readEither<Name extends 'Action' | 'Resource'>(
  object: JsonObject,
  name: Name,
  report: Report,
): { readonly element: Name | `Not${Name}`; readonly value: JsonValue | undefined } {
  const negated: `Not${Name}` = `Not${name}`
  const isNegated = object.has(negated)
  if (object.has(name) === isNegated)
    report('invalidTemplate', `needs either ${name} or ${negated}`)
  const element = isNegated ? negated : name
  return { element, value: object.get(element) }
}
