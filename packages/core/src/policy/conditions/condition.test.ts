// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text
import { describe, expect, test } from 'vitest'
import { parseJson } from '../json.ts'
import { createRequestContext } from '../request-context.ts'
import { createStepMeter } from '../step-meter.ts'
import { evaluateCondition, parseConditions } from './condition.ts'

const SYNTAX = { dialect: 'iam', variables: true } as const

function parse(json: unknown) {
  const value = parseJson(JSON.stringify(json))
  if (!value.ok) throw new Error(value.problem)
  return parseConditions(value.value, SYNTAX)
}

const context = createRequestContext([
  ['one', 'a'],
  ['single', ['a']],
  ['many', ['a', 'b']],
  ['Twice', 'a'],
  ['TWICE', 'b'],
  ['number', '5'],
  ['word', 'x'],
  ['mixed', ['5', 'x']],
  ['odd', ['x', '5']],
  ['iot:Certificate.Subject.CommonName', 'a'.repeat(1025)],
  ['iot:Certificate.Issuer.CommonName', 'a'.repeat(1024)],
  ['iot:Certificate.Subject.Title.List', ['b', 'a'.repeat(1025)]],
  ['app:long', 'a'.repeat(1025)],
])

function outcomeOf(operator: string, key: string, values: unknown): string {
  const parsed = parse({ [operator]: { [key]: values } })
  if (!parsed.ok) throw new Error(parsed.problem)
  const [condition] = parsed.value
  return evaluateCondition(condition!, { context, meter: createStepMeter() })
}

test.each([
  ['StringEquals', 'one', 'a', 'met'],
  ['StringEquals', 'one', 'b', 'unmet'],
  ['StringEquals', 'one', ['b', 'a'], 'met'],
  ['StringEquals', 'one', [], 'unmet'],
  ['StringNotEquals', 'one', 'b', 'met'],
  ['StringNotEquals', 'one', ['b', 'a'], 'unmet'],
  ['StringNotEquals', 'one', [], 'met'],
  ['StringEquals', 'single', 'a', 'met'],
  ['StringEquals', 'many', 'a', 'several-values'],
  ['StringNotEquals', 'many', 'a', 'several-values'],
  ['StringEqualsIfExists', 'many', 'a', 'several-values'],
  ['StringEqualsIfExists', 'one', 'b', 'unmet'],

  ['StringEquals', 'none', 'a', 'unmet'],
  ['StringNotEquals', 'none', 'a', 'met'],
  ['StringEqualsIfExists', 'none', 'a', 'met'],
  ['StringNotEqualsIfExists', 'none', 'a', 'met'],
  ['ForAllValues:StringEquals', 'none', 'a', 'met'],
  ['ForAllValues:StringEquals', 'none', [], 'met'],
  ['ForAnyValue:StringEquals', 'none', 'a', 'unmet'],
  ['ForAnyValue:StringNotEquals', 'none', 'a', 'unmet'],
  ['ForAnyValue:StringEqualsIfExists', 'none', 'a', 'met'],

  ['ForAllValues:StringEquals', 'many', ['a', 'b', 'c'], 'met'],
  ['ForAllValues:StringEquals', 'many', ['a'], 'unmet'],
  ['ForAllValues:StringEquals', 'many', [], 'unmet'],
  ['ForAllValues:StringEquals', 'one', 'a', 'met'],
  ['ForAllValues:StringNotEquals', 'many', ['c'], 'met'],
  ['ForAllValues:StringNotEquals', 'many', ['b'], 'unmet'],
  ['ForAnyValue:StringEquals', 'many', ['b'], 'met'],
  ['ForAnyValue:StringEquals', 'many', ['c'], 'unmet'],
  ['ForAnyValue:StringEquals', 'many', [], 'unmet'],
  ['ForAnyValue:StringEquals', 'one', 'a', 'met'],
  ['ForAnyValue:StringNotEquals', 'many', ['a'], 'met'],
  ['ForAnyValue:StringNotEquals', 'many', ['a', 'b'], 'unmet'],

  ['Null', 'none', 'true', 'met'],
  ['Null', 'none', true, 'met'],
  ['Null', 'none', 'false', 'unmet'],
  ['Null', 'one', 'false', 'met'],
  ['Null', 'one', 'true', 'unmet'],
  ['Null', 'many', 'false', 'met'],
  ['Null', 'one', ['true', 'false'], 'met'],

  ['StringEquals', 'Twice', 'a', 'met'],
  ['StringEquals', 'TWICE', 'a', 'unmet'],
  ['StringEquals', 'twice', 'a', 'key-ambiguous'],
  ['StringNotEquals', 'twice', 'a', 'key-ambiguous'],
  ['StringEqualsIfExists', 'twice', 'a', 'key-ambiguous'],
  ['StringNotLikeIfExists', 'twice', 'a', 'key-ambiguous'],
  ['ForAllValues:StringEquals', 'twice', 'a', 'key-ambiguous'],
  ['ForAnyValue:StringEquals', 'twice', 'a', 'key-ambiguous'],
  ['Null', 'twice', 'true', 'key-ambiguous'],
  ['Null', 'twice', 'false', 'key-ambiguous'],

  ['NumericEquals', 'word', '5', 'value-unreadable'],
  ['NumericNotEquals', 'word', '5', 'value-unreadable'],
  ['NumericLessThanIfExists', 'word', '5', 'value-unreadable'],
  ['NumericEquals', 'word', [], 'unmet'],
  ['NumericNotEquals', 'word', [], 'met'],
  ['ForAllValues:NumericEquals', 'mixed', '5', 'value-unreadable'],
  ['ForAllValues:NumericEquals', 'odd', '5', 'value-unreadable'],
  ['ForAllValues:NumericEquals', 'mixed', '6', 'unmet'],
  ['ForAllValues:NumericEquals', 'odd', '6', 'unmet'],
  ['ForAnyValue:NumericEquals', 'mixed', '5', 'met'],
  ['ForAnyValue:NumericEquals', 'odd', '5', 'met'],
  ['ForAnyValue:NumericEquals', 'mixed', '6', 'value-unreadable'],
  ['ForAnyValue:NumericEquals', 'odd', '6', 'value-unreadable'],
  ['ForAnyValue:NumericNotEquals', 'odd', '5', 'value-unreadable'],
  ['StringEquals', 'number', ['${twice}', '5'], 'met'],
  ['StringEquals', 'number', ['5', '${twice}'], 'met'],
  ['StringNotEquals', 'number', ['${twice}', '5'], 'unmet'],
  ['StringNotEquals', 'number', ['${twice}', '6'], 'variable-ambiguous'],
  ['StringEquals', 'number', ['${twice}', '6'], 'variable-ambiguous'],

  ['StringLike', 'iot:Certificate.Subject.CommonName', '*', 'value-too-long'],
  ['StringNotLike', 'IOT:certificate.subject.commonname', '*', 'value-too-long'],
  ['StringLike', 'iot:Certificate.Issuer.CommonName', '*', 'met'],
  ['ForAnyValue:StringEquals', 'iot:Certificate.Subject.Title.List', 'b', 'met'],
  ['ForAllValues:StringLike', 'iot:Certificate.Subject.Title.List', '*', 'value-too-long'],
  ['Null', 'iot:Certificate.Subject.CommonName', 'false', 'met'],
  ['StringLike', 'app:long', '*', 'met'],
])('%s on %s with %j: %s', (operator, key, values, outcome) => {
  expect(outcomeOf(operator, key, values)).toBe(outcome)
})

