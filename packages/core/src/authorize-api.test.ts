import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CERTIFICATE_ID,
  certificate,
  circumstances,
  facts,
  GROUP,
  listed,
  NOON,
  policy,
  THING,
} from '../testing/decision-example.ts'
import {
  type ApiCircumstances,
  type ApiFacts,
  type ApiRequest,
  authorizeApi,
} from './authorize-api.ts'
import type { ApiDenyReason, CertificateRefusal } from './refusal.ts'

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:api1/$default/GET/readings/cam-1'
const ALLOW = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: ARN }
const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' }
const route = { apiId: 'api1', stage: '$default', method: 'GET', path: '/readings/cam-1' }
const request: ApiRequest = {
  certificate,
  thingHeader: { kind: 'named', thingName: THING },
  route,
  hostName: 'devices.example.com',
  sourceIp: '192.0.2.7',
}
const tenant = {
  ...facts.tenant,
  apiArnPatterns: ['arn:aws:execute-api:us-east-1:123456789012:api1/*'],
}
const apiFacts: ApiFacts = { ...facts, tenant, policies: [policy(ALLOW)] }
const given: ApiCircumstances = { ...circumstances, attributeNames: ['site'] }
const absent = { thingHeader: { kind: 'absent' } } as const

type Changed = {
  readonly request?: Partial<ApiRequest>
  readonly facts?: Partial<ApiFacts>
  readonly circumstances?: Partial<ApiCircumstances>
}
const authorizeWith = (changed: Changed) =>
  authorizeApi(
    { ...request, ...changed.request },
    { ...apiFacts, ...changed.facts },
    { ...given, ...changed.circumstances },
  )
const withAttributes = (attributes: Record<string, string>, ...attributeNames: string[]) => ({
  facts: {
    thing: {
      attached: true,
      record: { ...facts.thing.record, attributes: new Map(Object.entries(attributes)) },
    },
  },
  circumstances: { attributeNames },
})
const routed = (changed: Partial<ApiRequest['route']>): Changed => ({
  request: { route: { ...route, ...changed } },
})

/** Of the parser's refusals none is this function's. */
type ParserRefusal =
  | 'certificate-missing'
  | 'certificate-malformed'
  | 'certificate-too-large'
  | 'certificate-key-unacceptable'
  | 'certificate-signature-unacceptable'
  | 'certificate-names-excessive'

// One row for each reason: a reason without a row does not compile.
const certificateRefusals: Record<Exclude<CertificateRefusal, ParserRefusal>, Changed> = {
  'certificate-usage-unfit': { request: { certificate: { ...certificate, extendedKeyUsage: [] } } },
  'certificate-unknown': { facts: { certificate: undefined as never } },
  'tenant-unknown': { facts: { tenant: undefined as never } },
  'tenant-disabled': { facts: { tenant: { ...tenant, status: 'DISABLED' } } },
  'certificate-not-active': {
    facts: { certificate: { ...facts.certificate, status: 'INACTIVE' } },
  },
  'certificate-not-valid-now': { circumstances: { now: new Date('2027-01-01T00:00:00Z') } },
  'certificate-expires-too-soon': { circumstances: { now: new Date('2026-12-31T23:50:00Z') } },
  'certificate-without-ca': {
    facts: { certificate: { ...facts.certificate, registration: { kind: 'without-ca' } } },
  },
  'ca-unknown': { facts: { ca: undefined as never } },
  'ca-not-active': {
    facts: {
      ca: { ...facts.ca, status: 'INACTIVE' },
      tenant: { ...tenant, inactiveCaRefusesDevices: true },
    },
  },
  'certificate-not-signed-by-ca': { facts: { signedByCa: false } },
  'certificate-revoked-by-ca': {
    facts: { ...listed, revocation: { ...listed.revocation, revoked: true } },
  },
  'revocation-list-expired': {
    facts: { ...listed, revocation: { ...listed.revocation, nextUpdate: new Date(0) } },
  },
  'revocation-list-missing': { facts: { ca: listed.ca } },
}
const apiRefusals: Record<Exclude<ApiDenyReason, CertificateRefusal>, Changed> = {
  'thing-name-malformed': { request: { thingHeader: { kind: 'malformed' } } },
  'thing-not-attached': { facts: { thing: { ...facts.thing, attached: false } } },
  'thing-name-required': { request: absent },
  'method-malformed': routed({ method: 'get' }),
  'path-ambiguous': routed({ path: '/readings//cam-1' }),
  'policy-unreadable': {
    facts: { policies: [policy(ALLOW), { ...policy(ALLOW), document: undefined }] },
  },
  'policy-denies': {
    facts: { policies: [policy(EVERYTHING), policy({ ...ALLOW, Effect: 'Deny' }, GROUP)] },
  },
  'policy-does-not-allow': routed({ method: 'PUT' }),
  'api-outside-tenant': {
    facts: { policies: [policy(EVERYTHING)], tenant: { ...tenant, apiArnPatterns: [] } },
  },
  'attributes-too-large': withAttributes({ site: 'x'.repeat(4086) }, 'site'),
}

