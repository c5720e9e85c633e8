import { describe, expect, test } from 'vitest'
import {
  ALIAS,
  ALIAS_ARN,
  ALLOW,
  CERTIFICATE_ID,
  certificate,
  circumstances,
  DENY,
  facts,
  GROUP,
  given,
  NOON,
  policy,
  ROLE,
  request,
  THING,
} from '../testing/decision-example.ts'
import { decide } from './decide.ts'
import type { DecisionStep } from './decision.ts'
import type { Facts } from './facts.ts'
import { parseRoleAlias } from './names.ts'
import type { GrantRefusal } from './refusal.ts'
import type { CredentialRequest } from './request.ts'
import { parseSessionTemplate } from './session/template.ts'

type Changed = {
  readonly request?: Partial<CredentialRequest>
  readonly facts?: Partial<Facts>
}

const decideWith = (changed: Changed) =>
  decide({ ...request, ...changed.request }, { ...facts, ...changed.facts } as Facts, circumstances)

const absent = { thingHeader: { kind: 'absent' } } as const
const alias = facts.alias
const profile = alias.sessionProfile
const withProfile = (changed: object, more: object = {}) => ({
  facts: { alias: { ...alias, ...more, sessionProfile: { ...profile, ...changed } } },
})
const unreadable = { ...policy(ALLOW), document: undefined }

// One row or more for each reason, with the step that refuses: a reason without a row does not compile.
const refusals: Record<GrantRefusal, [DecisionStep, Record<string, Changed>]> = {
  'tenant-over-budget': ['budget', { 'no room in the budget': { facts: { withinBudget: false } } }],
  'thing-name-malformed': [
    'thing',
    { 'a malformed thing header': { request: { thingHeader: { kind: 'malformed' } } } },
  ],
  'thing-not-attached': [
    'thing',
    { 'a thing that does not exist': { facts: { thing: undefined as never } } },
  ],
  'alias-malformed': [
    'policy',
    { 'an alias outside the grammar': { request: { roleAlias: undefined } } },
  ],
  'policy-unreadable': [
    'policy',
    {
      'a document that cannot be read, beside one that allows': {
        facts: { policies: [policy(ALLOW), unreadable] },
      },
      'a group document that cannot be read': {
        facts: { policies: [policy(ALLOW), { ...unreadable, attachedTo: GROUP }] },
      },
    },
  ],
  'policy-denies': [
    'policy',
    {
      'a Deny beside an Allow': { facts: { policies: [policy(ALLOW), policy(DENY)] } },
      'a Deny of a group of the thing': {
        facts: { policies: [policy(ALLOW), policy(DENY, GROUP)] },
      },
    },
  ],
  'policy-does-not-allow': [
    'policy',
    {
      'no policy': { facts: { policies: [] } },
      'another action': { facts: { policies: [policy({ ...ALLOW, Action: 'iot:Connect' })] } },
      'another alias': {
        facts: { policies: [policy({ ...ALLOW, Resource: `${ALIAS_ARN}-2` })] },
      },
      'a group policy without a thing': {
        request: absent,
        facts: { policies: [policy(ALLOW, GROUP)] },
      },
      'a thing variable without a thing': {
        request: absent,
        facts: {
          policies: [
            policy({
              ...ALLOW,
              Condition: { StringEquals: { 'iot:Connection.Thing.ThingName': 'cam-1' } },
            }),
          ],
        },
      },
    },
  ],
  'alias-unknown': [
    'alias',
    {
      'an alias that does not exist': { facts: { alias: undefined as never } },
      'an alias other than the one asked for': {
        facts: { alias: { ...alias, roleAlias: given(parseRoleAlias('Camera')) } },
      },
    },
  ],
  'thing-name-required': [
    'role',
    {
      'no thing where the alias asks for one': {
        request: absent,
        ...withProfile({ requireThingName: true }),
      },
    },
  ],
  'role-outside-tenant': [
    'role',
    {
      'T23: no pattern of the tenant': {
        facts: { tenant: { ...facts.tenant, roleArnPatterns: [] } },
      },
      'T23: a role that no pattern covers': {
        facts: {
          tenant: { ...facts.tenant, roleArnPatterns: ['arn:aws:iam::123456789012:role/other/*'] },
        },
      },
      'T23: a pattern of another account': {
        facts: {
          tenant: { ...facts.tenant, roleArnPatterns: ['arn:aws:iam::999999999999:role/*'] },
        },
      },
    },
  ],
  'duration-over-chaining-limit': [
    'duration',
    {
      'more than the issuer gives, where the alias would rather have nothing': withProfile(
        { longDuration: 'refuse' },
        { credentialDurationSeconds: 3601 },
      ),
    },
  ],
}

