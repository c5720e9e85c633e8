// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text
import { describe, expect, test } from 'vitest'
import { parsePolicyDocument } from './document.ts'
import { evaluate, evaluateSession, type NamedPolicy } from './evaluate.ts'
import { type ContextValue, createRequestContext } from './request-context.ts'

type Json = Readonly<Record<string, unknown>>

const KEY = 'arn:aws:s3:::fleet/cam1/a'

function policy(statements: readonly Json[], name?: string): NamedPolicy {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  const parsed = parsePolicyDocument(text, 'iot')
  if (!parsed.ok) throw new Error(parsed.problem)
  return { ...(name === undefined ? {} : { name }), document: parsed.document }
}

function request(
  context: Readonly<Record<string, ContextValue>> = {},
  resource = KEY,
  action = 's3:GetObject',
) {
  return { action, resource, context: createRequestContext(Object.entries(context)) }
}

const ALLOW = { Effect: 'Allow', Action: 's3:*', Resource: '*' }
const DENY = { Effect: 'Deny', Action: 's3:*', Resource: '*' }
const OTHER = { Effect: 'Allow', Action: 'iot:*', Resource: '*' }

describe('evaluate', () => {
  test.each([
    ['no policies', [], 'implicitDeny'],
    ['no matching statement', [policy([OTHER])], 'implicitDeny'],
    ['a matching Allow', [policy([OTHER]), policy([ALLOW])], 'allow'],
    ['a Deny before the Allow', [policy([DENY]), policy([ALLOW])], 'explicitDeny'],
    ['a Deny after the Allow', [policy([ALLOW, DENY])], 'explicitDeny'],
    ['a Deny alone', [policy([DENY])], 'explicitDeny'],
    ['a Deny that does not match', [policy([ALLOW, { ...DENY, Action: 'iot:*' }])], 'allow'],
  ])('%s', (_, policies, result) => {
    expect(evaluate(policies, request()).result).toBe(result)
  })

  test('takes the action in any letter case, and the resource as it is', () => {
    const policies = [policy([{ ...ALLOW, Action: 'S3:getobject', Resource: KEY }])]
    expect(evaluate(policies, request({}, KEY, 's3:GETOBJECT')).result).toBe('allow')
    expect(evaluate(policies, request({}, KEY.toUpperCase())).result).toBe('implicitDeny')
  })

  test('matches any action with any resource of a statement, and NotAction with what is not listed', () => {
    const both = { ...ALLOW, Action: ['iot:*', 's3:Get*'], Resource: ['arn:aws:iot:::x', KEY] }
    expect(evaluate([policy([both])], request()).result).toBe('allow')
    const not = { Effect: 'Allow', NotAction: ['iot:*', 's3:Put*'], Resource: '*' }
    expect(evaluate([policy([not])], request()).result).toBe('allow')
    expect(evaluate([policy([not])], request({}, KEY, 's3:PutObject')).result).toBe('implicitDeny')
  })
})

// A star that would have to run past one of the first five colons.
const CROSSING = 'arn:*:fleet/cam1/a'
// One that ends a segment within the resource part.
const PLAIN = 'arn:aws:s3:::fleet/*'

test.each([
  ['Allow', 'Resource', CROSSING, false],
  ['Deny', 'Resource', CROSSING, true],
  ['Allow', 'NotResource', CROSSING, false],
  ['Deny', 'NotResource', CROSSING, true],
  ['Allow', 'Resource', PLAIN, true],
  ['Deny', 'Resource', PLAIN, true],
  ['Allow', 'NotResource', PLAIN, false],
  ['Deny', 'NotResource', PLAIN, false],
  ['Allow', 'NotResource', 'arn:aws:s3:::other/*', true],
  ['Deny', 'NotResource', 'arn:aws:s3:::other/*', true],
  ['Allow', 'Resource', 'arn:aws:s3:::fleet/${thing}/*', false],
  ['Deny', 'Resource', 'arn:aws:s3:::fleet/${thing}/*', false],
  ['Allow', 'NotResource', 'arn:aws:s3:::fleet/${thing}/*', false],
  ['Deny', 'NotResource', 'arn:aws:s3:::fleet/${thing}/*', true],
])('%s with %s %s matches: %s', (Effect, element, pattern, matched) => {
  const { trace } = evaluate([policy([{ Effect, Action: '*', [element]: pattern }])], request())
  expect(trace.map((entry) => entry.matched)).toEqual([matched])
})