test.each(Object.entries({ ...certificateRefusals, ...apiRefusals }))(
  'refuses with %s',
  (reason, changed) => {
    expect(authorizeWith(changed)).toMatchObject({ allow: false, reason })
  },
)

test('a device that may is allowed, with its identity, the ARN and the policies', () => {
  expect(authorizeWith({})).toEqual({
    allow: true,
    apiArn: ARN,
    identity: {
      tenantId: 'acme',
      certificateId: CERTIFICATE_ID,
      thingName: THING,
      thingTypeName: 'camera',
      attributes: '{"site":"p7"}',
    },
    policies: [{ policyName: 'devices', versionId: '1', generationId: 'g-1' }],
    statements: [expect.objectContaining({ matched: true })],
  })
})

describe('the order of the checks', () => {
  test('is certificate, thing, method, path, policy, tenant, attributes', () => {
    const layers: Changed[] = [
      { facts: { signedByCa: false } },
      { request: { thingHeader: { kind: 'malformed' } } },
      { request: { route: { ...route, method: 'get', path: 'x' } } },
      { request: { route: { ...route, path: 'x' } } },
      { facts: { policies: [] } },
      { facts: { tenant: { ...tenant, apiArnPatterns: [] } } },
      withAttributes({ site: 'x'.repeat(5000) }, 'site'),
    ]
    const reasons = layers.map((_, index) => {
      // The later faults are all there; of those before the first, none.
      const merged = layers
        .slice(index)
        .toReversed()
        .reduce<Changed>(
          (all, one) => ({
            request: { ...all.request, ...one.request },
            facts: { ...all.facts, ...one.facts },
            circumstances: { ...all.circumstances, ...one.circumstances },
          }),
          {},
        )
      const decision = authorizeWith(merged)
      return decision.allow ? 'allow' : decision.reason
    })
    expect(reasons).toEqual([
      'certificate-not-signed-by-ca',
      'thing-name-malformed',
      'method-malformed',
      'path-ambiguous',
      'policy-does-not-allow',
      'api-outside-tenant',
      'attributes-too-large',
    ])
  })

  test('names no ARN of a path that has several readings', () => {
    expect(authorizeWith(routed({ path: '/a\n' }))).not.toHaveProperty('apiArn')
    expect(authorizeWith({ facts: { policies: [] } })).toMatchObject({ apiArn: ARN })
  })
})

describe('the ARN', () => {
  const allowed = [
    ['its API', { apiId: 'api2' }],
    ['its stage', { stage: 'prod' }],
    ['its method', { method: 'POST' }],
    ['its path', { path: '/readings/cam-2' }],
    ['the letter case of its path', { path: '/readings/CAM-1' }],
    ['a slash at its end', { path: '/readings/cam-1/' }],
  ] as const
  test.each(allowed)('is of one route: it differs by %s', (_, changed) => {
    expect(authorizeWith(routed(changed))).toMatchObject({ reason: 'policy-does-not-allow' })
  })

  test('is of this deployment', () => {
    const { deployment } = circumstances
    const elsewhere = { ...deployment, partition: 'aws-cn' }
    expect(authorizeWith({ circumstances: { deployment: elsewhere } })).toMatchObject({
      reason: 'policy-does-not-allow',
    })
  })

  test("fits the tenant's patterns segment by segment, any of them", () => {
    const withPatterns = (...apiArnPatterns: string[]) =>
      authorizeWith({ facts: { tenant: { ...tenant, apiArnPatterns } } }).allow
    expect(withPatterns('arn:aws:execute-api:us-east-1:123456789012:other/*')).toBe(false)
    expect(withPatterns('arn:aws:execute-api:*:other/*', ...tenant.apiArnPatterns)).toBe(true)
    expect(withPatterns('arn:aws:execute-api:us-east-1:123456789012:api1/*/PUT/*')).toBe(false)
  })
})

