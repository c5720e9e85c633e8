import { describe, expect, test } from 'vitest'
import {
  DEFAULT_TENANT,
  parseAccountId,
  parseCaCertificateId,
  parseCertificateId,
  parsePolicyName,
  parseRegion,
  parseRoleAlias,
  parseRoleArn,
  parseTenantId,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
} from './names.ts'

const hex = 'a0'.repeat(32)
const registryNames = {
  good: ['a', 'Z', '0', 'cam-1_b:c', 'x'.repeat(128)],
  bad: ['', 'x'.repeat(129), 'a b', 'a/b', 'ä', 'a\n', ' a', 'a ', 'a*', 'a,b', 'a.b', 'a\u0000'],
}

const tables = {
  parseTenantId: {
    parse: parseTenantId,
    good: ['a', '0', 'acme-2', 'a'.repeat(63), `a${'-'.repeat(62)}`],
    bad: ['', '-a', 'A', 'a_b', 'a'.repeat(64), 'a\n', 'a.b', ' a', 'a '],
  },
  parseCertificateId: {
    parse: parseCertificateId,
    good: [hex, '0123456789abcdef'.repeat(4)],
    bad: [
      '',
      hex.slice(1),
      `${hex}0`,
      hex.toUpperCase(),
      `0x${hex}`,
      `${hex}\n`,
      `g${hex.slice(1)}`,
    ],
  },
  parseCaCertificateId: {
    parse: parseCaCertificateId,
    good: [hex],
    bad: ['', hex.slice(1), hex.toUpperCase(), `${hex} `],
  },
  parseThingName: { parse: parseThingName, ...registryNames },
  parseThingTypeName: { parse: parseThingTypeName, ...registryNames },
  parseThingGroupName: { parse: parseThingGroupName, ...registryNames },
  parsePolicyName: {
    parse: parsePolicyName,
    good: ['a', 'A+=,.@-_9', 'x'.repeat(128)],
    bad: ['', 'x'.repeat(129), 'a b', 'a/b', 'a:b', 'a\n', 'é'],
  },
  parseRoleAlias: {
    parse: parseRoleAlias,
    good: ['a', 'Cam_1', 'a=b,c@d-e', 'x'.repeat(128)],
    bad: ['', 'x'.repeat(129), 'a b', 'a/b', 'a.b', 'a+b', 'a%3Db', 'a\n', '..', 'ä'],
  },
  parseRoleArn: {
    parse: parseRoleArn,
    good: [
      'arn:aws:iam::123456789012:role/r',
      'arn:aws-cn:iam::123456789012:role/path/to/Role_1+=,.@-',
      `arn:aws-${'us-gov'.padEnd(19, 'x')}:iam::123456789012:role/r`,
      `arn:aws:iam::123456789012:role/${'x'.repeat(2000)}`,
    ],
    bad: [
      '',
      'xarn:aws:iam::123456789012:role/r',
      'arn:aws:iam::123456789012:role/',
      'arn:aws:iam::12345678901:role/r',
      'arn:aws:iam::123456789012:user/r',
      'arn:aws:iam:us-east-1:123456789012:role/r',
      'arn:aws:sts::123456789012:role/r',
      'arn:gcp:iam::123456789012:role/r',
      'arn:aws:iam::123456789012:role/a b',
      'arn:aws:iam::123456789012:role/*',
      'arn:aws:iam::123456789012:role/r\n',
      `arn:aws-${'x'.repeat(20)}:iam::123456789012:role/r`,
      `arn:aws:iam::123456789012:role/${'x'.repeat(2001)}`,
    ],
  },
  parseAccountId: {
    parse: parseAccountId,
    good: ['123456789012', '000000000000'],
    bad: ['', '12345678901', '1234567890123', '12345678901a', '123456789012\n'],
  },
  parseRegion: {
    parse: parseRegion,
    good: [
      'us-east-1',
      'eu-central-1',
      'us-gov-west-1',
      'us-isob-east-1',
      'ap-southeast-12',
      'mx-central-1',
    ],
    bad: [
      '',
      'us',
      'us-east',
      'US-EAST-1',
      'us-east-123',
      'u-east-1',
      'xus-east-1',
      'us-east-1x',
      'us-e-1',
      'us-1',
      'us-a-b-c-d-1',
      'us-abcdefghijklm-1',
    ],
  },
} as const

describe.each(Object.entries(tables))('%s', (_, { parse, good, bad }) => {
  test.each(good)('takes %j as it is', (text) => {
    expect(parse(text)).toBe(text)
  })
  test.each(bad)('refuses %j', (text) => {
    expect(parse(text)).toBeUndefined()
  })
  test.each([undefined, null, 1, ['a'], { toString: () => 'a' }, new String('a')])(
    'refuses %j, which is no string',
    (value) => {
      expect(parse(value)).toBeUndefined()
    },
  )
})

test('the tenant that nobody names has a valid name', () => {
  expect(parseTenantId(DEFAULT_TENANT)).toBe('default')
})
