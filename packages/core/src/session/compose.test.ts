// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are plain text
import { describe, expect, test } from 'vitest'
import { CERTIFICATE_ID, facts, given, TENANT, THING } from '../../testing/decision-example.ts'
import type { AttachedSessionPolicy } from '../facts.ts'
import { parsePolicyName, parseThingTypeName } from '../names.ts'
import { createRequestContext } from '../policy/request-context.ts'
import { DEFAULT_SESSION_PROFILE, type SessionProfile, type TenantRecord } from '../records.ts'
import type { SessionRefusal } from '../refusal.ts'
import { composeSession, type SessionInput } from './compose.ts'
import { type RenderErrorKind, SESSION_REFUSALS } from './render-error.ts'
import { parseSessionTemplate } from './template.ts'

const SITE = 'iot:Connection.Thing.Attributes[site]'
const OWN = 'arn:aws:s3:::b/${thingpass:TenantId}/${credentials-iot:ThingName}'

function allow(resource: string): object {
  return { Effect: 'Allow', Action: 's3:x', Resource: resource }
}

function attached(...statements: readonly object[]): AttachedSessionPolicy {
  const reading = parseSessionTemplate(
    JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  )
  if (!reading.ok) throw new Error(reading.problem)
  return {
    policyName: given(parsePolicyName('own')),
    versionId: '3',
    generationId: 'g-1',
    template: reading.template,
  }
}

const unreadable = () => ({ ...attached(allow(OWN)), template: undefined })

const input: SessionInput = {
  alias: facts.alias,
  tenant: facts.tenant,
  sessionPolicies: [],
  certificateId: CERTIFICATE_ID,
  thing: { thingName: THING, thingTypeName: given(parseThingTypeName('camera')) },
  variables: createRequestContext([[SITE, 'p7']]),
}

function withProfile(changes: Partial<SessionProfile>): SessionInput {
  const sessionProfile = { ...DEFAULT_SESSION_PROFILE, ...changes }
  return { ...input, alias: { ...facts.alias, sessionProfile } }
}

const tags = [
  { key: 'credentials-iot:AwsCertificateId', value: CERTIFICATE_ID },
  { key: 'thingpass:TenantId', value: TENANT },
  { key: 'credentials-iot:ThingName', value: THING },
  { key: 'credentials-iot:ThingTypeName', value: 'camera' },
]
const plain = {
  tags,
  transitiveTagKeys: [],
  sessionName: CERTIFICATE_ID,
  externalId: 'external-acme',
}
const policy =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:x","Resource":"arn:aws:s3:::b/acme/cam-1"}]}'

describe('a session', () => {
  test('of an alias without settings has the standard tags and no policy', () => {
    expect(composeSession(input)).toEqual({ ok: true, session: plain })
  })

  test.each(['role', 'session-policy'] as const)(
    'has the attached policy under scope %s',
    (scope) => {
      const sessionPolicies = [attached(allow(OWN))]
      const session = {
        ...plain,
        policy,
        rendered: { policyCharacters: policy.length, dropped: [] },
      }
      expect(composeSession({ ...withProfile({ scope }), sessionPolicies })).toEqual({
        ok: true,
        session,
      })
    },
  )

  test('has several policies united, and says what was left out', () => {
    const missing = allow('arn:aws:s3:::b/${iot:Certificate.Subject.CommonName}')
    const composed = composeSession({
      ...input,
      sessionPolicies: [attached(missing), attached(allow(OWN))],
    })
    const dropped = [
      'policy own version 3: Statement[0]: Resource entry, no value for ${iot:Certificate.Subject.CommonName}',
    ]
    expect(composed).toMatchObject({ ok: true, session: { policy, rendered: { dropped } } })
  })

  test('T19: refuses a value that is spelled several ways and none as asked, whatever the default', () => {
    const variables = createRequestContext([
      ['iot:Connection.Thing.Attributes[SITE]', 'a'],
      ['iot:Connection.Thing.Attributes[Site]', 'b'],
    ])
    const template = attached(
      allow("arn:aws:s3:::b/${iot:Connection.Thing.Attributes[site], 'all'}"),
    )
    const composed = composeSession({ ...input, variables, sessionPolicies: [template] })
    expect(composed).toMatchObject({ ok: false, reason: 'session-value-unsafe' })
  })

  test('without a thing has neither its tags nor its variables', () => {
    const { thing: _, ...anonymous } = input
    const sessionPolicies = [attached(allow(OWN), allow('*'))]
    const composed = composeSession({ ...anonymous, sessionPolicies })
    expect(composed).toMatchObject({ ok: true, session: { tags: tags.slice(0, 2) } })
    expect(composed.ok && composed.session.policy).not.toContain('arn:')
  })

  test('has the tags, transitive keys and source identity of the profile', () => {
    const tenant: TenantRecord = { ...facts.tenant, sessionTagKeys: ['site'] }
    const profiled = withProfile({
      tags: new Map([['site', `\${${SITE}}`]]),
      transitiveTagKeys: ['site'],
      sourceIdentity: 'certificateId',
    })
    const session = {
      ...plain,
      tags: [...tags, { key: 'site', value: 'p7' }],
      transitiveTagKeys: ['site'],
      sourceIdentity: CERTIFICATE_ID,
    }
    expect(composeSession({ ...profiled, tenant })).toEqual({ ok: true, session })
  })
})

