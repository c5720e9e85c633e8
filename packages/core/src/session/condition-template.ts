import { parseOperator } from '../policy/conditions/operator.ts'
import { isJsonArray, type JsonValue } from '../policy/json.ts'
import { quote } from '../policy/parsed.ts'
import { asList, asObject } from './element.ts'
import { readFixedText, readPolicyText } from './policy-text.ts'
import { type Report, within } from './render-error.ts'
import { ARN, FIXED, PATTERN, type Place, STRING, type TextTemplate } from './text-template.ts'

/** A condition value: a text with its slots, or a number or boolean that is copied. */
export type ValueTemplate = TextTemplate | number | boolean

/** Values of one condition key, as the author wrote them. */
export type KeyTemplate = {
  readonly key: string
  readonly isList: boolean
  readonly values: readonly ValueTemplate[]
}

/** A Condition element: operators with their keys, in order. */
export type ConditionTemplate = readonly {
  readonly operator: string
  readonly keys: readonly KeyTemplate[]
}[]

/** Where the values of an operator stand, by its family; the first that fits counts, and no other takes a placeholder. */
const FAMILIES: readonly (readonly [operator: RegExp, place: Place])[] = [
  [/String(?:Not)?Like/, PATTERN],
  [/String/, STRING],
  [/Arn/, ARN],
]

/** Reads a Condition element; undefined when there is none. */
export function readCondition(
  condition: JsonValue | undefined,
  report: Report,
): ConditionTemplate | undefined {
  if (condition === undefined) return undefined
  return [...asObject(condition, report)].map(([operator, block]) => {
    readFixedText(operator, report)
    const inside = within(quote(operator), report)
    if (parseOperator(operator) === undefined) inside('invalidTemplate', 'is no operator')
    const keys = [...asObject(block, inside)].map(([key, value]) => {
      readFixedText(key, inside)
      return readKey(key, value, placeOf(operator), within(quote(key), inside))
    })
    return { operator, keys }
  })
}

function placeOf(operator: string): Place {
  return FAMILIES.find(([family]) => family.test(operator))?.[1] ?? FIXED
}

function readKey(key: string, value: JsonValue, place: Place, report: Report): KeyTemplate {
  const values = asList(value).map((item) => readValue(item, place, report))
  return { key, isList: isJsonArray(value), values }
}

function readValue(value: JsonValue | undefined, place: Place, report: Report): ValueTemplate {
  if (typeof value === 'boolean') return value
  // A larger number is not what its author wrote once it has been a double.
  if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
  if (typeof value !== 'string')
    report('invalidTemplate', 'must be a string, a boolean or a number within 2^53')
  return readPolicyText(String(value), place, report)
}
