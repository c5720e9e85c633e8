// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text
import { describe, expect, test } from 'vitest'
import { createRequestContext } from '../request-context.ts'
import { createStepMeter } from '../step-meter.ts'
import { parseOperator } from './operator.ts'

const SYNTAX = { dialect: 'iam', variables: true } as const
const NOTHING = createRequestContext([])

/** How one value of the request compares with one value of the policy, negation aside. */
function compared(operator: string, policyValue: string, requestValue: string): string {
  const parsed = parseOperator(operator)
  if (parsed === undefined) throw new Error(`no operator ${operator}`)
  const compiled = parsed.comparison(policyValue, SYNTAX)
  if (!compiled.ok) throw new Error(compiled.problem)
  return compiled.value.compare(requestValue, { context: NOTHING, meter: createStepMeter() })
}

// Operator, a policy value, request values that compare, request values that do not.
test.each([
  ['StringEquals', 'a*', ['a*'], ['A*', 'ab', '', 'a*b']],
  ['StringNotEquals', 'a*', ['a*'], ['A*', 'ab', '']],
  ['StringEqualsIgnoreCase', 'Ä*', ['ä*', 'Ä*'], ['äb', 'a*']],
  ['StringNotEqualsIgnoreCase', 'Ä*', ['ä*', 'Ä*'], ['äb', 'a*']],
  ['StringLike', 'a*?', ['ab', 'a/b'], ['a', 'Ab']],
  ['StringLike', 'A*', ['Ab'], ['ab', 'aA']],
  ['StringNotLike', 'a*?', ['ab', 'a/b'], ['a', 'Ab']],
  ['NumericEquals', '5', ['5', '5.0', '5e0'], ['4', '6']],
  ['NumericNotEquals', '5', ['5', '5.0'], ['4', '6']],
  ['NumericLessThan', '5', ['4', '-9'], ['5', '10']],
  ['NumericLessThanEquals', '5', ['4', '5'], ['6']],
  ['NumericGreaterThan', '5', ['6', '10'], ['5', '4']],
  ['NumericGreaterThanEquals', '5', ['5', '6'], ['4']],
  ['DateEquals', '2020-01-01', ['1577836800'], ['2020-01-02']],
  ['DateNotEquals', '2020-01-01', ['1577836800'], ['2020-01-02']],
  ['DateLessThan', '2020-01-01', ['2019-12-31'], ['2020-01-01', '2020-01-02']],
  ['DateLessThanEquals', '2020-01-01', ['2019-12-31', '2020-01-01'], ['2020-01-02']],
  ['DateGreaterThan', '2020-01-01', ['2020-01-02'], ['2020-01-01', '2019-12-31']],
  ['DateGreaterThanEquals', '2020-01-01', ['2020-01-02', '2020-01-01'], ['2019-12-31']],
  ['Bool', 'true', ['true', 'TRUE'], ['false', 'FALSE']],
  ['BinaryEquals', 'QUI=', ['QUI='], ['QUJD', '']],
  ['IpAddress', '10.0.0.0/8', ['10.1.2.3'], ['11.0.0.0', '::1']],
  ['NotIpAddress', '10.0.0.0/8', ['10.1.2.3'], ['11.0.0.0', '::1']],
  ['ArnEquals', 'arn:aws:s3:::b*', ['arn:aws:s3:::bc'], ['arn:aws:s3:::c', 'arn:aws:s3:a::b', 'b']],
  ['ArnLike', 'arn:aws:s3:::b*', ['arn:aws:s3:::bc:d'], ['arn:aws:s3:::c', 'b']],
  ['ArnNotEquals', 'arn:aws:s3:::b*', ['arn:aws:s3:::bc'], ['arn:aws:s3:::c']],
  ['ArnNotLike', '*', ['arn:aws:s3:::bc'], ['x', '*']],
  ['ArnLike', 'arn:aws:s3:::${x}', [], ['arn:aws:s3:::', 'arn:aws:s3:::${x}']],
  ['Null', 'true', ['true'], ['false']],
])('%s %s', (operator, policyValue, like, unlike) => {
  for (const value of like)
    expect([value, compared(operator, policyValue, value)]).toEqual([value, 'met'])
  for (const value of unlike) {
    expect([value, compared(operator, policyValue, value)]).toEqual([value, 'unmet'])
  }
})

