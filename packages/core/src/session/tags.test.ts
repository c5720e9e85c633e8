// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { facts } from '../../testing/decision-example.ts'
import { DEFAULT_SESSION_PROFILE, type SessionProfile } from '../records.ts'
import { composeTags } from './tags.ts'

const tenant = { ...facts.tenant, sessionTagKeys: ['site', 'line', '__proto__'] }
const SITE = 'iot:Connection.Thing.Attributes[site]'
const standard = new Map([
  ['thingpass:TenantId', 'acme'],
  ['credentials-iot:ThingName', 'cam-1'],
])

function compose(
  tags: Readonly<Record<string, string>>,
  values: readonly string[] = [],
  others: Partial<SessionProfile> = {},
) {
  const profile = { ...DEFAULT_SESSION_PROFILE, tags: new Map(Object.entries(tags)), ...others }
  return composeTags(standard, { profile, tenant }, (name) => (name === SITE ? values : []))
}

const own = [
  { key: 'thingpass:TenantId', value: 'acme' },
  { key: 'credentials-iot:ThingName', value: 'cam-1' },
]

describe('tags', () => {
  test('are the standard ones alone without a profile’s', () => {
    expect(compose({})).toEqual({ ok: true, tags: own, transitiveTagKeys: [] })
  })

  test.each([
    ['copied', 'a b', 'a b'],
    ['filled in', `x:\${${SITE}}/\${${SITE}}`, 'x:p7/東/p7/東'],
    ['by default', "${iot:CertificateId, 'none'}", 'none'],
    ['empty', '', ''],
  ])('of the profile follow, %s', (_, template, value) => {
    const composed = compose({ site: template, line: 'l' }, ['p7/東'])
    const tags = [...own, { key: 'site', value }, { key: 'line', value: 'l' }]
    expect(composed).toEqual({ ok: true, tags, transitiveTagKeys: [] })
  })

  test('T19: may have a key such as __proto__', () => {
    const profile = { ...DEFAULT_SESSION_PROFILE, tags: new Map([['__proto__', 'x']]) }
    const composed = composeTags(new Map(), { profile, tenant }, () => [])
    expect(composed).toEqual({
      ok: true,
      tags: [{ key: '__proto__', value: 'x' }],
      transitiveTagKeys: [],
    })
  })

  test('that are transitive are those of them that this session has', () => {
    const transitiveTagKeys = [
      'site',
      'credentials-iot:ThingTypeName',
      'thingpass:TenantId',
      'site',
    ]
    const composed = compose({ line: 'l', site: 's' }, [], { transitiveTagKeys })
    expect(composed).toMatchObject({ ok: true, transitiveTagKeys: ['thingpass:TenantId', 'site'] })
  })
})

describe('no tags', () => {
  test.each([
    [
      'a key that the tenant lost',
      { other: 'x' },
      [],
      'session-tag-not-allowed',
      'tag "other": the tenant may not set this key',
    ],
    [
      'a template that cannot be read',
      { site: '${}' },
      [],
      'session-tag-invalid',
      'tag "site": a placeholder is empty or malformed',
    ],
    [
      'a missing value',
      { site: `x\${${SITE}}` },
      [],
      'session-value-missing',
      `tag "site": no value for \${${SITE}}`,
    ],
    [
      'T18: an empty value',
      { site: `x\${${SITE}}` },
      [''],
      'session-value-missing',
      `tag "site": no value for \${${SITE}}`,
    ],
    [
      'several values',
      { site: `\${${SITE}}` },
      ['a', 'b'],
      'session-value-unsafe',
      `tag "site": \${${SITE}} has several values where one is needed`,
    ],
    [
      'a value with a character that no tag may have',
      { site: `\${${SITE}}` },
      ['a,b'],
      'session-tag-invalid',
      'tag "site": the value has a character that no tag may have',
    ],
    [
      'a value that is too long',
      { site: `xx\${${SITE}}` },
      ['y'.repeat(255)],
      'session-tag-invalid',
      'tag "site": the value is over 256 characters',
    ],
    [
      'the second tag',
      { line: 'l', site: `\${${SITE}}` },
      ['*'],
      'session-tag-invalid',
      'tag "site": the value has a character that no tag may have',
    ],
  ])('for %s', (_, tags, values, reason, detail) => {
    expect(compose(tags as Readonly<Record<string, string>>, values)).toEqual({
      ok: false,
      reason,
      detail,
    })
  })
})

test('T20: whatever keys a profile has, no tag of the broker changes and no two keys differ in case only', () => {
  const key = fc.oneof(
    fc.constantFrom(
      'site',
      'Site',
      'SITE',
      'ſite',
      'thingpass:tenantid',
      'THINGPASS:TenantId',
      'AWS:x',
      'Credentials-IoT:ThingName',
    ),
    fc.string({ maxLength: 4 }),
  )
  fc.assert(
    fc.property(fc.uniqueArray(key, { maxLength: 5 }), (keys) => {
      const profile = { ...DEFAULT_SESSION_PROFILE, tags: new Map(keys.map((each) => [each, 'x'])) }
      const composed = composeTags(
        standard,
        { profile, tenant: { ...tenant, sessionTagKeys: keys } },
        () => [],
      )
      if (!composed.ok) {
        expect(composed.reason).toMatch(/^session-tag-(?:invalid|not-allowed)$/)
        return
      }
      expect(composed.tags.slice(0, 2)).toEqual(own)
      const folded = composed.tags.map((tag) => tag.key.toUpperCase())
      expect(new Set(folded).size).toBe(folded.length)
    }),
    { numRuns: 200 },
  )
})
