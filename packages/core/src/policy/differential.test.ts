// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ReferencePolicy,
  type ReferenceQuestion,
  type ReferenceStatement,
  referenceDecide,
  referenceMatches,
} from '../../testing/reference-evaluator.ts'
import { parsePolicyDocument } from './document.ts'
import { evaluate, evaluateSession, type NamedPolicy } from './evaluate.ts'
import { codePointsOf, matchesTokens, tokensOf } from './pattern.ts'
import { createRequestContext } from './request-context.ts'

// Small alphabets: two random texts must meet often, or only denials would be compared.
const textOf = (pieces: readonly string[], maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...pieces), { maxLength }).map((parts) => parts.join(''))

const KEYS = [
  'app:s',
  'APP:S',
  'app:t',
  'iot:Certificate.Subject.CommonName',
  'iot:ClientId',
  '__proto__',
  'toString',
]
const RAW = [
  'a',
  'b',
  'A',
  'ſ',
  'S',
  '/',
  ':',
  '*',
  '?',
  '$',
  '{',
  '}',
  '+',
  '\n',
  '😀',
  '${app:s}',
]
const PATTERN = [
  ...['a', 'b', 'A', 's', '/', ':', '*', '*', '?', '$', '😀', '\n', '+'],
  ...[
    '${app:s}',
    '${App:T}',
    '${iot:certificate.subject.commonname}',
    '${iot:ClientId}',
    '${App:S}',
  ],
  ...['${*}', '${?}', '${$}', "${app:t, 'a'}", '${toString}', "${app:t,'b*'}", '${app:unset}'],
]

const value = textOf(RAW, 3)
const arn = fc
  .tuple(fc.constantFrom('s3', 's3', 'iot'), textOf(['a', ':', 'b'], 1), textOf(RAW, 3))
  .map(([service, account, rest]) => `arn:aws:${service}::${account}:${rest}`)
const arnPattern = fc
  .tuple(
    fc.constantFrom('arn:aws:s3::', 'arn:aws:*::', 'arn:*:*::', 'a?n:aws:?3:*:', '*:*:*:*:'),
    textOf(['a', '*', '*', '?'], 1),
    textOf(PATTERN, 3),
  )
  .map(([head, account, rest]) => `${head}${account}:${rest}`)
const resourcePattern = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom('*', '**', 'arn:aws:*', 'arn:*a', '*:*', 'arn:aws:s3:?'),
  },
  { weight: 6, arbitrary: arnPattern },
)

const ORDERS = [
  ...['Equals', 'NotEquals', 'LessThan', 'LessThanEquals'],
  ...['GreaterThan', 'GreaterThanEquals'],
]
// What a policy may hold, and beside it what only a request may.
const NUMBERS = ['1', '2', '3.5', '-1', '10', '1e1']
const NO_NUMBERS = ['10abc', '', ' 1', '0x1']
const INSTANTS = [
  ...['2020-01-01T00:00:00Z', '2020-01-01T00:00:00.000Z', '2019-12-31T19:00:00-05:00'],
  ...['1577836800', '1577836801', '2020-01-01', '2020-01-02T00:00:00.5Z'],
]
const NO_INSTANTS = ['yesterday', '', '2020-01-01T00:00:00']
const BINARIES = ['QQ==', 'QR==', 'QUI=', 'QUJD', '', 'QUJDQQ==']
const NO_BINARIES = ['QQ', 'Q===', 'Q!==']
const IPS = ['10.0.0.1', '10.127.255.255', '10.128.0.0', '::1', '2001:db8::1']
const NO_IPS = ['1.2.3', '01.2.3.4', '10.0.0.0/8']
const RANGES = [...IPS, '10.0.0.0/9', '0.0.0.0/0', '::/0', '2001:db8::/32', '::1/128']

/** Operators of a family without decoration, its own condition key, and where values come from. */
type Family = {
  readonly key: string
  readonly operators: readonly string[]
  readonly policyValue: fc.Arbitrary<string | number | boolean>
  readonly requestValue: fc.Arbitrary<string>
}

