import type { Outcome } from '../outcome.ts'
import { accept, type Parsed, quote, refuse } from '../parsed.ts'
import type { Token } from '../pattern.ts'
import { type Inquiry, STEPS, type StepMeter, takeSteps } from '../step-meter.ts'
import { compileTemplate, resolveTemplate, type Syntax, type Template } from '../template.ts'

/** One value of a condition, compiled: does a value of the request compare as the operator asks? */
export type ValueTest = {
  /** Present where the operator takes variables. */
  readonly template?: Template
  readonly compare: (requestValue: string, inquiry: Inquiry) => Outcome
}

/** Compiles a value that the policy compares with; negation, lists and missing keys are not its business. */
export type Comparison = (policyValue: string, syntax: Syntax) => Parsed<ValueTest>

/** How one side of a comparison is read. */
type Parser<Value> = (text: string) => Value | undefined

/**
 * Makes a comparison of operators that take no variables. A policy value that does not parse is refused: `IpAddress` with a
 * mistyped range would lose a Deny, `NotIpAddress` would open an Allow. A request value that does not parse is undecidable.
 */
export function compareParsed<Actual, Expected>(
  parseActual: Parser<Actual>,
  [kind, parseExpected]: readonly [kind: string, parse: Parser<Expected>],
  holds: (actual: Actual, expected: Expected) => boolean,
): Comparison {
  return (policyValue) => {
    const expected = parseExpected(policyValue)
    if (expected === undefined) return refuse(`${quote(policyValue)} is not ${kind}`)
    const compare: ValueTest['compare'] = (requestValue, { meter }) => {
      takeSteps(meter, STEPS.parse, requestValue)
      const actual = parseActual(requestValue)
      if (actual === undefined) return 'value-unreadable'
      return holds(actual, expected) ? 'met' : 'unmet'
    }
    return accept(Object.freeze({ compare }))
  }
}

/** Makes a comparison of operators whose values are patterns and may hold variables. An unset variable compares with nothing. */
export function compareTemplate(
  reading: { readonly wildcards: boolean; readonly ignoreCase: boolean },
  matches: (pattern: readonly Token[], requestValue: string, meter: StepMeter) => boolean,
): Comparison {
  return (policyValue, syntax) => {
    const compiled = compileTemplate(policyValue, { ...syntax, ...reading })
    if (!compiled.ok) return compiled
    const template = compiled.value
    const compare: ValueTest['compare'] = (requestValue, inquiry) => {
      takeSteps(inquiry.meter, STEPS.comparison, requestValue)
      const pattern = resolveTemplate(template, inquiry)
      const matched = pattern !== undefined && matches(pattern.tokens, requestValue, inquiry.meter)
      if (!matched) return 'unmet'
      return pattern.ambiguous ? 'variable-ambiguous' : 'met'
    }
    return accept(Object.freeze({ template, compare }))
  }
}
