// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are plain text
import { describe, expect, test } from 'vitest'
import { judgePolicySize, parsePolicyDocument } from './document.ts'
import { evaluate, type NamedPolicy } from './evaluate.ts'
import { createRequestContext } from './request-context.ts'
import { createStepMeter, MOST_STEPS } from './step-meter.ts'

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

const repeat = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item)

/** The largest policy of its kind that may be stored. */
function largest(make: (count: number) => readonly Statement[]): string {
  let count = 1
  while (judgePolicySize(textOf(make(count + 1))) === undefined) count++
  return textOf(make(count))
}

/** 10 of a certificate and 2 of each of 70 groups. */
const MOST_POLICIES = 150

const NAME = 'iot:Certificate.Subject.CommonName'
const LIST = 'iot:Certificate.Subject.CommonName.List'
const KEYS = 'iot:Certificate.AvailableKeys'
const ATTRIBUTE = 'iot:Connection.Thing.Attributes[a]'
const FLEET = 'arn:aws:iot:us-east-1:123456789012:rolealias/'

/** Every value as long as it can be, and as bad for a pattern of stars. */
const asked = {
  action: 'iot:AssumeRoleWithCertificate',
  resource: `${FLEET}${'a'.repeat(128)}`,
  context: createRequestContext([
    [NAME, 'a'.repeat(1024)],
    [LIST, repeat(5, 'a'.repeat(1024))],
    [KEYS, repeat(181, 'a'.repeat(60))],
    [ATTRIBUTE, `arn:aws:s3:::${'a'.repeat(787)}`],
    ['aws:SourceIp', '2001:db8:1:2:3:4:5:6'],
    ['thing', 'lamp-1'],
  ]),
}

const denyIf = (operator: string, key: string, values: unknown) => [
  { ...DENY, Condition: { [operator]: { [key]: values } } },
]

const hostile = {
  'stars on a long value': largest((n) => denyIf('StringLike', NAME, [`${'*a'.repeat(n)}*b`])),
  'half a star on a long value': largest((n) => denyIf('StringLike', NAME, `*${'a'.repeat(n)}b`)),
  'many patterns on long values': largest((n) =>
    denyIf('ForAnyValue:StringLike', LIST, repeat(n, '*ab')),
  ),
  'many values on many values': largest((n) =>
    denyIf('ForAllValues:StringNotEquals', KEYS, repeat(n, '')),
  ),
  'many folded values': largest((n) =>
    denyIf('ForAllValues:StringNotEqualsIgnoreCase', LIST, repeat(n, '')),
  ),
  'many ARNs': largest((n) => denyIf('ArnLike', ATTRIBUTE, repeat(n, '*:*'))),
  'many ranges': largest((n) => denyIf('IpAddress', 'aws:SourceIp', repeat(n, '::'))),
  'many variables': largest((n) => [{ ...DENY, Resource: `:::::${`\${${ATTRIBUTE}}`.repeat(n)}` }]),
  'many unset variables': largest((n) => [{ ...DENY, Resource: `:::::${'${A}'.repeat(n)}` }]),
  'many unset variables in values': largest((n) =>
    denyIf('StringNotLike', 'thing', repeat(n, '${A}')),
  ),
  'many conditions': largest((n) => [
    {
      ...DENY,
      Condition: { Null: Object.fromEntries(repeat(n, []).map((_, at) => [`A${at}`, []])) },
    },
  ]),
  'many actions': largest((n) => [{ ...DENY, Action: repeat(n, 'a:*') }]),
  'many resources': largest((n) => [{ ...DENY, Resource: repeat(n, '*b') }]),
  'many statements': largest((n) => repeat(n, ALLOW)),
}

/** What is taken over and above, until somebody looks: one statement's worth at most. */
const OVERRUN = MOST_STEPS / 10

describe('T37: the largest set of policies takes no more than the steps of an evaluation', () => {
  test.each(Object.entries(hostile))('%s', (_, text) => {
    const policies = repeat(MOST_POLICIES, policy(text, 'hostile'))
    const meter = createStepMeter()
    const evaluation = evaluate([policy(textOf([ALLOW]), 'own'), ...policies], asked, meter)
    expect(meter.left).toBeGreaterThan(-OVERRUN)
    const finished = evaluation.trace.length === 1 + policies.length * statements(text)
    expect(evaluation.outOfSteps === true).toBe(!finished)
    if (!finished) expect(evaluation.result).toBe('explicitDeny')
  })

  test('and not much time', () => {
    const text = hostile['many patterns on long values']
    const policies = repeat(MOST_POLICIES, policy(text, 'hostile'))
    const start = performance.now()
    expect(evaluate(policies, asked).outOfSteps).toBe(true)
    expect(performance.now() - start).toBeLessThan(5000) // some 5 ms when nothing else runs
  })

  // Nearly all of the steps: what such policies take beside their comparisons is what the bound was made for.
  test.each([
    ['names no resource of theirs', 'other'],
    ['names the first resource of each', 'lamp-1-upload'],
    ['names the last resource of each', 'shared-upload'],
  ])(
    'and is decided to its end when it is written like policies are, and a request %s',
    (_, alias) => {
      const own = {
        Sid: 'OwnPrefixOnly',
        Effect: 'Allow',
        Action: ['iot:Connect', 'iot:AssumeRoleWithCertificate'],
        Resource: [`${FLEET}\${thing}-*`, `${FLEET}shared-*`],
        Condition: {
          StringLike: { [NAME]: ['lamp-*', 'lock-*'] },
          IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:db8::/32'] },
        },
      }
      const text = largest((n) => repeat(n, own))
      const policies = repeat(MOST_POLICIES, policy(text, 'fleet'))
      const longest = `lamp-${'a'.repeat(59)}` // 64 characters: ub-common-name of RFC 5280
      const request = {
        ...asked,
        resource: `${FLEET}${alias}`,
        context: createRequestContext([...asked.context.entries, [NAME, longest]]),
      }
      const evaluation = evaluate([...policies, policy(textOf([ALLOW]), 'own')], request)
      expect(evaluation.outOfSteps).toBeUndefined()
      expect(evaluation.result).toBe('allow')
    },
  )
})

function statements(text: string): number {
  return JSON.parse(text).Statement.length
}
