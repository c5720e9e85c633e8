import type { JsonValue } from '../policy/json.ts'
import { quote } from '../policy/parsed.ts'
import { asList, isList, isObject } from './element.ts'
import { readFixedText, readPolicyText } from './policy-text.ts'
import {
  ARN,
  FIXED,
  PATTERN,
  type Place,
  type Report,
  STRING,
  type TextTemplate,
  within,
} from './text-template.ts'

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

/** Where the values of an operator stand. Source: IAM User Guide, reference_policies_elements_condition_operators. */
const OPERATORS: readonly (readonly [operator: RegExp, place: Place])[] = [
  [/^String(?:Not)?Equals(?:IgnoreCase)?$/, STRING],
  [/^String(?:Not)?Like$/, PATTERN],
  [/^Arn(?:Not)?(?:Equals|Like)$/, ARN],
  [/^(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)$/, FIXED],
  [/^(?:Bool|BinaryEquals|(?:Not)?IpAddress)$/, FIXED],
]
/** What may stand around any of them. `Null` takes neither. */
const AROUND = /^(?:ForAllValues:|ForAnyValue:)|IfExists$/g

/** Reads a Condition element; undefined when there is none. */
export function readCondition(
  condition: JsonValue | undefined,
  report: Report,
): ConditionTemplate | undefined {
  if (condition === undefined) return undefined
  return readMembers(condition, report).map(([operator, block]) => {
    readFixedText(operator, report)
    const inside = within(quote(operator), report)
    const place = placeOf(operator)
    if (place === undefined) inside('invalidTemplate', 'is no operator')
    const keys = readMembers(block, inside).map(([key, value]) => {
      readFixedText(key, inside)
      return readKey(key, value, place ?? FIXED, within(quote(key), inside))
    })
    return { operator, keys }
  })
}

function placeOf(operator: string): Place | undefined {
  if (operator === 'Null') return FIXED
  const base = operator.replace(AROUND, '')
  return OPERATORS.find(([pattern]) => pattern.test(base))?.[1]
}

/** The members of an object; none of anything else, which is reported. */
function readMembers(
  value: JsonValue,
  report: Report,
): readonly (readonly [name: string, value: JsonValue])[] {
  if (isObject(value)) return [...value]
  report('invalidTemplate', 'is not a JSON object')
  return []
}

function readKey(key: string, value: JsonValue, place: Place, report: Report): KeyTemplate {
  const values = asList(value).map((item) => readValue(item, place, report))
  return { key, isList: isList(value), values }
}

function readValue(value: JsonValue, place: Place, report: Report): ValueTemplate {
  if (typeof value === 'string') return readPolicyText(value, place, report)
  if (typeof value === 'boolean') return value
  // A larger number is not what its author wrote once it has been a double.
  if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value
  report('invalidTemplate', 'must be a string, a boolean or a number within 2^53')
  return false
}