test.each([
  ['NumericEquals', '5', ['x', '', '5abc']],
  ['NumericNotEquals', '5', ['x']],
  ['NumericLessThan', '5', ['x']],
  ['NumericGreaterThanEquals', '5', ['x']],
  ['DateEquals', '2020-01-01', ['yesterday']],
  ['DateNotEquals', '2020-01-01', ['x']],
  ['DateLessThan', '2020-01-01', ['2020-01-01T00:00:00']],
  ['Bool', 'true', ['', 'yes']],
  ['BinaryEquals', 'QUI=', ['QUI', 'AB']],
  ['IpAddress', '10.0.0.0/8', ['10.0.0.0/8', '', 'x']],
  ['NotIpAddress', '10.0.0.0/8', ['10.0.0.1.evil']],
])('%s %s cannot tell of what it cannot read', (operator, policyValue, values) => {
  for (const value of values) {
    expect([value, compared(operator, policyValue, value)]).toEqual([value, 'value-unreadable'])
  }
})

test.each([
  ['StringLike', 'x-*-${site}', 'x-1-2', 'variable-ambiguous'],
  ['StringLike', 'x-*-${site}', 'y', 'unmet'],
  ['StringNotEquals', '${site}', 'x', 'variable-ambiguous'],
  ['ArnLike', 'arn:aws:s3:::${site}', 'arn:aws:s3:::b', 'variable-ambiguous'],
  ['ArnLike', 'arn:aws:s3:::${site}', 'x', 'unmet'],
  ['StringLike', '${site}-${none}', 'x-y', 'unmet'],
  ['StringEquals', '${Site}', 'a', 'met'],
])(
  '%s %s with %s, where several keys could be meant: %s',
  (operator, policyValue, value, outcome) => {
    const several = createRequestContext([
      ['Site', 'a'],
      ['SITE', 'b'],
    ])
    const compiled = parseOperator(operator)?.comparison(policyValue, SYNTAX)
    expect(
      compiled?.ok && compiled.value.compare(value, { context: several, meter: createStepMeter() }),
    ).toBe(outcome)
  },
)

test.each([
  ['NumericLessThan', '10abc', 'a number'],
  ['NumericNotEquals', '${x}', 'a number'],
  ['DateGreaterThan', '2020-01-01T00:00:00', 'a date with zone, or epoch seconds'],
  ['Bool', 'yes', '"true" or "false"'],
  ['Null', '', '"true" or "false"'],
  ['BinaryEquals', 'QQ', 'base64'],
  ['IpAddress', '10.0.0.0/33', 'an IP address or range'],
  ['NotIpAddress', 'localhost', 'an IP address or range'],
])('%s refuses the policy value %j', (operator, policyValue, kind) => {
  const problem = `${JSON.stringify(policyValue)} is not ${kind}`
  expect(parseOperator(operator)?.comparison(policyValue, SYNTAX)).toEqual({ ok: false, problem })
})

describe('parseOperator', () => {
  test.each([
    'StringNotEquals',
    'StringNotEqualsIgnoreCase',
    'StringNotLike',
    'NumericNotEquals',
    'DateNotEquals',
    'NotIpAddress',
    'ArnNotEquals',
    'ArnNotLike',
  ])('%s is negated', (operator) => {
    expect(parseOperator(operator)?.negated).toBe(true)
  })

  test.each([
    ...[
      'StringEquals',
      'StringEqualsIgnoreCase',
      'StringLike',
      'Bool',
      'BinaryEquals',
      'IpAddress',
    ],
    ...['ArnEquals', 'ArnLike', 'Null'],
    ...['Numeric', 'Date'].flatMap((family) =>
      ['Equals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
        (order) => `${family}${order}`,
      ),
    ),
  ])('%s is not negated', (operator) => {
    expect(parseOperator(operator)?.negated).toBe(false)
  })

  test.each([
    ['StringLike', undefined, false, false],
    ['StringLikeIfExists', undefined, true, false],
    ['ForAllValues:StringLike', 'ForAllValues', false, false],
    ['ForAnyValue:StringNotLikeIfExists', 'ForAnyValue', true, false],
    ['Null', undefined, false, true],
  ])('takes %s apart', (text, quantifier, ifExists, existence) => {
    const operator = parseOperator(text)
    expect(operator).toMatchObject({ quantifier, ifExists, existence })
    expect(Object.isFrozen(operator)).toBe(true)
  })

  test.each([
    '',
    'StringMatches',
    'stringEquals',
    'stringequals',
    'StringEqualsifexists',
    'StringEqualsIfExistsIfExists',
    'IfExists',
    'ForAllValues:',
    'ForSomeValues:StringEquals',
    'ForAllValues:ForAnyValue:StringEquals',
    'forallvalues:StringEquals',
    'StringEquals:ForAllValues',
    'StringEquals ',
    ' StringEquals',
    'StringEquals\n',
    'NullIfExists',
    'ForAllValues:Null',
    'ForAnyValue:Null',
    'toString',
    'BoolNot',
  ])('there is no operator %j', (text) => {
    expect(parseOperator(text)).toBe(undefined)
  })
})