test('an unset variable takes only its own entry out of a Resource list', () => {
  const statement = { ...ALLOW, Resource: ['arn:aws:s3:::${thing}', KEY] }
  expect(evaluate([policy([statement])], request()).result).toBe('allow')
})

test('an unset variable takes an Allow with NotResource out altogether', () => {
  const NotResource = ['arn:aws:s3:::other', 'arn:aws:s3:::${thing}']
  const statement = { Effect: 'Allow', Action: '*', NotResource }
  expect(evaluate([policy([statement])], request()).result).toBe('implicitDeny')
  expect(evaluate([policy([statement])], request({ thing: 'x' })).result).toBe('allow')
})

test('a Deny matches and an Allow does not where several values meet an operator for one', () => {
  for (const operator of ['StringEquals', 'StringNotEquals']) {
    const Condition = { [operator]: { tags: 'a' } }
    const asked = request({ tags: ['a', 'b'] })
    expect(evaluate([policy([{ ...ALLOW, Condition }])], asked).result).toBe('implicitDeny')
    expect(evaluate([policy([{ ...DENY, Condition }])], asked).result).toBe('explicitDeny')
  }
})

describe('what nobody can tell matches in a Deny and does not in an Allow', () => {
  const keys = ['iot:Connection.Thing.Attributes[Site]', 'iot:Connection.Thing.Attributes[SITE]']
  const site = 'iot:Connection.Thing.Attributes[site]'
  const ask = () => request({ [keys[0]!]: 'cam1', [keys[1]!]: 'b', ip: 'x', name: 'cam1' })
  const ambiguous = 'key-ambiguous'

  test.each([
    ['StringEquals', site, 'cam1', ambiguous, 'key-missing'],
    ['StringNotEquals', site, 'cam1', ambiguous, 'key-missing'],
    ['StringEqualsIfExists', site, 'cam1', ambiguous, 'key-missing'],
    ['StringNotEqualsIfExists', site, 'cam1', ambiguous, 'key-missing'],
    ['Null', site, 'true', ambiguous, 'key-missing'],
    ['Null', site, 'false', ambiguous, 'key-missing'],
    ['ForAllValues:StringEquals', site, 'cam1', ambiguous, 'key-missing'],
    ['ForAnyValue:StringEquals', site, 'cam1', ambiguous, 'key-missing'],
    ['StringEquals', 'name', `\${${site}}`, 'variable-ambiguous', 'value-differs'],
    ['StringNotEquals', 'name', `\${${site}}`, 'variable-ambiguous', 'value-differs'],
    ['IpAddress', 'ip', '192.0.2.0/24', 'value-unreadable', 'value-differs'],
    ['NotIpAddress', 'ip', '192.0.2.0/24', 'value-unreadable', 'value-differs'],
    ['NumericLessThan', 'ip', '5', 'value-unreadable', 'value-differs'],
    ['DateNotEquals', 'ip', '2020-01-01', 'value-unreadable', 'value-differs'],
  ])('%s on %s with %s', (operator, key, value, undecidable, why) => {
    const Condition = { [operator]: { [key]: value } }
    const allow = evaluate([policy([{ ...ALLOW, Condition }])], ask())
    expect(allow.result).toBe('implicitDeny')
    const mismatch = { on: 'condition', conditions: [{ key, why, undecidable }] }
    expect(allow.trace).toMatchObject([{ matched: false, mismatch }])
    const deny = evaluate([policy([ALLOW, { ...DENY, Condition }])], ask())
    expect(deny.result).toBe('explicitDeny')
    expect(deny.trace[1]).toEqual({ statement: 1, effect: 'Deny', matched: true, undecidable })
  })

  const variable = `arn:aws:s3:::fleet/\${${site}}/*`
  test.each([
    ['Allow', { Resource: variable }, false],
    ['Allow', { Resource: [variable, KEY] }, true],
    ['Allow', { NotResource: variable }, false],
    ['Allow', { NotResource: ['arn:aws:s3:::other', variable] }, false],
    ['Deny', { Resource: variable }, 'variable-ambiguous'],
    ['Deny', { Resource: [variable, KEY] }, true],
    ['Deny', { Resource: variable.replace('fleet', 'other') }, false],
    ['Deny', { Resource: [`${variable}\${none}`] }, false],
    ['Deny', { NotResource: variable }, true],
    ['Deny', { NotResource: [variable, KEY] }, false],
  ])('%s with %j: %s', (Effect, element, outcome) => {
    const { trace } = evaluate([policy([{ Effect, Action: '*', ...element }])], ask())
    expect(trace.map(({ matched }) => matched)).toEqual([outcome !== false])
    const undecidable = outcome === 'variable-ambiguous' ? [outcome] : []
    expect(trace.flatMap((entry) => ('undecidable' in entry ? entry.undecidable : []))).toEqual(
      undecidable,
    )
  })

  test('unless another condition is unmet', () => {
    const Condition = { StringEquals: { [site]: 'cam1', name: 'other' } }
    expect(evaluate([policy([ALLOW, { ...DENY, Condition }])], ask()).result).toBe('allow')
  })
})

