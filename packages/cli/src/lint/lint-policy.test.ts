import { describe, expect, test } from 'vitest'
import type { LintRule } from './finding.ts'
import { lintPolicy } from './lint-policy.ts'

const variable = (name: string) => `\${${name}}`
const THING = variable('iot:Connection.Thing.ThingName')
const ALIAS = 'arn:aws:iot:us-east-1:123456789012:rolealias/camera'
const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::b/${THING}/*` }
const deny = { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/secret/*' }
const document = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
type Row = readonly [
  what: string,
  text: string,
  options?: { session?: boolean; rolePolicy?: string },
]

const rulesOf = ([, text, options]: Row) =>
  lintPolicy(text, { session: false, ...options }).map(({ rule }) => rule)

// Rows that a rule finds, and their neighbours that it leaves alone: a rule without rows does not compile.
const rows: Record<LintRule, { readonly found: readonly Row[]; readonly left: readonly Row[] }> = {
  'invalid-policy': {
    found: [
      ['no JSON', '{'],
      ['no Statement', '{"Version":"2012-10-17"}'],
      ['a role policy that is none', document(allow), { rolePolicy: '{}' }],
    ],
    left: [['a valid policy', document(allow)]],
  },
  'invalid-session-policy': {
    found: [
      [
        'an unknown variable',
        document({ ...allow, Resource: `arn:aws:s3:::b/${variable('iot:ClientId')}` }),
        { session: true },
      ],
    ],
    left: [
      [
        'the same as an IoT policy',
        document({ ...allow, Resource: `arn:aws:s3:::b/${variable('iot:ClientId')}` }),
      ],
      ['a template', document(allow), { session: true }],
    ],
  },
  'version-missing': {
    found: [
      ['no Version', JSON.stringify({ Statement: [allow] })],
      ['the old Version', JSON.stringify({ Version: '2008-10-17', Statement: [deny] })],
    ],
    left: [['the Version', document(allow)]],
  },
  'allows-everything': {
    found: [
      ['every action on everything', document({ Effect: 'Allow', Action: '*', Resource: '*' })],
      [
        'the same among others',
        document({ Effect: 'Allow', Action: ['s3:Get*', '*'], Resource: ['*', 'arn:aws:s3:::b'] }),
      ],
    ],
    left: [
      ['a Deny of everything', document({ Effect: 'Deny', Action: '*', Resource: '*' })],
      ['one service', document({ Effect: 'Allow', Action: 's3:*', Resource: '*' })],
      ['one bucket', document({ Effect: 'Allow', Action: '*', Resource: 'arn:aws:s3:::b/*' })],
      [
        'a condition',
        document({
          ...{ Effect: 'Allow', Action: '*', Resource: '*' },
          Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
        }),
      ],
    ],
  },
  'deny-with-unset-variable': {
    found: [
      [
        'a thing variable in a resource',
        document({ ...deny, Resource: `arn:aws:s3:::b/${THING}/*` }),
      ],
      [
        'a thing variable in a condition',
        document({ ...deny, Condition: { StringEquals: { 's3:prefix': THING } } }),
      ],
    ],
    left: [
      ['an Allow', document(allow)],
      [
        'a default',
        document({
          ...deny,
          Resource: `arn:aws:s3:::b/${variable("iot:Connection.Thing.ThingName, 'none'")}/*`,
        }),
      ],
      [
        'a variable that every device has',
        document({ ...deny, Resource: `arn:aws:s3:::b/${variable('iot:CertificateId')}/*` }),
      ],
      [
        'a negated condition, which then denies',
        document({ ...deny, Condition: { StringNotEquals: { 's3:prefix': THING } } }),
      ],
      ['an escape', document({ ...deny, Resource: `arn:aws:s3:::b/${variable('*')}` })],
    ],
  },
  'deny-escaped-without-thing': {
    found: [
      [
        'a Deny of the exchange',
        document({ ...deny, Action: 'iot:AssumeRoleWithCertificate', Resource: ALIAS }),
      ],
      ['a Deny by wildcard', document({ ...deny, Action: 'IOT:Assume*', Resource: '*' })],
      [
        'a Deny by exception',
        document({ Effect: 'Deny', NotAction: 'iot:Connect', Resource: '*' }),
      ],
      [
        'a Deny by an attribute',
        document({
          ...deny,
          Action: '*',
          Condition: { StringEquals: { 'iot:Connection.Thing.Attributes[site]': 'p7' } },
        }),
      ],
    ],
    left: [
      ['a Deny of something else', document(deny)],
      [
        'an Allow of the exchange',
        document({ ...allow, Action: 'iot:AssumeRoleWithCertificate', Resource: ALIAS }),
      ],
      [
        'an exception for the exchange',
        document({ Effect: 'Deny', NotAction: 'iot:AssumeRoleWithCertificate', Resource: '*' }),
      ],
    ],
  },
  'deny-walked-around-by-filter': {
    found: [
      [
        'a Deny of one filter',
        document({
          ...deny,
          Action: 'iot:Subscribe',
          Resource: 'arn:aws:iot:us-east-1:123456789012:topicfilter/a/restricted/*',
        }),
      ],
    ],
    left: [
      [
        'a Deny of all filters',
        document({
          ...deny,
          Action: 'iot:Subscribe',
          Resource: 'arn:aws:iot:us-east-1:123456789012:topicfilter/*',
        }),
      ],
      [
        'a Deny of publishing',
        document({
          ...deny,
          Action: 'iot:Publish',
          Resource: 'arn:aws:iot:us-east-1:123456789012:topicfilter/a',
        }),
      ],
      [
        'an Allow',
        document({
          ...allow,
          Action: 'iot:Subscribe',
          Resource: 'arn:aws:iot:us-east-1:123456789012:topicfilter/a',
        }),
      ],
    ],
  },
  'wildcard-before-variable': {
    found: [
      ['a star', document({ ...allow, Resource: `arn:aws:s3:::b/*/${THING}` })],
      ['a question mark', document({ ...allow, Resource: `arn:aws:s3:::b/?${THING}` })],
    ],
    left: [
      ['a star behind', document({ ...allow, Resource: `arn:aws:s3:::b/${THING}/*` })],
      ['a star in the account', document({ ...allow, Resource: `arn:aws:sqs:*:*:${THING}` })],
      [
        'a Deny',
        document({ ...deny, Resource: `arn:aws:s3:::b/*/${variable('iot:CertificateId')}` }),
      ],
      [
        'an escaped star',
        document({ ...allow, Resource: `arn:aws:s3:::b/${variable('*')}/${THING}` }),
      ],
    ],
  },
  'exception-with-variable': {
    found: [
      [
        'an Allow of all but',
        document({ Effect: 'Allow', Action: 's3:*', NotResource: `arn:aws:s3:::b/${THING}` }),
      ],
    ],
    left: [
      [
        'an exception without variable',
        document({ Effect: 'Allow', Action: 's3:*', NotResource: 'arn:aws:s3:::b/x' }),
      ],
      [
        'a Deny of all but',
        document({ Effect: 'Deny', Action: 's3:*', NotResource: `arn:aws:s3:::b/${THING}` }),
      ],
    ],
  },
  'all-values-of-nothing': {
    found: [
      [
        'an Allow',
        document({
          ...allow,
          Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } },
        }),
      ],
    ],
    left: [
      [
        'an Allow that asks for presence',
        document({
          ...allow,
          Condition: {
            'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] },
            Null: { 'AWS:tagkeys': 'false' },
          },
        }),
      ],
      [
        'a Deny',
        document({ ...deny, Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } } }),
      ],
      [
        'ForAnyValue',
        document({ ...allow, Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } } }),
      ],
    ],
  },
  'near-size-limit': {
    found: [
      [
        '1639 characters',
        document({ ...allow, Resource: `arn:aws:s3:::b/${'x'.repeat(1529)}` }),
        { session: true },
      ],
    ],
    left: [
      [
        '1638 characters',
        document({ ...allow, Resource: `arn:aws:s3:::b/${'x'.repeat(1528)}` }),
        { session: true },
      ],
      ['an IoT policy', document({ ...allow, Resource: `arn:aws:s3:::b/${'x'.repeat(1600)}` })],
    ],
  },
  'role-does-not-allow': {
    found: [
      [
        'another action',
        document(allow),
        { session: true, rolePolicy: document({ ...allow, Action: 's3:PutObject' }) },
      ],
      [
        'another bucket',
        document(allow),
        { session: true, rolePolicy: document({ ...allow, Resource: 'arn:aws:s3:::c/*' }) },
      ],
      ['a role that only denies', document(allow), { session: true, rolePolicy: document(deny) }],
    ],
    left: [
      [
        'a wider role',
        document(allow),
        {
          session: true,
          rolePolicy: document({ ...allow, Action: 'S3:*', Resource: 'arn:aws:s3:::b/*' }),
        },
      ],
      [
        'a role that overlaps',
        document(allow),
        { session: true, rolePolicy: document({ ...allow, Resource: '*/x' }) },
      ],
      [
        'a role by exception',
        document(allow),
        {
          session: true,
          rolePolicy: document({ Effect: 'Allow', NotAction: 'iam:*', NotResource: 'x:y:z:1:2:3' }),
        },
      ],
      [
        'a Deny of the session',
        document(allow, deny),
        { session: true, rolePolicy: document(allow) },
      ],
    ],
  },
}

describe.each(Object.entries(rows))('%s', (rule, { found, left }) => {
  test.each(found.map((row) => [row[0], row] as const))('is found: %s', (_, row) => {
    expect(rulesOf(row)).toContain(rule)
  })
  test.each(left.map((row) => [row[0], row] as const))('is not found: %s', (_, row) => {
    expect(rulesOf(row)).not.toContain(rule)
  })
})

test('a finding says where, and what to do', () => {
  const text = document({ Sid: 'Own', ...deny, Resource: `arn:aws:s3:::b/${THING}/*` })
  expect(lintPolicy(text, { session: false })).toEqual([
    {
      rule: 'deny-with-unset-variable',
      place: 'statement 0 (Own)',
      message:
        'where iot:Connection.Thing.ThingName is not set this Deny is lost; give it a default, or deny without it',
    },
  ])
})
