import { describe, expect, test } from 'vitest'
import { rewriteRolePolicy } from './rewrite-role-policy.ts'

const policy = (statement: unknown, version: string | undefined = '2012-10-17') =>
  JSON.stringify({ Version: version, Statement: statement })
const parsed = (document: string) => {
  const rewritten = rewriteRolePolicy(document)
  return 'problem' in rewritten ? rewritten : JSON.parse(rewritten.document)
}
const tag = (key: string) => `aws:PrincipalTag/credentials-iot:${key}`
const OLD = (key: string) => `\${credentials-iot:${key}}`
const NEW = (key: string) => `\${${tag(key)}}`

test.each([
  [
    'a resource',
    { Resource: `s3/${OLD('ThingName')}/*` },
    { Resource: `s3/${NEW('ThingName')}/*` },
  ],
  ['a list of resources', { Resource: [OLD('ThingName')] }, { Resource: [NEW('ThingName')] }],
  ['NotResource', { NotResource: OLD('ThingTypeName') }, { NotResource: NEW('ThingTypeName') }],
  [
    'two in one text',
    { Resource: `${OLD('ThingName')}/${OLD('AwsCertificateId')}` },
    { Resource: `${NEW('ThingName')}/${NEW('AwsCertificateId')}` },
  ],
  [
    'a default value',
    { Resource: "${credentials-iot:ThingName, 'none'}" },
    { Resource: "${aws:PrincipalTag/credentials-iot:ThingName, 'none'}" },
  ],
  [
    'another letter case',
    { Resource: '${Credentials-IoT:thingname}' },
    { Resource: NEW('ThingName') },
  ],
  [
    'a condition key',
    { Condition: { StringEquals: { 'credentials-iot:ThingTypeName': 'camera' } } },
    { Condition: { StringEquals: { [tag('ThingTypeName')]: 'camera' } } },
  ],
  [
    'a condition value',
    { Condition: { StringLike: { 's3:prefix': [`${OLD('ThingName')}/*`] } } },
    { Condition: { StringLike: { 's3:prefix': [`${NEW('ThingName')}/*`] } } },
  ],
  [
    'key and value of Null',
    { Condition: { Null: { 'credentials-iot:thingNAME': 'true' } } },
    { Condition: { Null: { [tag('ThingName')]: 'true' } } },
  ],
])('%s is rewritten', (_, before, after) => {
  expect(parsed(policy(before))).toEqual(JSON.parse(policy(after)))
  expect(parsed(policy([{ Effect: 'Allow' }, before])).Statement[1]).toEqual(after)
})

test.each([
  ['none of the keys', { Resource: '${aws:username}', Condition: { Bool: { 'aws:x': 'true' } } }],
  ['them where they mean nothing', { Sid: OLD('ThingName'), Action: OLD('ThingName') }],
  [
    'their name without being one',
    { Resource: 'credentials-iot:ThingName ${x:credentials-iot:ThingName}' },
  ],
])('a policy with %s stays byte for byte', (_, statement) => {
  const document = ` ${policy(statement)}`
  expect(rewriteRolePolicy(document)).toEqual({ document, keys: [] })
})

test('each change is told once, as it stood and as it stands', () => {
  const statement = {
    Resource: `a/${OLD('ThingName')}`,
    Condition: { StringEquals: { 'credentials-iot:AwsCertificateId': OLD('AwsCertificateId') } },
  }
  expect(rewriteRolePolicy(policy(statement))).toMatchObject({
    keys: [
      { from: `a/${OLD('ThingName')}`, to: `a/${NEW('ThingName')}` },
      { from: 'credentials-iot:AwsCertificateId', to: tag('AwsCertificateId') },
      { from: OLD('AwsCertificateId'), to: NEW('AwsCertificateId') },
    ],
  })
})

describe('a policy is not rewritten', () => {
  test.each([
    ['that is no JSON', '{'],
    ['in which a key stands twice', '{"Statement":[],"Statement":[]}'],
    ['with a key that AWS does not have', policy({ Resource: OLD('Attributes') })],
    [
      'with a condition key that AWS does not have',
      policy({ Condition: { StringEquals: { 'credentials-iot:': 'x' } } }),
    ],
    [
      'that would name one tag twice',
      policy({
        Condition: { StringEquals: { 'credentials-iot:ThingName': 'a', [tag('thingname')]: 'b' } },
      }),
    ],
    ['of an older version', policy({ Resource: OLD('ThingName') }, '2008-10-17')],
    ['without a version', policy({ Resource: OLD('ThingName') }, '')],
  ])('%s', (_, document) => {
    expect(rewriteRolePolicy(document)).toEqual({ problem: expect.any(String) })
  })
})

test.each([
  '[]',
  '"x"',
  '{"Statement":["x",null],"Version":"2012-10-17"}',
  '{"Statement":{"Condition":{"StringEquals":[]}}}',
])('what is no policy (%s) is left alone', (document) =>
  expect(rewriteRolePolicy(document)).toEqual({ document, keys: [] }),
)