describe.each(Object.entries(refusals))('refuses with %s', (reason, [step, rows]) => {
  test.each(Object.entries(rows))('%s', (_, changed) => {
    const decision = decideWith(changed)
    expect(decision).toMatchObject({ allow: false, reason })
    expect(decision).not.toHaveProperty('detail')
    expect(decision.trace.steps.at(-1)).toEqual({ step, passed: false })
    expect(decision.trace.steps.slice(0, -1).every(({ passed }) => passed)).toBe(true)
  })
})

test('a certificate that is refused ends the decision before anything else is looked at', () => {
  const decision = decideWith({
    facts: { signedByCa: false, withinBudget: false },
    request: { thingHeader: { kind: 'malformed' }, roleAlias: undefined },
  })
  expect(decision).toStrictEqual({
    allow: false,
    reason: 'certificate-not-signed-by-ca',
    policies: [],
    trace: { steps: [{ step: 'certificate', passed: false }] },
  })
})

// Each row breaks one thing more than the row after it, so that the reason tells which check came first.
const order: readonly [GrantRefusal, Changed][] = [
  ['tenant-over-budget', { facts: { withinBudget: false } }],
  ['thing-name-malformed', { request: { thingHeader: { kind: 'malformed' } } }],
  ['policy-does-not-allow', { facts: { policies: [] } }],
  ['alias-unknown', { facts: { alias: undefined as never } }],
]

test.each(order.map(([reason], index) => [reason, index] as const))(
  'T14: the order of the answers puts %s at place %d',
  (reason, index) => {
    const left = order.slice(index).map(([, changed]) => changed)
    const changed = {
      request: Object.assign({}, ...left.map((row) => row.request)),
      facts: Object.assign({}, ...left.map((row) => row.facts)),
    }
    expect(decideWith(changed)).toMatchObject({ allow: false, reason })
  },
)

test('T14: whoever may not assume an alias cannot learn whether it exists', () => {
  const nothing = { facts: { policies: [] } }
  const missing = { facts: { policies: [], alias: undefined as never } }
  expect(decideWith(missing)).toEqual(decideWith(nothing))
})

test('alias conditions come in order: the thing, the role, the session, the duration', () => {
  const all = {
    request: absent,
    facts: {
      tenant: { ...facts.tenant, roleArnPatterns: [] },
      alias: {
        ...alias,
        credentialDurationSeconds: 7200,
        sessionProfile: {
          ...profile,
          requireThingName: true,
          longDuration: 'refuse',
          scope: 'session-policy',
        },
      },
    },
  } as const
  const named = { ...all, request: {} }
  const permitted = { ...named, facts: { ...all.facts, tenant: facts.tenant } }
  const unscoped = {
    facts: {
      ...permitted.facts,
      alias: {
        ...all.facts.alias,
        sessionProfile: { ...all.facts.alias.sessionProfile, scope: 'role' },
      },
    },
  } as const
  const reasons = [all, named, permitted, unscoped].map((changed) => {
    const decision = decideWith(changed)
    return decision.allow ? 'allow' : decision.reason
  })
  expect(reasons).toEqual([
    'thing-name-required',
    'role-outside-tenant',
    'session-policy-missing',
    'duration-over-chaining-limit',
  ])
})

test('a scoped alias without session policy is refused with the detail of the session', () => {
  const decision = decideWith(withProfile({ scope: 'session-policy' }))
  expect(decision).toMatchObject({ allow: false, reason: 'session-policy-missing' })
  expect(decision.trace.steps.at(-1)).toEqual({ step: 'session', passed: false })
  expect(decision).toHaveProperty('detail', expect.any(String))
})

