// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import { describe, expect, test } from 'vitest'
import { facts } from '../../testing/decision-example.ts'
import { DEFAULT_SESSION_PROFILE, type SessionProfile, type TenantRecord } from '../records.ts'
import { checkSessionProfile, judgeTagValue } from './session-profile.ts'

const key = 'k'.repeat(128)
const tenant: TenantRecord = {
  ...facts.tenant,
  sessionTagKeys: [
    'site',
    'Site',
    'ſite',
    'Line',
    'AWS:x',
    'credentials-iot:ThingName',
    'Thingpass:TenantId',
    '東京',
    '',
    'k',
    key,
    `${key}k`,
    'a*b',
  ],
}

function profile(tags: Readonly<Record<string, string>>, others: Partial<SessionProfile> = {}) {
  return { ...DEFAULT_SESSION_PROFILE, tags: new Map(Object.entries(tags)), ...others }
}

const site = '${iot:Connection.Thing.Attributes[site]}'

describe('a session profile may be stored', () => {
  test.each([
    ['without a tag', profile({})],
    [
      'with tags of the tenant’s keys',
      profile({ site, Line: 'a b/c=d+e-f@g:h.i_j', 東京: '東京 ü' }),
    ],
    [
      'with several placeholders and a default',
      profile({ site: `${site}:\${iot:CertificateId, '東'}:a:b:c:d:${site}` }),
    ],
    ['with an empty tag', profile({ site: '' })],
    ['with keys of 1 and 128 characters', profile({ k: 'x', [key]: 'x' })],
    ['with a value of 256 characters', profile({ site: 'x'.repeat(256) })],
    ['with a value that may come to fit', profile({ site: `${'x'.repeat(256)}${site}` })],
    [
      'with its own and the standard keys as transitive',
      profile(
        { site },
        {
          transitiveTagKeys: [
            'site',
            'credentials-iot:AwsCertificateId',
            'thingpass:TenantId',
            'credentials-iot:ThingName',
            'credentials-iot:ThingTypeName',
          ],
        },
      ),
    ],
  ])('%s', (_, given) => {
    expect(checkSessionProfile(given, tenant)).toEqual([])
  })
})

const long = 'k'.repeat(129)

describe('a session profile may not be stored', () => {
  test.each([
    [
      'a key that the tenant’s record does not have',
      profile({ line: 'x' }),
      ['tag "line": the tenant may not set this key'],
    ],
    ['a key of AWS’s', profile({ 'AWS:x': 'x' }), ['tag "AWS:x": the tenant may not set this key']],
    [
      'a standard key',
      profile({ 'credentials-iot:ThingName': 'x' }),
      ['tag "credentials-iot:ThingName": the tenant may not set this key'],
    ],
    [
      'a standard key in other case',
      profile({ 'Thingpass:TenantId': 'x' }),
      ['tag "Thingpass:TenantId": the tenant may not set this key'],
    ],
    ['an empty key', profile({ '': 'x' }), ['tag "": STS takes no such key']],
    [
      'a key of 129 characters',
      profile({ [long]: 'x' }),
      [`tag "${long.slice(0, 64)}…": STS takes no such key`],
    ],
    ['a key with a star', profile({ 'a*b': 'x' }), ['tag "a*b": STS takes no such key']],
    [
      'keys that differ in case',
      profile({ site: 'x', Site: 'y', ſite: 'z' }),
      [
        'tag "Site": differs from another in letter case only',
        'tag "ſite": differs from another in letter case only',
      ],
    ],
    [
      'a placeholder that is malformed',
      profile({ site: '${}' }),
      ['tag "site": a placeholder is empty or malformed'],
    ],
    [
      'an unknown variable',
      profile({ site: '${iot:Nothing}' }),
      ['tag "site": ${iot:Nothing} is no variable'],
    ],
    [
      'a list',
      profile({ site: '${iot:Certificate.Subject.Country.List}' }),
      [
        'tag "site": ${iot:Certificate.Subject.Country.List} is a list and must be the whole condition value',
      ],
    ],
    [
      'a variable of IAM',
      profile({ site: '${aws:username}' }),
      ['tag "site": has a character that no tag may have'],
    ],
    [
      'a character that no tag may have',
      profile({ site: `${site}#` }),
      ['tag "site": has a character that no tag may have'],
    ],
    [
      'such a character in a default',
      profile({ site: "${iot:CertificateId, 'a#b'}" }),
      ['tag "site": has a character that no tag may have'],
    ],
    [
      'a value of 257 characters',
      profile({ site: 'x'.repeat(257) }),
      ['tag "site": is over 256 characters'],
    ],
    [
      '257 characters around placeholders',
      profile({ site: `${'x'.repeat(128)}${site}${'x'.repeat(129)}` }),
      ['tag "site": is over 256 characters'],
    ],
    [
      'a transitive key that is no tag',
      profile({ site }, { transitiveTagKeys: ['Site', 'site'] }),
      ['transitive tag key "Site": no such tag'],
    ],
    [
      'all that is wrong',
      profile({ line: '#', '': 'x' }, { transitiveTagKeys: ['x'] }),
      [
        'tag "line": the tenant may not set this key',
        'tag "line": has a character that no tag may have',
        'tag "": STS takes no such key',
        'transitive tag key "x": no such tag',
      ],
    ],
  ])('with %s', (_, given, problems) => {
    expect(checkSessionProfile(given, tenant)).toEqual(problems)
  })

  test('with more than 50 tags, the four standard ones included', () => {
    const keys = Array.from({ length: 47 }, (_, at) => `k${at}`)
    const allowing = { ...tenant, sessionTagKeys: keys }
    const of = (count: number) =>
      profile(Object.fromEntries(keys.slice(0, count).map((key) => [key, 'x'])))
    expect(checkSessionProfile(of(46), allowing)).toEqual([])
    expect(checkSessionProfile(of(47), allowing)).toEqual([
      '51 tags of 50, the standard ones included',
    ])
  })

  test('in a tenant whose record has no keys', () => {
    expect(checkSessionProfile(profile({ site }), facts.tenant)).toEqual([
      'tag "site": the tenant may not set this key',
    ])
  })
})

describe('a tag value', () => {
  test.each(['', 'aZ9_.:/=+-@ ü東\u00a0', 'x'.repeat(256)])('may be %j', (value) => {
    expect(judgeTagValue(value)).toBeUndefined()
  })
  test.each(['*', 'a?', '$x', 'a,b', 'a#b', '(', 'a\nb', '"', '\\', '{'])(
    'may not be %j',
    (value) => {
      expect(judgeTagValue(value)).toBe('has a character that no tag may have')
    },
  )
  test('may not be of 257 characters', () => {
    expect(judgeTagValue('x'.repeat(257))).toBe('is over 256 characters')
  })
})
