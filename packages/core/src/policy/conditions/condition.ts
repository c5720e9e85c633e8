import { isCertificateDerived, isComparable } from '../certificate-values.ts'
import { isJsonArray, isJsonObject, type JsonValue } from '../json.ts'
import type { Outcome } from '../outcome.ts'
import { accept, type Parsed, parseEach, quote, refuse } from '../parsed.ts'
import { type Inquiry, isOutOfSteps, STEPS, type StepMeter, takeSteps } from '../step-meter.ts'
import type { Syntax, Template } from '../template.ts'
import { type Operator, parseOperator } from './operator.ts'
import type { ValueTest } from './value-test.ts'

/** One condition key under one operator. */
export type Condition = {
  /** The operator as written, such as `ForAnyValue:StringLike`. */
  readonly operator: string
  /** The condition key as written. */
  readonly key: string
  /** Whether the key's value comes out of a certificate. */
  readonly fromCertificate: boolean
  /** The values as written; numbers and booleans as their JSON text. May be empty. */
  readonly values: readonly string[]
  /** Those of the values in which variables may stand, compiled. */
  readonly templates: readonly Template[]
  readonly parsedOperator: Operator
  readonly tests: readonly ValueTest[]
}

/** Parses a `Condition` element: operator → key → one value or a list. */
export function parseConditions(
  block: JsonValue | undefined,
  syntax: Syntax,
): Parsed<readonly Condition[]> {
  if (block === undefined) return accept(Object.freeze([]))
  if (!isJsonObject(block)) return refuse('Condition must be an object')
  const parsed = parseEach([...block], ([operator, keys]) => parseBlock(operator, keys, syntax))
  return parsed.ok ? accept(Object.freeze(parsed.value.flat())) : parsed
}

/** How the condition stands for one request. */
export function evaluateCondition(condition: Condition, inquiry: Inquiry): Outcome {
  const { parsedOperator: operator, key } = condition
  const { context, meter } = inquiry
  takeSteps(meter, STEPS.condition)
  if (context.isAmbiguous(key)) return 'key-ambiguous'
  const value = context.get(key)
  if (operator.existence) return compareWithAll(condition, String(value === undefined), inquiry)
  if (value === undefined) return isMetWithoutKey(operator) ? 'met' : 'unmet'
  const values = typeof value === 'string' ? [value] : value
  if (operator.quantifier === undefined && values.length > 1) return 'several-values'
  const decisive = operator.quantifier === 'ForAllValues' ? 'unmet' : 'met'
  return combine(values, { decisive, meter }, (text) => compareValue(condition, text, inquiry))
}

/** `decisive` if one item gives it, whatever the others are; else what cannot be decided, if anything; else the contrary. */
function combine<Item>(
  items: readonly Item[],
  { decisive, meter }: { readonly decisive: 'met' | 'unmet'; readonly meter: StepMeter },
  judge: (item: Item) => Outcome,
): Outcome {
  const contrary = negate(decisive)
  let outcome = contrary
  for (const item of items) {
    const judged = judge(item)
    if (judged === decisive || isOutOfSteps(meter)) return judged
    if (judged !== contrary) outcome = judged
  }
  return outcome
}

function negate(outcome: Outcome): Outcome {
  if (outcome === 'met') return 'unmet'
  return outcome === 'unmet' ? 'met' : outcome
}

/** Compares one value of the request. One that came with a certificate is as long as its maker wanted it to be. */
function compareValue(condition: Condition, text: string, inquiry: Inquiry): Outcome {
  const tooLong = condition.fromCertificate && !isComparable(text)
  return tooLong ? 'value-too-long' : compareWithAll(condition, text, inquiry)
}

function compareWithAll(
  { parsedOperator, tests }: Condition,
  text: string,
  inquiry: Inquiry,
): Outcome {
  const outcome = combine(tests, { decisive: 'met', meter: inquiry.meter }, (test) =>
    test.compare(text, inquiry),
  )
  return parsedOperator.negated ? negate(outcome) : outcome
}

/** Source: IAM User Guide, reference_policies_elements_condition_operators and reference_policies_multi-value-conditions. */
function isMetWithoutKey({ ifExists, quantifier, negated }: Operator): boolean {
  if (ifExists || quantifier === 'ForAllValues') return true
  return quantifier === undefined && negated
}

function parseBlock(
  operator: string,
  keys: JsonValue,
  syntax: Syntax,
): Parsed<readonly Condition[]> {
  const parsedOperator = parseOperator(operator)
  if (parsedOperator === undefined) return refuse(`unknown condition operator ${quote(operator)}`)
  if (!isJsonObject(keys)) return refuse(`Condition ${operator} must be an object`)
  return parseEach([...keys], ([key, value]) => {
    const place = `Condition ${operator} ${quote(key)}`
    const values = parseEach(isJsonArray(value) ? value : [value], parseValue)
    if (!values.ok) return refuse(`${place}: ${values.problem}`)
    const tests = parseEach(values.value, (text) => parsedOperator.comparison(text, syntax))
    if (!tests.ok) return refuse(`${place}: ${tests.problem}`)
    const templates = tests.value.flatMap(({ template }) => template ?? [])
    return accept(
      Object.freeze({
        operator,
        key,
        fromCertificate: isCertificateDerived(key),
        values: values.value,
        templates: Object.freeze(templates),
        parsedOperator,
        tests: tests.value,
      }),
    )
  })
}

/** Takes a condition value as text. A number that a double does not hold exactly would be another number than its author's. */
function parseValue(value: JsonValue): Parsed<string> {
  if (typeof value === 'string') return accept(value)
  if (typeof value === 'boolean') return accept(String(value))
  if (typeof value !== 'number') return refuse('a value must be a string, a number or a boolean')
  const exact = !Number.isInteger(value) || Number.isSafeInteger(value)
  return exact ? accept(String(value)) : refuse('a number of this size must be written as a string')
}