describe('policies see the device as the credentials route does', () => {
  const variable = (path: string) =>
    policy({ ...ALLOW, Resource: ARN.replace('cam-1', `\${${path}}`) })
  test.each([
    ['its thing', 'iot:Connection.Thing.ThingName', '/readings/cam-1'],
    ['an attribute', 'iot:Connection.Thing.Attributes[site]', '/readings/p7'],
    ['its tenant', 'thingpass:TenantId', '/readings/acme'],
    ['its certificate', 'iot:CertificateId', `/readings/${CERTIFICATE_ID}`],
    ['its address', 'aws:SourceIp', '/readings/192.0.2.7'],
    ['its host', 'iot:DomainName', '/readings/devices.example.com'],
  ])('%s', (_, name, path) => {
    const policies = [variable(name)]
    expect(authorizeWith({ ...routed({ path }), facts: { policies } }).allow).toBe(true)
    expect(authorizeWith({ ...routed({ path: `${path}2` }), facts: { policies } }).allow).toBe(
      false,
    )
  })

  test('the time', () => {
    const until = (instant: string) =>
      policy({ ...ALLOW, Condition: { DateLessThan: { 'aws:CurrentTime': instant } } })
    expect(authorizeWith({ facts: { policies: [until('2026-06-01T12:00:01Z')] } }).allow).toBe(true)
    expect(authorizeWith({ facts: { policies: [until(NOON.toISOString())] } }).allow).toBe(false)
  })
})

describe('without a thing', () => {
  const free = { ...tenant, authorizerRequiresThing: false }

  test('a tenant that does not ask for one lets the device in, nameless and without group policies', () => {
    const decision = authorizeWith({ request: absent, facts: { tenant: free } })
    expect(decision).toMatchObject({
      identity: { tenantId: 'acme', certificateId: CERTIFICATE_ID },
    })
    expect(decision.allow && Object.keys(decision.identity)).toHaveLength(2)
    expect(
      authorizeWith({
        request: absent,
        facts: { tenant: free, policies: [policy(ALLOW, GROUP)] },
      }),
    ).toMatchObject({ reason: 'policy-does-not-allow', policies: [] })
  })

  test('the exclusive thing counts where the tenant says so', () => {
    const decision = authorizeWith({
      request: absent,
      facts: {
        tenant: { ...tenant, defaultThing: 'exclusive' },
        certificate: { ...facts.certificate, exclusiveThing: THING },
      },
    })
    expect(decision).toMatchObject({ allow: true, identity: { thingName: THING } })
  })
})

describe('the attributes', () => {
  const told = (changed: Changed) => {
    const decision = authorizeWith(changed)
    return decision.allow ? decision.identity.attributes : decision.reason
  }

  test.each([
    [
      'those that were chosen, in that order',
      { a: '1', b: '2', c: '3' },
      ['c', 'a'],
      '{"c":"3","a":"1"}',
    ],
    ['none that the thing lacks', { a: '1' }, ['a', 'b'], '{"a":"1"}'],
    ['none when none was chosen', { a: '1' }, [], '{}'],
    ['as JSON, whatever is in them', { a: '"}\n' }, ['a'], '{"a":"\\"}\\n"}'],
  ])('are %s', (_, attributes, names, expected) => {
    expect(told(withAttributes(attributes, ...names))).toBe(expected)
  })

  test.each([
    ['one byte', 'x', 1],
    ['the last of one byte', '\u007f', 1],
    ['the first of two bytes', '\u0080', 2],
    ['the last of two bytes', '\u07ff', 2],
    ['the first of three bytes', '\u0800', 3],
    ['the last of three bytes', '\uffff', 3],
    ['four bytes', '😀', 4],
    ['the first of four bytes', '\u{10000}', 4],
  ])('may have 4096 bytes, of %s each', (_, character, width) => {
    const room = 4096 - '{"site":""}'.length
    const full = character.repeat(Math.floor(room / width)) + 'x'.repeat(room % width)
    expect(told(withAttributes({ site: full }, 'site'))).toHaveLength(`{"site":"${full}"}`.length)
    expect(told(withAttributes({ site: `${full}x` }, 'site'))).toBe('attributes-too-large')
  })

  test('a thing without a type has none to tell', () => {
    const { thingTypeName, ...record } = facts.thing.record
    const decision = authorizeWith({ facts: { thing: { attached: true, record } } })
    expect(decision.allow && decision.identity).not.toHaveProperty('thingTypeName')
  })
})

test("nothing is allowed outside the tenant's patterns, whatever the policies say", () => {
  const names = fc.stringMatching(/^[a-z0-9]{1,4}$/)
  fc.assert(
    fc.property(names, names, (apiId, path) => {
      const decision = authorizeWith({
        ...routed({ apiId, path: `/${path}` }),
        facts: { policies: [policy(EVERYTHING)] },
      })
      expect(decision.allow).toBe(apiId === 'api1')
    }),
  )
})

test.each(['', 'get', 'GETx', 'xGET', 'GET\n', 'G'.repeat(21)])(
  'the method %j is malformed',
  (method) => {
    expect(authorizeWith(routed({ method }))).toMatchObject({ reason: 'method-malformed' })
  },
)

test('a refusal before the policies names none of them', () => {
  expect(authorizeWith(routed({ method: 'get' }))).toEqual({
    allow: false,
    reason: 'method-malformed',
    policies: [],
    statements: [],
  })
})
