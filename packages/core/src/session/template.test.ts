// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import { describe, expect, test } from 'vitest'
import { parseSessionTemplate } from './template.ts'

const own = {
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::b/${iot:CertificateId}',
}

function policy(statement: unknown, others: object = {}): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statement, ...others })
}

/** A policy of one statement, which is the valid one with changes; undefined leaves an element out. */
function changed(changes: object): string {
  return policy([{ ...own, ...changes }])
}

function resource(text: unknown): string {
  return changed({ Resource: text })
}

function condition(operator: string, value: unknown): string {
  return changed({ Condition: { [operator]: { 'aws:x': value } } })
}

const ARN = 'arn:aws:s3:::b/'

describe('a template is refused', () => {
  const invalid: readonly (readonly [what: string, text: string, problem: string])[] = [
    ['that is no JSON', '{', 'line 1, column 2: expected a quoted key'],
    [
      'with a key that stands twice',
      '{"Version":"2012-10-17","Version":"2012-10-17"}',
      'line 1, column 25: the key "Version" stands twice',
    ],
    ['that is no object', '[]', 'the policy: must be an object'],
    ['with an unknown element', policy(own, { Statements: [] }), '"Statements" is no element'],
    ['without Version', JSON.stringify({ Statement: own }), 'Version must be 2012-10-17'],
    ['of the older Version', policy(own, { Version: '2008-10-17' }), 'Version must be 2012-10-17'],
    ['with an Id that is no string', policy(own, { Id: 1 }), 'Id: must be a string'],
    [
      'without Statement',
      JSON.stringify({ Version: '2012-10-17' }),
      'Statement[0]: must be an object',
    ],
    ['with an empty Statement', policy([]), 'Statement: must not be empty'],
    ['with a statement that is no object', policy([own, 'x']), 'Statement[1]: must be an object'],
    [
      'with an unknown element in a statement',
      changed({ Principal: '*' }),
      'Statement[0]: "Principal" is no element',
    ],
    [
      'and names the Sid',
      changed({ Sid: 'Own', Principal: '*' }),
      'Statement[0] (Sid "Own"): "Principal" is no element',
    ],
    ['with a Sid that is no string', changed({ Sid: 1 }), 'Statement[0]: Sid: must be a string'],
    [
      'without Effect',
      changed({ Effect: undefined }),
      'Statement[0]: Effect: must be Allow or Deny',
    ],
    [
      'with another Effect',
      changed({ Effect: 'allow' }),
      'Statement[0]: Effect: must be Allow or Deny',
    ],
    [
      'without Action',
      changed({ Action: undefined }),
      'Statement[0]: needs either Action or NotAction',
    ],
    [
      'with both Actions',
      changed({ NotAction: 's3:x' }),
      'Statement[0]: needs either Action or NotAction',
    ],
    [
      'with an empty Action',
      changed({ Action: [] }),
      'Statement[0]: Action: must be a string or a list of strings',
    ],
    [
      'with an Action that is no string',
      changed({ Action: ['s3:x', 1] }),
      'Statement[0]: Action: must be a string or a list of strings',
    ],
    [
      'with an Action without service',
      changed({ Action: 'GetObject' }),
      'Statement[0]: Action: "GetObject" is no action',
    ],
    [
      'with an Action that only begins like one',
      changed({ Action: '*x' }),
      'Statement[0]: Action: "*x" is no action',
    ],
    [
      'with an Action that only ends like one',
      changed({ Action: '/s3:x' }),
      'Statement[0]: Action: "/s3:x" is no action',
    ],
    [
      'with an Action that goes on',
      changed({ Action: 's3:x/' }),
      'Statement[0]: Action: "s3:x/" is no action',
    ],
    [
      'with a NotAction that is none',
      changed({ Action: undefined, NotAction: 'x' }),
      'Statement[0]: NotAction: "x" is no action',
    ],
    ['without Resource', resource(undefined), 'Statement[0]: needs either Resource or NotResource'],
    [
      'with both Resources',
      changed({ NotResource: '*' }),
      'Statement[0]: needs either Resource or NotResource',
    ],
    [
      'with an empty Resource',
      resource([]),
      'Statement[0]: Resource: must be a string or a list of strings',
    ],
    [
      'with a Resource that is no ARN',
      resource('b/x'),
      'Statement[0]: Resource: "b/x" is neither * nor an ARN',
    ],
    [
      'with a Resource that begins with a star',
      resource('*b'),
      'Statement[0]: Resource: "*b" is neither * nor an ARN',
    ],
    [
      'with a Resource that has an ARN inside',
      resource('x arn:aws:s3:::b'),
      'Statement[0]: Resource: "x arn:aws:s3:::b" is neither * nor an ARN',
    ],
    [
      'with a NotResource that is none',
      changed({ Resource: undefined, NotResource: ['x'] }),
      'Statement[0]: NotResource: "x" is neither * nor an ARN',
    ],
    [
      'with a Condition that is no object',
      changed({ Condition: [] }),
      'Statement[0]: Condition: must be an object',
    ],
    [
      'with an operator that is no object',
      changed({ Condition: { Bool: true } }),
      'Statement[0]: Condition: "Bool": must be an object',
    ],
    [
      'with an unknown operator',
      condition('StringMatches', 'x'),
      'Statement[0]: Condition: "StringMatches": is no operator',
    ],
    [
      'with a null value',
      condition('StringEquals', null),
      'Statement[0]: Condition: "StringEquals": "aws:x": must be a string, a boolean or a number within 2^53',
    ],
    [
      'with an object as value',
      condition('StringEquals', [{}]),
      'Statement[0]: Condition: "StringEquals": "aws:x": must be a string, a boolean or a number within 2^53',
    ],
    [
      'with a number that a double cannot hold',
      condition('NumericEquals', -(2 ** 53)),
      'Statement[0]: Condition: "NumericEquals": "aws:x": must be a string, a boolean or a number within 2^53',
    ],
    [
      'with an empty placeholder',
      resource(`${ARN}\${}`),
      'Statement[0]: Resource: a placeholder is empty or malformed',
    ],
    [
      'with a blank placeholder',
      resource(`${ARN}\${ }`),
      'Statement[0]: Resource: a placeholder is empty or malformed',
    ],
    [
      'with a default and no name',
      resource(`${ARN}\${, 'x'}`),
      'Statement[0]: Resource: a placeholder is empty or malformed',
    ],
    [
      'with space before a name',
      resource(`${ARN}\${ iot:CertificateId}`),
      'Statement[0]: Resource: a placeholder is empty or malformed',
    ],
    [
      'with space after a name',
      resource(`${ARN}\${iot:CertificateId }`),
      'Statement[0]: Resource: a placeholder is empty or malformed',
    ],
    [
      'with an unquoted default',
      resource(`${ARN}\${iot:CertificateId, x}`),
      'Statement[0]: Resource: a placeholder is empty or malformed',
    ],
    [
      'with a default in other quotes',
      resource(`${ARN}\${iot:CertificateId, "x"}`),
      'Statement[0]: Resource: a placeholder is empty or malformed',
    ],
    [
      'with text after a default',
      resource(`${ARN}\${iot:CertificateId, 'x'y}`),
      'Statement[0]: Resource: a placeholder is empty or malformed',
    ],
    [
      'with text after an attribute',
      resource(`${ARN}\${iot:Connection.Thing.Attributes[a]b}`),
      'Statement[0]: Resource: a placeholder is empty or malformed',
    ],
    [
      'with a placeholder inside another',
      resource(`${ARN}\${iot:Connection.Thing.Attributes[\${iot:CertificateId}]}`),
      'Statement[0]: Resource: a placeholder stands inside another ${',
    ],
    [
      'with a placeholder inside a variable of IAM',
      resource(`${ARN}\${aws:PrincipalTag/\${iot:CertificateId}}`),
      'Statement[0]: Resource: a placeholder stands inside another ${',
    ],
    [
      'with a placeholder that is not closed',
      resource(`${ARN}\${iot:CertificateId`),
      'Statement[0]: Resource: a placeholder is not closed',
    ],
    [
      'with the second of two not closed',
      resource(`${ARN}\${aws:x\${IOT:CertificateId`),
      'Statement[0]: Resource: a placeholder is not closed',
    ],
    [
      'with a bare ${ at the end',
      resource(`${ARN}\${`),
      'Statement[0]: Resource: a placeholder is not closed',
    ],
  ]
  test.each(invalid)('%s', (_, text, problem) => {
    expect(parseSessionTemplate(text)).toEqual({ ok: false, kind: 'invalidTemplate', problem })
  })

  const x = '${iot:CertificateId}'
  const misplaced: readonly (readonly [what: string, text: string, place: string])[] = [
    ['Id', policy(own, { Id: x }), 'Id'],
    ['Sid', changed({ Sid: x }), `Statement[0] (Sid "${x}"): Sid`],
    ['Effect', changed({ Effect: x }), 'Statement[0]: Effect'],
    ['Action', changed({ Action: [`s3:${x}`] }), 'Statement[0]: Action'],
    ['NotAction', changed({ Action: undefined, NotAction: x }), 'Statement[0]: NotAction'],
    ['the whole of Resource', resource(x), 'Statement[0]: Resource'],
    ['an early segment of Resource', resource(`arn:aws:s3::${x}:b`), 'Statement[0]: Resource'],
    [
      'Resource after colons that are not the ARN’s',
      resource(`arn:\${a:b:c:d:e:f}${x}`),
      'Statement[0]: Resource',
    ],
    [
      'the fifth segment of Resource',
      resource(`arn:aws:s3:\${aws:x}:${x}`),
      'Statement[0]: Resource',
    ],
    [
      'an early segment of NotResource',
      changed({ Resource: undefined, NotResource: `arn:${x}` }),
      'Statement[0]: NotResource',
    ],
    ['an operator', condition(`String${x}`, 'x'), 'Statement[0]: Condition'],
    [
      'a condition key',
      changed({ Condition: { StringEquals: { [`aws:${x}`]: '' } } }),
      'Statement[0]: Condition: "StringEquals"',
    ],
    ...[
      'NumericEquals',
      'DateLessThan',
      'Bool',
      'BinaryEquals',
      'IpAddress',
      'NotIpAddress',
      'Null',
      'NumericEqualsIfExists',
      'ForAnyValue:IpAddress',
    ].map(
      (operator) =>
        [
          `a value of ${operator}`,
          condition(operator, x),
          `Statement[0]: Condition: "${operator}": "aws:x"`,
        ] as const,
    ),
  ]
  test.each(misplaced)('with a placeholder in %s', (_, text, place) => {
    const problem = `${place}: \${iot:CertificateId} may not stand here`
    expect(parseSessionTemplate(text)).toEqual({
      ok: false,
      kind: 'placeholderNotAllowed',
      problem,
    })
  })

  test('for the place of a placeholder before its name', () => {
    expect(parseSessionTemplate(resource('arn:${iot:Nothing}'))).toMatchObject({
      kind: 'placeholderNotAllowed',
    })
  })

  test.each([
    'iot:Nothing',
    'thingpass:Ip',
    'credentials-iot:ThingGroup',
    'iot:ClientId',
    'iot:Connection.Thing.Attributes[a b]',
  ])('with the unknown variable %s', (name) => {
    const problem = `Statement[0]: Resource: \${${name}} is no variable`
    const text = resource(`${ARN}\${${name}}`)
    expect(parseSessionTemplate(text)).toEqual({ ok: false, kind: 'unknownVariable', problem })
  })

  test.each([
    ['in a Resource', resource(`${ARN}\${iot:Certificate.Subject.Country.List}`), 'Resource'],
    [
      'in part of a value',
      condition('StringEquals', 'x${iot:Certificate.Subject.Country.List}'),
      'Condition: "StringEquals": "aws:x"',
    ],
  ])('with a list %s', (_, text, place) => {
    const problem = `Statement[0]: ${place}: \${iot:Certificate.Subject.Country.List} is a list and must be the whole condition value`
    expect(parseSessionTemplate(text)).toEqual({ ok: false, kind: 'multiValuedVariable', problem })
  })

  test.each([
    ['Action', changed({ Action: 's3:東' }), 'Statement[0]: Action'],
    ['Resource', resource(`${ARN}\u0100`), 'Statement[0]: Resource'],
    ['an operator', condition('String東', 'x'), 'Statement[0]: Condition'],
    [
      'a condition key',
      changed({ Condition: { StringEquals: { '\u0000': '' } } }),
      'Statement[0]: Condition: "StringEquals"',
    ],
    [
      'a value',
      condition('StringEquals', '\u001f'),
      'Statement[0]: Condition: "StringEquals": "aws:x"',
    ],
  ])('T22: with a character in %s that STS does not take', (_, text, place) => {
    const problem = `${place}: has a character that STS refuses`
    expect(parseSessionTemplate(text)).toEqual({ ok: false, kind: 'unsupportedCharacter', problem })
  })

  test('T22: with a default that would be refused as a value', () => {
    const problem =
      "Statement[0]: Resource: the default of ${iot:CertificateId} has '/', which may not stand here"
    const text = resource(`${ARN}\${iot:CertificateId, 'a/b'}`)
    expect(parseSessionTemplate(text)).toEqual({ ok: false, kind: 'unsafeValue', problem })
  })
})