// One row per reason: a reason without a row does not compile.
const refusals: Record<SessionRefusal, () => readonly [input: SessionInput, detail: string]> = {
  'session-policy-missing': () => [
    withProfile({ scope: 'session-policy' }),
    'the alias is scoped and no session policy is attached',
  ],
  'session-policy-unreadable': () => [
    { ...input, sessionPolicies: [attached(allow(OWN)), unreadable()] },
    'policy own version 3',
  ],
  'session-value-missing': () => [
    {
      ...input,
      sessionPolicies: [
        attached(allow('*'), {
          ...allow('arn:aws:s3:::b/${iot:Connection.Thing.Attributes[x]}'),
          Effect: 'Deny',
        }),
      ],
    },
    'policy own version 3: Statement[1]: no value for ${iot:Connection.Thing.Attributes[x]}',
  ],
  'session-value-unsafe': () => [
    {
      ...input,
      sessionPolicies: [attached(allow(`arn:aws:s3:::b/\${${SITE}}`))],
      variables: createRequestContext([[SITE, 'a/b']]),
    },
    `policy own version 3: Statement[0]: Resource: the value of \${${SITE}} has '/', which may not stand here`,
  ],
  'session-policy-too-large': () => [
    {
      ...input,
      sessionPolicies: [attached(allow('*'), allow(`arn:aws:s3:::${'b'.repeat(2000)}`))],
    },
    '2150 characters of 2048; largest: policy own version 3: Statement[1] (2061), policy own version 3: Statement[0] (49)',
  ],
  'session-policy-grants-nothing': () => [
    { ...input, sessionPolicies: [attached({ ...allow('*'), Effect: 'Deny' })] },
    'no Allow is left',
  ],
  'session-tag-not-allowed': () => [
    withProfile({ tags: new Map([['site', 'x']]) }),
    'tag "site": the tenant may not set this key',
  ],
  'session-tag-invalid': () => [
    withProfile({ transitiveTagKeys: ['site'] }),
    'transitive tag key "site": no such tag',
  ],
}

describe('no session', () => {
  test.each(Object.entries(refusals))('%s', (reason, row) => {
    const [changed, detail] = row()
    expect(composeSession(changed)).toEqual({ ok: false, reason, detail })
  })

  test('for an alias whose scope is not known', () => {
    const unknown = withProfile({ scope: 'other' as SessionProfile['scope'] })
    expect(composeSession(unknown)).toMatchObject({ reason: 'session-policy-missing' })
  })

  test('T21: with fewer policies than are attached, under whatever scope', () => {
    const composed = composeSession({ ...input, sessionPolicies: [unreadable()] })
    expect(composed).toMatchObject({ reason: 'session-policy-unreadable' })
  })

  // What a stored text cannot do any more is unreadable; what a value does is told apart.
  test.each(
    Object.entries({
      invalidTemplate: 'session-policy-unreadable',
      placeholderNotAllowed: 'session-policy-unreadable',
      unknownVariable: 'session-policy-unreadable',
      missingVariable: 'session-value-missing',
      multiValuedVariable: 'session-value-unsafe',
      unsafeValue: 'session-value-unsafe',
      unsupportedCharacter: 'session-value-unsafe',
      policyTooLarge: 'session-policy-too-large',
      emptyPolicy: 'session-policy-grants-nothing',
    } satisfies Record<RenderErrorKind, SessionRefusal>),
  )('%s is the reason %s', (kind, reason) => {
    expect(SESSION_REFUSALS[kind as RenderErrorKind]).toBe(reason)
  })
})
