import { describe, expect, test } from 'vitest'
import { isArn, matchesArnPattern, segmentsOf } from './arn.ts'
import { codePointsOf } from './pattern.ts'

const ROLE = 'arn:aws:iam::123456789012:role/fleet/camera'

test.each([
  [ROLE, ROLE],
  ['*', ROLE],
  ['*', ''],
  ['*', 'a:b'],
  ['arn:aws:iam::123456789012:role/fleet/*', ROLE],
  ['arn:aws:iam::*:role/*', ROLE],
  ['arn:aws*:iam::123456789012:role/fleet/camer?', ROLE],
  ['*:*:*:*:*:*', ROLE],
  ['*:b', ':b'],
  [':b', ':b'],
  ['arn:aws:logs:*:*:*', 'arn:aws:logs:eu-west-1:1:log-group:a:log-stream:b'],
  ['arn:aws:logs:eu-west-1:1:log-group:a:*', 'arn:aws:logs:eu-west-1:1:log-group:a:b'],
  ['arn:aws:logs:eu-west-1:1:*:b', 'arn:aws:logs:eu-west-1:1:log-group:a:b'],
])('pattern %s matches %s', (pattern, arn) => {
  expect(matchesArnPattern(pattern, arn)).toBe(true)
})

test.each([
  ['arn:aws:iam::*', ROLE],
  ['arn:aws', 'arn:aws:s3'],
  ['arn:aws:*', 'arn:aws'],
  ['a:b:c:d:e:*', 'a:b:c:d:e'],
  ['arn:*', ROLE],
  ['**', ROLE],
  ['?', ROLE],
  ['', ROLE],
  [ROLE, `${ROLE}s`],
  [`${ROLE}s`, ROLE],
  ['arn:aws:iam::210987654321:role/*', ROLE],
  ['arn:aws:iam::*:role/*', 'arn:aws:iam::1:user/x:role/y'],
  ['arn:aws:*:role/*', ROLE],
  ['arn:*:x:*:*:*', 'arn:aws:s3:x:1:b:c'],
  ['arn:aws:iam::123456789012:role/fleet/Camera', ROLE],
  ['arn:aws:s3:::b/*', '*'],
])('pattern %s does not match %s', (pattern, arn) => {
  expect(matchesArnPattern(pattern, arn)).toBe(false)
})

describe('isArn', () => {
  test.each([
    [ROLE, true],
    ['arn:::::', true],
    ['arn:aws:iam::1', false],
    ['urn:aws:iam::1:role/x', false],
    ['arns:aws:iam::1:role/x', false],
    ['not-an-arn', false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(isArn(segmentsOf(codePointsOf(text)))).toBe(expected)
  })
})
