import { expect, test } from 'vitest'
import { rewritePolicy } from './rewrite-policy.ts'

const from = { partition: 'aws', region: 'eu-central-1', account: '111122223333' }
const to = { partition: 'aws', region: 'us-east-1', account: '123456789012' }
const old = (resource: string) => `arn:aws:iot:eu-central-1:111122223333:${resource}`
const made = (resource: string) => `arn:aws:iot:us-east-1:123456789012:${resource}`
const policy = (statement: unknown) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statement })

test.each([
  ['one resource', { Resource: old('thing/a') }, { Resource: made('thing/a') }],
  ['a list', { NotResource: ['*', old('a')] }, { NotResource: ['*', made('a')] }],
  [
    'condition values',
    { Condition: { ArnLike: { 'aws:SourceArn': [old('rule/x')] } } },
    { Condition: { ArnLike: { 'aws:SourceArn': [made('rule/x')] } } },
  ],
])('ARNs in %s are turned', (_, before, after) => {
  const alone = rewritePolicy(policy(before), from, to)
  expect(alone).toMatchObject({ document: policy(after), foreign: [] })
  expect(rewritePolicy(policy([before]), from, to)).toMatchObject({ document: policy([after]) })
})

test('each change is told', () => {
  const document = policy([{ Resource: [old('thing/a'), old('thing/b')] }])
  expect(rewritePolicy(document, from, to)).toMatchObject({
    rewritten: [
      { from: old('thing/a'), to: made('thing/a') },
      { from: old('thing/b'), to: made('thing/b') },
    ],
  })
})

test.each([
  ['no ARN of the account', `{ "Version" : "2012-10-17", "Statement": [] }`],
  ['an ARN where none is meant', policy([{ Sid: old('thing/a'), Action: old('thing/b') }])],
  ['an ARN outside of statements', JSON.stringify({ Id: old('thing/a'), Resource: old('b') })],
])('a document with %s stays byte for byte', (_, document) => {
  expect(rewritePolicy(document, from, to)).toEqual({ document, rewritten: [], foreign: [] })
})

test('ARNs of elsewhere are told and stay', () => {
  const foreign = 'arn:aws:iot:eu-central-1:999999999999:thing/a'
  const document = policy([{ Resource: [foreign] }])
  expect(rewritePolicy(document, from, to)).toEqual({
    document,
    rewritten: [],
    foreign: [{ arn: foreign, countsHere: false }],
  })
})

test.each([
  ['no JSON', '{'],
  ['a key that stands twice', '{"Statement":[],"Statement":[]}'],
])('a document with %s is a problem', (_, document) => {
  expect(rewritePolicy(document, from, to)).toEqual({ problem: expect.any(String) })
})

test('odd keys survive', () => {
  const document = `{"Statement":{"__proto__":{"a":1},"Resource":"${old('thing/a')}","n":1.5,"b":null}}`
  expect(rewritePolicy(document, from, to)).toMatchObject({
    document: document.replace(old('thing/a'), made('thing/a')),
  })
})
