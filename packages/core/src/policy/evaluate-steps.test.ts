// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text
import { beforeEach, describe, expect, test } from 'vitest'
import { parsePolicyDocument } from './document.ts'
import { evaluate, evaluateSession, type NamedPolicy, type PolicyRequest } from './evaluate.ts'
import { createRequestContext } from './request-context.ts'
import { createStepMeter, isOutOfSteps, MOST_STEPS } from './step-meter.ts'

type Statement = Readonly<Record<string, unknown>>

const ALLOW = { Effect: 'Allow', Action: '*', Resource: '*' }
const DENY = { ...ALLOW, Effect: 'Deny' }

const textOf = (Statement: readonly Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement })

function policy(text: string, name: string): NamedPolicy {
  const parsed = parsePolicyDocument(text, 'iot')
  if (!parsed.ok) throw new Error(parsed.problem)
  return { name, document: parsed.document }
}

describe('an evaluation that is out of steps', () => {
  let own: NamedPolicy
  let request: PolicyRequest
  beforeEach(() => {
    own = policy(textOf([ALLOW]), 'own')
    request = { action: 'a:b', resource: 'x', context: createRequestContext([]) }
  })

  test.each([
    [
      { ...ALLOW, Resource: 'y' },
      {
        effect: 'Allow',
        matched: false,
        mismatch: { on: 'condition', conditions: [] },
        undecidable: 'out-of-steps',
      },
    ],
    [
      { Effect: 'Allow', NotAction: 'c:*', Resource: '*' },
      {
        effect: 'Allow',
        matched: false,
        mismatch: { on: 'condition', conditions: [] },
        undecidable: 'out-of-steps',
      },
    ],
    [
      { ...DENY, Action: 'c:*' },
      { effect: 'Deny', matched: true, undecidable: 'out-of-steps' },
    ],
  ])('denies, and says where: %j', (statement, entry) => {
    const policies = [own, policy(textOf([statement, ALLOW]), 'long')]
    const full = createStepMeter()
    evaluate([own], request, full)
    const forOne = MOST_STEPS - full.left
    const evaluation = evaluate(policies, request, createStepMeter(forOne))
    expect(evaluation).toEqual({
      result: 'explicitDeny',
      trace: [
        { policy: 'own', statement: 0, effect: 'Allow', matched: true },
        { policy: 'long', statement: 0, ...entry },
      ],
      outOfSteps: true,
    })
    const unfrozen = (value: unknown): boolean =>
      typeof value === 'object' &&
      value !== null &&
      (!Object.isFrozen(value) || Object.values(value).some(unfrozen))
    expect(unfrozen(evaluation)).toBe(false)
    expect(evaluate([own], request, createStepMeter(forOne)).result).toBe('allow')
    expect(evaluate([own], request, createStepMeter(forOne - 1)).result).toBe('explicitDeny')
  })

  test('leaves nothing to the next one that answers the same request', () => {
    const meter = createStepMeter(0)
    expect(evaluate([own], request, meter).result).toBe('explicitDeny')
    expect(evaluate([], request, meter).result).toBe('explicitDeny')
    expect(evaluate([own], request, createStepMeter(Number.NaN)).result).toBe('explicitDeny')
  })

  test('denies a session, whichever side was out of them', () => {
    const full = createStepMeter()
    evaluate([own], request, full)
    const forOne = MOST_STEPS - full.left
    const results = [forOne - 1, forOne, 2 * forOne - 1, 2 * forOne].map(
      (steps) => evaluateSession([own], [own], request, createStepMeter(steps)).result,
    )
    expect(results).toEqual(['explicitDeny', 'explicitDeny', 'explicitDeny', 'allow'])
    expect(evaluateSession([own], [own], request).result).toBe('allow')
  })
})

// What is taken by one statement, so that nothing goes uncounted.
describe('the steps of', () => {
  const makeRequest = () => ({
    action: 'a:b',
    resource: 'arn:p:s:r:a:xyz',
    context: createRequestContext([
      ['k', 'abcd'],
      ['list', ['ab', 'cd']],
      ['n', '12'],
      ['arn', 'arn:a:b:c:d:e'],
    ]),
  })
  const condition = (operator: string, key: string, value: unknown) => ({
    ...ALLOW,
    Condition: { [operator]: { [key]: value } },
  })
  // Request 2 × (3 + 15), statement 200, action 25 and a star and 3 characters, resource 25 and the star put in.
  const BARE = 36 + 200 + 29 + 26

  test.each([
    ['nothing but stars', ALLOW, BARE],
    ['an action that differs', { ...ALLOW, Action: 'c:*' }, 36 + 200 + 25 + 1],
    ['two actions', { ...ALLOW, Action: ['c:*', '*'] }, BARE + 25 + 1],
    // Two patterns of 26, then the pattern of the first cut into one segment that is not enough.
    ['a second resource', { ...ALLOW, Resource: ['arn', '*'] }, BARE + 25 + 3 + 3],
    ['a resource by segment', { ...ALLOW, Resource: 'arn:p:s:r:a:*' }, BARE + 12 + 13 + 11],
    ['a Deny on something else', { ...DENY, Resource: 'y' }, BARE - 1 + 1 + 1],
    ['a Deny', { ...DENY, Resource: 'arn:p:s:r:a:*' }, BARE + 12 + 16],
    // Put in: 5 colons and 4 characters of a variable; cut: 9; a character of the first segment compared; the trace asks again.
    ['a variable', { ...ALLOW, Resource: ':::::${k}' }, BARE - 1 + 9 + 100 + 8 + 9 + 1 + 100],
    ['an unset variable', { ...ALLOW, Resource: ':::::${none}' }, BARE - 1 + 5 + 100 + 100],
    ['a condition on nothing', condition('StringNotEquals', 'none', 'x'), BARE + 150],
    ['a condition met', condition('StringEquals', 'k', 'abcd'), BARE + 150 + 25 + 8 + 4 + 4],
    [
      'one that is unmet',
      condition('StringEquals', 'k', ['x', 'y']),
      BARE + 150 + 2 * (25 + 8 + 1 + 1),
    ],
    [
      'one of values',
      condition('ForAnyValue:StringLike', 'list', 'c*'),
      BARE + 150 + 25 + 4 + 2 + 1 + 25 + 4 + 2 + 3,
    ],
    [
      'one with a variable',
      condition('StringEquals', 'k', '${k}'),
      BARE + 150 + 25 + 8 + 100 + 8 + 4 + 4,
    ],
    [
      'one that ignores case',
      condition('StringEqualsIgnoreCase', 'k', 'ABCD'),
      BARE + 150 + 25 + 8 + 4 + 4,
    ],
    ['a number', condition('NumericEquals', 'n', 12), BARE + 150 + 150 + 4],
    ['Null', condition('Null', 'n', false), BARE + 150 + 150 + 10],
    ['an ARN', condition('ArnLike', 'arn', '*'), BARE + 150 + 25 + 26 + 1 + 13 + 13],
  ])('%s', (_, statement, steps) => {
    const meter = createStepMeter()
    evaluate([policy(textOf([statement]), 'one')], makeRequest(), meter)
    expect(MOST_STEPS - meter.left).toBe(steps)
    expect(isOutOfSteps(meter)).toBe(false)
  })
})
