import { accept, type Parsed } from '../parsed.ts'
import type { RequestContext } from '../request-context.ts'
import type { Syntax, Template } from '../template.ts'

/** One value of a condition, compiled: does a value of the request compare as the operator asks? */
export type ValueTest = {
  /** Present where the operator takes variables. */
  readonly template?: Template
  readonly matches: (requestValue: string, context: RequestContext) => boolean
}

/** Compiles a value that the policy compares with; negation, lists and missing keys are not its business. */
export type Comparison = (policyValue: string, syntax: Syntax) => Parsed<ValueTest>

/**
 * Makes a comparison of operators that take no variables. Both sides must parse; a value that does not parse, on either
 * side, compares with nothing.
 */
export function compareParsed<Actual, Expected>(
  parseActual: (requestValue: string) => Actual | undefined,
  parseExpected: (policyValue: string) => Expected | undefined,
  compare: (actual: Actual, expected: Expected) => boolean,
): Comparison {
  return (policyValue) => {
    const expected = parseExpected(policyValue)
    const matches = (requestValue: string): boolean => {
      const actual = parseActual(requestValue)
      return actual !== undefined && expected !== undefined && compare(actual, expected)
    }
    return accept({ matches })
  }
}