describe('a grant', () => {
  test('T32: asks STS for the session of this one device', () => {
    expect(decide(request, facts, circumstances)).toMatchObject({
      allow: true,
      grant: {
        tenantId: 'acme',
        certificateId: CERTIFICATE_ID,
        thing: { thingName: THING },
        roleAlias: ALIAS,
        session: {
          roleArn: ROLE,
          sessionName: CERTIFICATE_ID,
          durationSeconds: 3600,
          externalId: 'external-acme',
          tags: expect.arrayContaining([
            { key: 'credentials-iot:AwsCertificateId', value: CERTIFICATE_ID },
            { key: 'thingpass:TenantId', value: 'acme' },
            { key: 'credentials-iot:ThingName', value: 'cam-1' },
            { key: 'credentials-iot:ThingTypeName', value: 'camera' },
          ]),
        },
        duration: { askedSeconds: 3600, givenSeconds: 3600, clampedBy: [] },
        sessionPolicies: [],
      },
    })
  })

  test('names the policies and shows every step and the evaluation', () => {
    const decision = decide(request, facts, circumstances)
    expect(decision.policies).toEqual([
      { policyName: 'devices', versionId: '1', generationId: 'g-1' },
    ])
    expect(decision.trace.steps).toEqual(
      ['certificate', 'budget', 'thing', 'policy', 'alias', 'role', 'session', 'duration'].map(
        (step) => ({ step, passed: true }),
      ),
    )
    expect(decision.trace.evaluation).toMatchObject({ result: 'allow' })
  })

  test('of a scoped alias carries the session policy of this one device, and says how large it is', () => {
    const text = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: [
            `arn:aws:s3:::b/\${credentials-iot:ThingName}/*`,
            `arn:aws:s3:::b/\${iot:Connection.Thing.Attributes[floor]}/*`,
          ],
        },
      ],
    })
    const reading = parseSessionTemplate(text)
    const sessionPolicies = [
      { ...policy(ALLOW), template: reading.ok ? reading.template : undefined },
    ]
    const scoped = withProfile({ scope: 'session-policy' })
    const decision = decideWith({ facts: { ...scoped.facts, sessionPolicies } })
    const rendered =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/cam-1/*"]}]}'
    expect(decision).toMatchObject({
      grant: {
        session: { policy: rendered },
        sessionPolicy: { policyCharacters: rendered.length, dropped: [expect.any(String)] },
        sessionPolicies: [{ policyName: 'devices', versionId: '1', generationId: 'g-1' }],
      },
    })
    expect(decision.allow && new Set(Object.keys(decision.grant.session))).toEqual(
      new Set([
        'durationSeconds',
        'externalId',
        'policy',
        'roleArn',
        'sessionName',
        'tags',
        'transitiveTagKeys',
      ]),
    )
  })

  test('without a thing carries no tag of a thing', () => {
    const decision = decideWith({ request: absent })
    const keys = decision.allow ? decision.grant.session.tags.map(({ key }) => key) : []
    expect(keys).toEqual(['credentials-iot:AwsCertificateId', 'thingpass:TenantId'])
  })

  test('leaves group policies out without a thing, a Deny among them', () => {
    const policies = [policy(ALLOW), { ...policy(DENY, GROUP), generationId: 'g-2' }]
    const decision = decideWith({ request: absent, facts: { policies } })
    expect(decision.allow).toBe(true)
    expect(decision.policies.map(({ generationId }) => generationId)).toEqual(['g-1'])
  })

  test('counts group policies with a thing', () => {
    expect(decideWith({ facts: { policies: [policy(ALLOW, GROUP)] } }).allow).toBe(true)
  })

  test('T31: never outlives the certificate', () => {
    const presented = { ...certificate, notAfter: new Date(NOON.getTime() + 1_010_500) }
    expect(decideWith({ request: { certificate: presented } })).toMatchObject({
      grant: {
        session: { durationSeconds: 1000 },
        duration: { askedSeconds: 3600, givenSeconds: 1000, clampedBy: ['certificate-expiry'] },
      },
    })
  })

  test('is shortened to what the issuer gives', () => {
    expect(decideWith(withProfile({}, { credentialDurationSeconds: 43_200 }))).toMatchObject({
      grant: {
        duration: { askedSeconds: 43_200, givenSeconds: 3600, clampedBy: ['issuer-limit'] },
      },
    })
  })

  test('of exactly what the issuer gives is no long duration', () => {
    const changed = withProfile({ longDuration: 'refuse' }, { credentialDurationSeconds: 3600 })
    expect(decideWith(changed).allow).toBe(true)
  })

  test('is made for a thing where the alias asks for one', () => {
    expect(decideWith(withProfile({ requireThingName: true })).allow).toBe(true)
  })

  test('knows the thing, the certificate, the request and the tenant as policy variables', () => {
    const conditions = {
      StringEquals: {
        'iot:Connection.Thing.ThingName': 'cam-1',
        'iot:Connection.Thing.Attributes[site]': 'p7',
        'iot:Certificate.Subject.CommonName': 'cam-1',
        'iot:DomainName': 'devices.example.com',
        'thingpass:TenantId': 'acme',
      },
      IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
      DateEquals: { 'aws:CurrentTime': NOON.toISOString() },
    }
    const policies = [policy({ ...ALLOW, Condition: conditions })]
    expect(decideWith({ facts: { policies } }).allow).toBe(true)
  })
})