test('a Deny does not match where its condition is unmet', () => {
  const Condition = { StringEquals: { a: '1' }, Null: { b: 'true' } }
  expect(evaluate([policy([{ ...DENY, Condition }])], request({ a: '2' })).result).toBe(
    'implicitDeny',
  )
})

describe('the trace', () => {
  test('names policy, place, Sid and effect of each statement, in order', () => {
    const policies = [policy([{ ...ALLOW, Sid: 'One' }, OTHER], 'fleet'), policy([DENY])]
    expect(evaluate(policies, request()).trace).toEqual([
      { policy: 'fleet', statement: 0, sid: 'One', effect: 'Allow', matched: true },
      {
        policy: 'fleet',
        statement: 1,
        effect: 'Allow',
        matched: false,
        mismatch: { on: 'action', element: 'Action', patterns: ['iot:*'] },
      },
      { statement: 0, effect: 'Deny', matched: true },
    ])
    const [, , last] = evaluate(policies, request()).trace
    expect(Object.keys(last ?? {})).toEqual(['statement', 'effect', 'matched'])
  })

  test('says which variables of a resource are unset', () => {
    const Resource = ['arn:aws:s3:::fleet/${thing}/*', 'arn:aws:s3:::${group}/${place}']
    const { trace } = evaluate([policy([{ ...ALLOW, Resource }])], request({ place: 'x' }))
    const unset = ['thing', 'group']
    expect(trace).toMatchObject([
      {
        mismatch: {
          on: 'resource',
          element: 'Resource',
          patterns: Resource,
          unsetVariables: unset,
        },
      },
    ])
  })

  test('says which patterns a NotAction or NotResource lists', () => {
    const statements = [
      { Effect: 'Allow', NotAction: ['iot:*', 's3:*'], Resource: '*' },
      { Effect: 'Allow', Action: '*', NotResource: '*' },
    ]
    expect(evaluate([policy(statements)], request()).trace).toMatchObject([
      { mismatch: { on: 'action', element: 'NotAction', patterns: ['iot:*', 's3:*'] } },
      { mismatch: { on: 'resource', element: 'NotResource', patterns: ['*'], unsetVariables: [] } },
    ])
  })

  test('says of every unmet condition what is wrong with it', () => {
    const Condition = {
      StringEquals: { here: 'x', met: 'yes', gone: '1', other: ['${thing}', '${here}'] },
      NumericLessThan: { many: '3' },
    }
    const context = { here: 'a', met: 'yes', other: 'b', many: ['1', '2'] }
    const { trace } = evaluate([policy([{ ...ALLOW, Condition }])], request(context))
    expect(trace).toEqual([
      {
        statement: 0,
        effect: 'Allow',
        matched: false,
        mismatch: {
          on: 'condition',
          conditions: [
            {
              operator: 'StringEquals',
              key: 'here',
              values: ['x'],
              why: 'value-differs',
              unsetVariables: [],
            },
            {
              operator: 'StringEquals',
              key: 'gone',
              values: ['1'],
              why: 'key-missing',
              unsetVariables: [],
            },
            {
              operator: 'StringEquals',
              key: 'other',
              values: ['${thing}', '${here}'],
              why: 'value-differs',
              unsetVariables: ['thing'],
            },
            {
              operator: 'NumericLessThan',
              key: 'many',
              values: ['3'],
              why: 'several-values-without-set-operator',
              undecidable: 'several-values',
              unsetVariables: [],
            },
          ],
        },
      },
    ])
  })

  test('is frozen through and through, and survives JSON', () => {
    const Condition = { StringEquals: { a: '${b}' } }
    const statements = [
      { ...ALLOW, Condition },
      { ...ALLOW, Resource: 'arn:aws:s3:::${x}' },
    ]
    const evaluation = evaluate([policy(statements), policy([OTHER])], request())
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation)
    const unfrozen = (value: unknown): boolean =>
      typeof value === 'object' &&
      value !== null &&
      (!Object.isFrozen(value) || Object.values(value).some(unfrozen))
    expect(unfrozen(evaluation)).toBe(false)
  })

  test('never carries a value', () => {
    const Condition = { StringEquals: { secret: '${other}' } }
    const { trace } = evaluate(
      [policy([{ ...ALLOW, Condition }])],
      request({ secret: 'S3CRET', other: 'V4LUE' }),
    )
    expect(JSON.stringify(trace)).not.toMatch(/S3CRET|V4LUE/)
  })
})

