import { describe, expect, test } from 'vitest'
import { partitionOf, placeOf, resourceOf, rewriteArn } from './rewrite-arns.ts'

const from = { partition: 'aws', region: 'eu-central-1', account: '111122223333' }
const to = { partition: 'aws-cn', region: 'cn-north-1', account: '123456789012' }

test.each([
  [
    'arn:aws:iot:eu-central-1:111122223333:rolealias/camera',
    'arn:aws-cn:iot:cn-north-1:123456789012:rolealias/camera',
  ],
  ['arn:aws:iot:*:111122223333:rolealias/*', 'arn:aws-cn:iot:*:123456789012:rolealias/*'],
  ['arn:aws:iot:eu-central-1:*:thing/a', 'arn:aws-cn:iot:cn-north-1:*:thing/a'],
  ['arn:*:iot:eu-*:1111????3333:thing/a', undefined],
  ['arn:aws:iot:eu-central-1:111122223333:', 'arn:aws-cn:iot:cn-north-1:123456789012:'],
  [
    `arn:aws:iot:eu-central-1:111122223333:thing/\${iot:X}:a\nb`,
    `arn:aws-cn:iot:cn-north-1:123456789012:thing/\${iot:X}:a\nb`,
  ],
  ['arn:aws:iot:eu-central-1', undefined],
  ['arn:aws:s3:eu-central-1:111122223333:b', undefined],
  ['arn:aws:iam::111122223333:role/r', undefined],
  ['xarn:aws:iot:eu-central-1:111122223333:thing/a', undefined],
  ['*', undefined],
  ['', undefined],
])('%j becomes %j', (text, expected) => {
  expect(rewriteArn(text, from, to)).toEqual(
    expected === undefined ? { kind: 'unchanged' } : { kind: 'rewritten', to: expected },
  )
})

test.each([
  'arn:aws:iot:eu-central-1:999999999999:thing/a',
  'arn:aws:iot:eu-west-1:111122223333:thing/a',
  'arn:aws-us-gov:iot:eu-central-1:111122223333:thing/a',
  'arn:aws:iot:eu-west-1:*:thing/a',
  'arn:aws:iot::111122223333:thing/a',
])('%s is of elsewhere and left as it is', (text) => {
  expect(rewriteArn(text, from, to)).toEqual({ kind: 'foreign', countsHere: false })
})

test.each([
  'arn:aws-cn:iot:cn-north-1:123456789012:thing/a',
  'arn:*:iot:*:123456789012:thing/a',
  'arn:aws-cn:iot:cn-*:123456789012:thing/a',
])('%s meant nothing at the source and means something here', (text) => {
  expect(rewriteArn(text, from, to)).toEqual({ kind: 'foreign', countsHere: true })
})

test('within one account and region nothing changes', () => {
  const arn = 'arn:aws:iot:eu-central-1:111122223333:thing/a'
  expect(rewriteArn(arn, from, from)).toEqual({ kind: 'unchanged' })
})

test.each([
  ['eu-central-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('ARNs of %s are of partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition)
})

describe('an ARN', () => {
  test('says where it points', () => {
    expect(placeOf('arn:aws:iot:eu-central-1:111122223333:policy/p')).toEqual(from)
  })

  test.each([undefined, '', 'eu-central-1:identity', 'arn:aws:iot:eu-central-1:*:thing/a'])(
    'that is none (%j) points nowhere',
    (text) => expect(placeOf(text)).toBeUndefined(),
  )

  test.each([
    ['arn:aws:iot:r:111122223333:cert/ab', { kind: 'cert', name: 'ab' }],
    ['arn:aws:iot:r:111122223333:thing/a/b:c', { kind: 'thing', name: 'a/b:c' }],
    ['arn:aws:iot:r:111122223333:cert/', undefined],
    ['arn:aws:s3:::cert/ab', undefined],
    ['eu-central-1:identity', undefined],
  ])('%s names %j', (arn, resource) => {
    expect(resourceOf(arn)).toEqual(resource)
  })
})