describe('parseConditions', () => {
  test('takes no element as no conditions', () => {
    const parsed = parseConditions(undefined, SYNTAX)
    expect(parsed).toEqual({ ok: true, value: [] })
    expect(parsed.ok && Object.isFrozen(parsed.value)).toBe(true)
  })

  test('keeps operators, keys and values as written, in order', () => {
    const parsed = parse({
      StringLike: { k: ['${x}', 'b'], l: 'c' },
      'ForAllValues:NumericEquals': { m: [1, 2.5, -3] },
      Bool: { n: true },
      StringEquals: {},
    })
    expect(parsed.ok && parsed.value).toMatchObject([
      { operator: 'StringLike', key: 'k', values: ['${x}', 'b'] },
      { operator: 'StringLike', key: 'l', values: ['c'] },
      { operator: 'ForAllValues:NumericEquals', key: 'm', values: ['1', '2.5', '-3'] },
      { operator: 'Bool', key: 'n', values: ['true'] },
    ])
    const templates = parsed.ok && parsed.value.map((condition) => condition.templates.length)
    expect(templates).toEqual([2, 1, 0, 0])
  })

  test('freezes what it makes', () => {
    const parsed = parse({ StringLike: { k: ['a'] } })
    const [condition] = parsed.ok ? parsed.value : []
    expect(parsed.ok && Object.isFrozen(parsed.value)).toBe(true)
    expect(Object.isFrozen(condition)).toBe(true)
    expect(Object.isFrozen(condition?.values)).toBe(true)
    expect(Object.isFrozen(condition?.templates)).toBe(true)
    expect(Object.isFrozen(condition?.tests)).toBe(true)
  })

  test.each([
    [null, 'Condition must be an object'],
    [[], 'Condition must be an object'],
    ['x', 'Condition must be an object'],
    [{ StringMatches: { k: 'a' } }, 'unknown condition operator "StringMatches"'],
    [{ StringEquals: 'x' }, 'Condition StringEquals must be an object'],
    [{ StringEquals: ['x'] }, 'Condition StringEquals must be an object'],
    [
      { StringEquals: { k: null } },
      'Condition StringEquals "k": a value must be a string, a number or a boolean',
    ],
    [
      { StringEquals: { k: ['a', ['b']] } },
      'Condition StringEquals "k": a value must be a string, a number or a boolean',
    ],
    [
      { StringEquals: { k: { a: 'b' } } },
      'Condition StringEquals "k": a value must be a string, a number or a boolean',
    ],
    [
      { NumericEquals: { k: 2 ** 53 } },
      'Condition NumericEquals "k": a number of this size must be written as a string',
    ],
    [{ StringLike: { k: '${}' } }, 'Condition StringLike "k": "${}" has a malformed variable'],
    [
      { IpAddress: { k: ['10.0.0.0/8', '10.0.0.0/33'] } },
      'Condition IpAddress "k": "10.0.0.0/33" is not an IP address or range',
    ],
    [{ ArnLike: { k: '${}' } }, 'Condition ArnLike "k": "${}" has a malformed variable'],
  ])('refuses %j', (json, problem) => {
    expect(parse(json)).toEqual({ ok: false, problem })
  })

  test('takes the largest whole number that is exact', () => {
    expect(outcomeOf('NumericEquals', 'number', [2 ** 53 - 1, 0.1])).toBe('unmet')
  })
})