describe('evaluateSession', () => {
  const sides = (side: 'allow' | 'implicitDeny' | 'explicitDeny') =>
    [policy([{ allow: ALLOW, implicitDeny: OTHER, explicitDeny: DENY }[side]])] as const

  test.each([
    ['allow', 'allow', 'allow'],
    ['allow', 'implicitDeny', 'implicitDeny'],
    ['implicitDeny', 'allow', 'implicitDeny'],
    ['implicitDeny', 'implicitDeny', 'implicitDeny'],
    ['allow', 'explicitDeny', 'explicitDeny'],
    ['explicitDeny', 'allow', 'explicitDeny'],
    ['implicitDeny', 'explicitDeny', 'explicitDeny'],
    ['explicitDeny', 'implicitDeny', 'explicitDeny'],
  ] as const)('role %s and session %s: %s', (role, session, result) => {
    const evaluation = evaluateSession(sides(role), sides(session), request())
    expect(evaluation).toEqual({
      result,
      role: evaluate(sides(role), request()),
      session: evaluate(sides(session), request()),
    })
    expect(Object.isFrozen(evaluation)).toBe(true)
  })

  test('no session policies allow nothing', () => {
    expect(evaluateSession(sides('allow'), [], request()).result).toBe('implicitDeny')
  })
})

test('decides within time whatever resource a caller sends', () => {
  const Resource = `arn:aws:s3:::${'*a'.repeat(500)}*b`
  const statements = [
    { ...ALLOW, Resource },
    { ...DENY, Resource },
  ]
  const start = performance.now()
  const resource = `arn:aws:s3:::${'a'.repeat(8000)}`
  expect(evaluate([policy(statements)], request({}, resource)).result).toBe('implicitDeny')
  expect(performance.now() - start).toBeLessThan(1000)
})