const FAMILIES: readonly Family[] = [
  {
    key: 'app:s',
    operators: [
      ...['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'],
      ...['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
    ],
    policyValue: textOf(PATTERN, 3),
    requestValue: value,
  },
  {
    key: 'app:arn',
    operators: ['ArnLike', 'ArnNotLike', 'ArnEquals', 'ArnNotEquals'],
    policyValue: fc.oneof(arnPattern, fc.constantFrom('*', '${app:arn}')),
    requestValue: fc.oneof(arn, value),
  },
  {
    key: 'app:n',
    operators: ORDERS.map((order) => `Numeric${order}`),
    policyValue: fc.constantFrom(...NUMBERS, 1, 10, 3.5),
    requestValue: fc.constantFrom(...NUMBERS, ...NO_NUMBERS),
  },
  {
    key: 'app:d',
    operators: ORDERS.map((order) => `Date${order}`),
    policyValue: fc.constantFrom(...INSTANTS, 1577836800),
    requestValue: fc.constantFrom(...INSTANTS, ...NO_INSTANTS),
  },
  {
    key: 'app:b',
    operators: ['Bool'],
    policyValue: fc.constantFrom('true', 'False', true, false),
    requestValue: fc.constantFrom('true', 'false', 'TRUE', '1'),
  },
  {
    key: 'app:bin',
    operators: ['BinaryEquals'],
    policyValue: fc.constantFrom(...BINARIES),
    requestValue: fc.constantFrom(...BINARIES, ...NO_BINARIES),
  },
  {
    key: 'app:ip',
    operators: ['IpAddress', 'NotIpAddress'],
    policyValue: fc.constantFrom(...RANGES),
    requestValue: fc.constantFrom(...IPS, ...NO_IPS),
  },
]

const oneOrMany = <T>(item: fc.Arbitrary<T>, minLength: number): fc.Arbitrary<T | T[]> =>
  fc.oneof({ weight: 2, arbitrary: item }, fc.array(item, { minLength, maxLength: 3 }))

const exists = fc.record({ Null: fc.record({ 'app:s': fc.constantFrom('true', 'false', true) }) })

const condition = fc.oneof(
  exists,
  ...FAMILIES.map(({ key, operators, policyValue }) =>
    fc
      .tuple(
        fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
        fc.constantFrom(...operators),
        fc.constantFrom('', '', 'IfExists'),
        fc.constantFrom(key, key, key, key.toUpperCase(), 'App:S', ...KEYS),
        oneOrMany(policyValue, 0),
      )
      .map(([set, operator, ifExists, name, values]) => ({
        [`${set}${operator}${ifExists}`]: { [name]: values },
      })),
  ),
)

const action = fc.constantFrom('s3:Get', 's3:Get', 'S3:GET', 'iot:Get')
const actionPattern = fc.constantFrom('*', 's3:*', 's3:?et', 'S3:get', 's3:G', '*:Get')

const statement: fc.Arbitrary<ReferenceStatement> = fc
  .tuple(
    fc.constantFrom('Allow', 'Allow', 'Deny'),
    fc.constantFrom('Action', 'Action', 'Action', 'NotAction'),
    oneOrMany(actionPattern, 1),
    fc.constantFrom('Resource', 'Resource', 'NotResource'),
    oneOrMany(resourcePattern, 1),
    fc.oneof(fc.constant([]), fc.array(condition, { maxLength: 2 })),
  )
  .map(([effect, actions, actionList, resources, resourceList, conditions]) => ({
    Effect: effect as 'Allow' | 'Deny',
    [actions]: actionList,
    [resources]: resourceList,
    Condition: Object.assign({}, ...conditions),
  }))

const policy: fc.Arbitrary<ReferencePolicy> = fc
  .tuple(
    fc.constantFrom('2012-10-17', '2012-10-17', '2012-10-17', '2008-10-17', undefined),
    fc.oneof(statement, fc.array(statement, { minLength: 1, maxLength: 3 })),
  )
  .map(([version, Statement]) =>
    version === undefined ? { Statement } : { Version: version, Statement },
  )

const context = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...KEYS), oneOrMany(value, 0)), { maxLength: 4 }),
    ...FAMILIES.map(({ key, requestValue }) =>
      fc.option(
        oneOrMany(requestValue, 0).map((values) => [key, values] as const),
        { freq: 4 },
      ),
    ),
  )
  // `fromEntries` defines its keys, `__proto__` too, where an assignment would not.
  .map(([texts, ...own]) =>
    Object.fromEntries([...own.filter((entry) => entry !== null), ...texts]),
  )