describe('a template is read', () => {
  test.each([
    ['with a lone statement', policy(own, { Id: 'x' })],
    [
      'with NotAction and NotResource',
      changed({
        Action: undefined,
        NotAction: ['s3:Get*', '*'],
        Resource: undefined,
        NotResource: `${ARN}*`,
      }),
    ],
    ['with Deny', changed({ Effect: 'Deny' })],
    ['with a star for everything', changed({ Action: '*', Resource: '*' })],
    ['with a Sid that would not be sent', changed({ Sid: '東' })],
    ['with an empty condition', changed({ Condition: {} })],
    ['with values that are no text', condition('NumericEquals', [2 ** 53 - 1, 1.5, true])],
    ['with a placeholder after the fifth colon', resource('arn:a:b:c:d:${iot:CertificateId}')],
    ['with the last characters that STS takes', condition('StringEquals', '\t\n\r \u00ff')],
  ])('%s', (_, text) => {
    expect(parseSessionTemplate(text)).toMatchObject({ ok: true })
  })

  test('and is frozen through and through', () => {
    const reading = parseSessionTemplate(
      changed({ Condition: { StringEquals: { 'aws:x': ['${iot:CertificateId}'] } } }),
    )
    if (!reading.ok) throw new Error(reading.problem)
    const held: object[] = [reading.template]
    for (const value of held) {
      expect(Object.isFrozen(value)).toBe(true)
      held.push(...Object.values(value).filter((inner) => typeof inner === 'object'))
    }
    expect(held.length).toBeGreaterThan(10)
  })
})
