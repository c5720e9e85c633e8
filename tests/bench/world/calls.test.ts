import { describe, expect, test } from 'vitest'
import {
  assumeRoleInput,
  canonicalText,
  countCalls,
  describeRounds,
  operationOf,
  type Rounds,
  requireSameCalls,
  shapeOf,
} from './calls.ts'

const query = (body: string) => ({ operation: 'Query', body })
const assume = (body: string) => ({ operation: 'AssumeRole', body })

describe('calls are the same', () => {
  test.each([
    [query('{"a":1,"b":{"c":[1,2],"d":2}}'), query('{"b":{"d":2,"c":[1,2]},"a":1}')],
    [assume('Action=AssumeRole&RoleArn=r'), assume('RoleArn=r&Action=AssumeRole')],
  ])('whatever the order of their members: %o', (one, other) => {
    expect(canonicalText(one)).toBe(canonicalText(other))
  })
  test.each([
    [query('{"a":[1,2]}'), query('{"a":[2,1]}')],
    [query('{"a":1}'), query('{"a":2}')],
    [query('{"a":1}'), { operation: 'GetItem', body: '{"a":1}' }],
    [assume('RoleArn=r'), assume('RoleArn=s')],
  ])('only with the same operation and input: %o', (one, other) => {
    expect(canonicalText(one)).not.toBe(canonicalText(other))
  })
})

const rounds: Rounds = [
  [query('{"a":1}'), { operation: 'BatchGetItem', body: '{}' }],
  [assume('x=y')],
]

test('rounds are compared by what is in each, in no order within', () => {
  const [first = [], ...rest] = rounds
  expect(shapeOf([first.toReversed(), ...rest])).toEqual(shapeOf(rounds))
  expect(shapeOf([first.slice(1), ...rest])).not.toEqual(shapeOf(rounds))
  expect(shapeOf([rounds.flat()])).not.toEqual(shapeOf(rounds))
})

test('rounds are described and counted', () => {
  expect(describeRounds(rounds)).toBe('BatchGetItem ∥ Query → AssumeRole')
  expect(countCalls(rounds)).toBe(3)
})

test.each([
  ['DynamoDB_20120810.Query', '{}', 'Query'],
  [undefined, 'Action=AssumeRole&Version=2011-06-15', 'AssumeRole'],
  [undefined, '', 'unknown'],
])('the operation of %s %s is %s', (target, body, operation) => {
  expect(operationOf(target, body)).toBe(operation)
})

test('an AssumeRole form becomes the input that makes it', () => {
  const form = new URLSearchParams({
    ...{ Action: 'AssumeRole', Version: '2011-06-15', RoleArn: 'r', DurationSeconds: '3600' },
    'Tags.member.1.Key': 'a',
    'Tags.member.1.Value': 'x',
    'Tags.member.2.Key': 'b',
    'Tags.member.2.Value': 'y',
    'TransitiveTagKeys.member.1': 'a',
  })
  expect(assumeRoleInput(String(form))).toEqual({
    ...{ RoleArn: 'r', DurationSeconds: 3600, TransitiveTagKeys: ['a'] },
    Tags: [
      { Key: 'a', Value: 'x' },
      { Key: 'b', Value: 'y' },
    ],
  })
  expect(assumeRoleInput('RoleArn=r&DurationSeconds=900')).toEqual({
    RoleArn: 'r',
    DurationSeconds: 900,
  })
})

describe('a function makes the calls of another', () => {
  const script = { cold: rounds, warm: rounds.slice(0, 1) }
  test('whatever their order within a round', () => {
    const [first = [], ...rest] = rounds
    expect(() =>
      requireSameCalls(script, { ...script, cold: [first.toReversed(), ...rest] }, 'x'),
    ).not.toThrow()
  })
  test.each([
    ['one call less', { ...script, cold: rounds.slice(1) }, 'cold'],
    ['all calls at once', { ...script, cold: [rounds.flat()] }, 'cold'],
    ['a later round more', { ...script, warm: rounds }, 'warm'],
    ['another input', { ...script, warm: [[query('{"a":2}'), ...rounds[0]!.slice(1)]] }, 'warm'],
  ])('or is refused: %s', (_, other, phase) => {
    expect(() => requireSameCalls(script, other, 'x')).toThrow(
      `x makes other calls than the first function, ${phase}`,
    )
  })
})
