import { arnLike } from './arn.ts'
import { parseBase64 } from './binary.ts'
import { parseBool } from './bool.ts'
import { parseInstant } from './date.ts'
import { isInRange, parseIpAddress, parseIpRange } from './ip.ts'
import { parseNumber } from './numeric.ts'
import { stringEquals, stringEqualsIgnoreCase, stringLike } from './string.ts'
import { type Comparison, compareParsed } from './value-test.ts'

/** A condition operator, taken apart. */
export type Operator = {
  /** `ForAllValues:` or `ForAnyValue:`; absent = the key must have one value. */
  readonly quantifier: 'ForAllValues' | 'ForAnyValue' | undefined
  /** Whether a missing key meets the condition. */
  readonly ifExists: boolean
  /** `…Not…` operators: none of the values may compare. */
  readonly negated: boolean
  /** `Null`: it is not the key's value that is compared but whether the key is absent. */
  readonly existence: boolean
  readonly comparison: Comparison
}

type Simple = Pick<Operator, 'comparison' | 'negated'>

const is = (comparison: Comparison): Simple => ({ comparison, negated: false })
const isNot = (comparison: Comparison): Simple => ({ comparison, negated: true })
const same = (actual: unknown, expected: unknown): boolean => actual === expected

const bool = compareParsed(parseBool, ['"true" or "false"', parseBool], same)
const binary = compareParsed(parseBase64, ['base64', parseBase64], same)
const ipInRange = compareParsed(parseIpAddress, ['an IP address or range', parseIpRange], isInRange)

/** The six operators of a family whose values lie on a number line. */
function ordered(
  family: 'Numeric' | 'Date',
  kind: string,
  parse: (text: string) => number | undefined,
): readonly (readonly [string, Simple])[] {
  const compare = (holds: (actual: number, expected: number) => boolean): Comparison =>
    compareParsed(parse, [kind, parse], holds)
  return [
    [`${family}Equals`, is(compare(same))],
    [`${family}NotEquals`, isNot(compare(same))],
    [`${family}LessThan`, is(compare((actual, expected) => actual < expected))],
    [`${family}LessThanEquals`, is(compare((actual, expected) => actual <= expected))],
    [`${family}GreaterThan`, is(compare((actual, expected) => actual > expected))],
    [`${family}GreaterThanEquals`, is(compare((actual, expected) => actual >= expected))],
  ]
}

/** Source: IAM User Guide, reference_policies_elements_condition_operators. */
const OPERATORS: ReadonlyMap<string, Simple> = new Map([
  ['StringEquals', is(stringEquals)],
  ['StringNotEquals', isNot(stringEquals)],
  ['StringEqualsIgnoreCase', is(stringEqualsIgnoreCase)],
  ['StringNotEqualsIgnoreCase', isNot(stringEqualsIgnoreCase)],
  ['StringLike', is(stringLike)],
  ['StringNotLike', isNot(stringLike)],
  ...ordered('Numeric', 'a number', parseNumber),
  ...ordered('Date', 'a date with zone, or epoch seconds', parseInstant),
  ['Bool', is(bool)],
  ['BinaryEquals', is(binary)],
  ['IpAddress', is(ipInRange)],
  ['NotIpAddress', isNot(ipInRange)],
  ['ArnEquals', is(arnLike)],
  ['ArnNotEquals', isNot(arnLike)],
  ['ArnLike', is(arnLike)],
  ['ArnNotLike', isNot(arnLike)],
])

const NULL: Operator = Object.freeze({
  quantifier: undefined,
  ifExists: false,
  negated: false,
  existence: true,
  comparison: bool,
})

const QUANTIFIERS = ['ForAllValues', 'ForAnyValue'] as const
const IF_EXISTS = 'IfExists'

/** Parses the name of a condition operator, case-sensitive; `undefined` = there is none of that name. */
export function parseOperator(text: string): Operator | undefined {
  if (text === 'Null') return NULL
  const quantifier = QUANTIFIERS.find((word) => text.startsWith(`${word}:`))
  const rest = quantifier === undefined ? text : text.slice(quantifier.length + 1)
  const ifExists = rest.endsWith(IF_EXISTS)
  const simple = OPERATORS.get(ifExists ? rest.slice(0, -IF_EXISTS.length) : rest)
  if (simple === undefined) return undefined
  return Object.freeze({ ...simple, quantifier, ifExists, existence: false })
}