const question: fc.Arbitrary<ReferenceQuestion> = fc.record(
  {
    dialect: fc.constantFrom('iot', 'iam'),
    policies: fc.array(policy, { maxLength: 3 }),
    sessionPolicies: fc.array(policy, { maxLength: 2 }),
    request: fc.record({ action, resource: fc.oneof(arn, fc.constant('*')), context }),
  },
  { requiredKeys: ['dialect', 'policies', 'request'] },
)

function parsed(policies: readonly ReferencePolicy[], dialect: 'iot' | 'iam'): NamedPolicy[] {
  return policies.map((json) => {
    const parse = parsePolicyDocument(JSON.stringify(json), dialect)
    if (!parse.ok) throw new Error(parse.problem)
    return { document: parse.document }
  })
}

function decide({ dialect, policies, sessionPolicies, request }: ReferenceQuestion): string {
  const asked = { ...request, context: createRequestContext(Object.entries(request.context)) }
  const role = parsed(policies, dialect)
  return sessionPolicies === undefined
    ? evaluate(role, asked).result
    : evaluateSession(role, parsed(sessionPolicies, dialect), asked).result
}

/** One statement by itself, so that no other hides what it decides. */
const lone = (statement: fc.Arbitrary<ReferenceStatement>): fc.Arbitrary<ReferenceQuestion> =>
  fc.record({
    dialect: fc.constantFrom('iot', 'iam'),
    policies: statement.map((Statement) => [{ Version: '2012-10-17', Statement }]),
    request: fc.record({ action: fc.constant('s3:Get'), resource: arn, context }),
  })

const effect = fc.constantFrom('Allow' as const, 'Deny' as const)

const oneCondition = lone(
  fc.record({
    Effect: effect,
    Action: fc.constant('*'),
    Resource: fc.constant('*'),
    Condition: condition,
  }),
)

const oneResource = lone(
  fc
    .record({ Effect: effect, name: fc.constantFrom('Resource', 'NotResource'), arnPattern })
    .map(({ Effect, name, arnPattern: pattern }) => ({ Effect, Action: '*', [name]: pattern })),
)

// Far above what it takes: the limit is for a hang, not for a busy machine.
const TIMEOUT_MILLISECONDS = 60_000

test.each([
  ['random policies', question, 4_000],
  ['one condition', oneCondition, 4_000],
  ['one resource', oneResource, 2_000],
] as const)(
  'engine and reference evaluator decide every request alike: %s',
  { timeout: TIMEOUT_MILLISECONDS },
  (_, arbitrary, numRuns) => {
    const seen = new Map<string, number>()
    fc.assert(
      fc.property(arbitrary, (asked) => {
        const result = referenceDecide(asked)
        seen.set(result, (seen.get(result) ?? 0) + 1)
        expect(decide(asked)).toBe(result)
      }),
      { numRuns },
    )
    // A generator that only ever got denied would compare nothing.
    expect(seen.get('allow')).toBeGreaterThan(50)
    expect(seen.get('explicitDeny')).toBeGreaterThan(50)
  },
)

test('matcher and dynamic programming agree on every random pattern and text', {
  timeout: TIMEOUT_MILLISECONDS,
}, () => {
  fc.assert(
    fc.property(
      textOf(['a', 'b', '*', '?', '😀'], 8),
      textOf(['a', 'b', '*', '😀'], 10),
      (pattern, text) => {
        expect(matchesTokens(tokensOf(pattern), codePointsOf(text))).toBe(
          referenceMatches(pattern, text),
        )
      },
    ),
    { numRuns: 10_000 },
  )
})
