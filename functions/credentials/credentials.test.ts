import type { AuditRecord } from '@thingpass/core/audit-record'
import { createCredentials } from '@thingpass/core/credentials'
import type { RegistryFacts } from '@thingpass/core/facts'
import { Fault } from '@thingpass/core/fault'
import type { SessionRequest } from '@thingpass/core/ports'
import {
  ALIAS,
  ALIAS_ARN,
  ALLOW,
  CA_ID,
  CERTIFICATE_ID,
  certificate,
  circumstances,
  facts,
  listed,
  NOON,
  policy,
} from '@thingpass/core/testing/decision-example'
import { describe, expect, test } from 'vitest'
import { API_GATEWAY } from '../front-door/api-gateway-v2.ts'
import { type CredentialsPorts, createCredentialsHandler } from './credentials.ts'

const HOST = 'devices.example.com'
const SECRETS = { secretAccessKey: 'canary-secret', sessionToken: 'canary-token' }
const PEM = 'canary-pem'

const event = {
  version: '2.0',
  routeKey: 'GET /role-aliases/{roleAlias}/credentials',
  rawPath: `/role-aliases/${ALIAS}/credentials`,
  rawQueryString: '',
  headers: { 'x-amzn-iot-thingname': 'cam-1' },
  isBase64Encoded: false,
  requestContext: {
    accountId: '123456789012',
    apiId: 'api',
    domainName: HOST,
    domainPrefix: 'devices',
    requestId: 'request-1',
    routeKey: 'GET /role-aliases/{roleAlias}/credentials',
    stage: '$default',
    time: '01/Jun/2026:12:00:00 +0000',
    timeEpoch: NOON.getTime(),
    http: { method: 'GET', path: '', protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'x' },
    authentication: { clientCert: { clientCertPem: PEM } },
  },
}

/** A handler whose every port works; `changed` replaces some, and what was seen can be looked at afterwards. */
function stage(changed: Partial<CredentialsPorts> = {}, registry: Partial<RegistryFacts> = {}) {
  const seen = {
    audits: [] as AuditRecord[],
    sessions: [] as SessionRequest[],
    faults: [] as string[],
    remembered: [] as unknown[],
    order: [] as string[],
  }
  const { signedByCa, withinBudget, ...read } = facts
  const ports: CredentialsPorts = {
    identifyCertificate: (presented) =>
      presented === PEM
        ? { ok: true, certificate: { facts: certificate, isSignedBy: () => true } }
        : { ok: false, reason: 'certificate-malformed' },
    readFacts: async () => ({
      facts: { ...read, ...registry },
      cost: { rounds: 1, calls: 3, capacityUnits: 6 },
    }),
    rememberIssuer: (...call) => seen.remembered.push(call),
    takeFromBudget: async () => true,
    issueCredentials: async (session) => {
      seen.sessions.push(session)
      seen.order.push('issue')
      const expiration = new Date(NOON.getTime() + session.durationSeconds * 1000)
      return {
        issued: true,
        credentials: createCredentials({ accessKeyId: 'ASIAEXAMPLE', ...SECRETS, expiration }),
      }
    },
    writeAudit: async (record) => {
      seen.audits.push(record)
      seen.order.push('audit')
    },
    reportFault: (fault) => seen.faults.push(fault.code),
    clock: () => NOON,
    stopwatch: () => 0,
    random: () => 0,
    settings: { ...circumstances, hostNames: [HOST], deadlineMilliseconds: 2500 },
    ...changed,
  }
  const handler = createCredentialsHandler(ports, API_GATEWAY)
  const send = async (sent: object = event) => {
    const answer = await handler(sent as never, undefined as never)
    seen.order.push('answer')
    return answer
  }
  return { send, seen }
}

const withContext = (changed: object) => ({
  ...event,
  requestContext: { ...event.requestContext, ...changed },
})

describe('a device whose every check passes', () => {
  test('gets its credentials', async () => {
    const { send } = stage()
    const answer = await send()
    expect(answer.statusCode).toBe(200)
    expect(JSON.parse(answer.body)).toEqual({
      credentials: { accessKeyId: 'ASIAEXAMPLE', ...SECRETS, expiration: '2026-06-01T13:00:00Z' },
    })
  })

  test('leaves one audit record, before the answer, with everything but secrets', async () => {
    const { send, seen } = stage()
    await send()
    expect(seen.order).toEqual(['issue', 'audit', 'answer'])
    expect(seen.audits).toEqual([
      {
        kind: 'credentials',
        time: NOON.toISOString(),
        requestId: 'request-1',
        decision: 'allow',
        accessKeyId: 'ASIAEXAMPLE',
        status: 200,
        sourceIp: '192.0.2.7',
        hostName: HOST,
        roleAlias: ALIAS,
        thingName: 'cam-1',
        certificateId: CERTIFICATE_ID,
        registry: { rounds: 1, calls: 3, capacityUnits: 6 },
        tenantId: 'acme',
        policies: [{ policyName: 'devices', versionId: '1', generationId: 'g-1' }],
        sessionPolicies: [],
        roleArn: facts.alias.roleArn,
        durationAskedSeconds: 3600,
        durationGivenSeconds: 3600,
        durationClampedBy: [],
        timings: { read: 0, issue: 0, total: 0 },
      },
    ])
  })

  test('has its issuer remembered', async () => {
    const { send, seen } = stage()
    await send()
    expect(seen.remembered).toEqual([
      [
        certificate.issuerHint,
        expect.objectContaining({ tenantId: 'acme', caCertificateId: CA_ID }),
      ],
    ])
  })
})

const refused: [
  string,
  string,
  number,
  Partial<CredentialsPorts>,
  Partial<RegistryFacts>,
  object,
][] = [
  ['T02: another host', 'host-not-served', 403, {}, {}, withContext({ domainName: 'x.example' })],
  ['another path', 'path-unknown', 404, {}, {}, { ...event, rawPath: '/' }],
  [
    'another method',
    'method-not-allowed',
    405,
    {},
    {},
    withContext({ http: { ...event.requestContext.http, method: 'POST' } }),
  ],
  [
    'T01: no certificate',
    'certificate-missing',
    403,
    {},
    {},
    withContext({ authentication: undefined }),
  ],
  [
    'a certificate that cannot be parsed',
    'certificate-malformed',
    403,
    {},
    {},
    withContext({ authentication: { clientCert: { clientCertPem: 'other' } } }),
  ],
  [
    'T06: a certificate that another key signed',
    'certificate-not-signed-by-ca',
    403,
    {
      identifyCertificate: () => ({
        ok: true,
        certificate: { facts: certificate, isSignedBy: () => false },
      }),
    },
    {},
    event,
  ],
  [
    'T27: a certificate that its CA has revoked',
    'certificate-revoked-by-ca',
    403,
    {},
    { ...listed, revocation: { ...listed.revocation, revoked: true } },
    event,
  ],
  [
    'T28: a certificate whose CA has a list that is out of date',
    'revocation-list-expired',
    403,
    {},
    { ...listed, revocation: { ...listed.revocation, nextUpdate: new Date(0) } },
    event,
  ],
  [
    'T28: a certificate whose CA has no list where it must have one',
    'revocation-list-missing',
    403,
    {},
    { ca: listed.ca },
    event,
  ],
  ['an unknown alias', 'alias-unknown', 404, {}, { alias: undefined as never }, event],
  ['a policy that does not allow', 'policy-does-not-allow', 403, {}, { policies: [] }, event],
  [
    'an empty budget',
    'tenant-over-budget',
    429,
    { takeFromBudget: async () => false },
    { tenant: { ...facts.tenant, rateLimit: { perSecond: 1, burst: 1 } } },
    event,
  ],
  [
    'a role that STS does not let be assumed',
    'role-not-assumable',
    400,
    { issueCredentials: async () => ({ issued: false, reason: 'role-not-assumable' }) },
    {},
    event,
  ],
]

describe.each(refused)('%s', (_, reason, status, ports, registry, sent) => {
  test(`is refused with ${status}, and the audit record says ${reason}`, async () => {
    const { send, seen } = stage(ports, registry)
    expect(await send(sent)).toMatchObject({ statusCode: status })
    expect(seen.audits).toMatchObject([
      { decision: 'deny', reason, status, requestId: 'request-1' },
    ])
    expect(seen.order.at(-2)).toBe('audit')
    expect(seen.faults).toEqual([])
  })
})

test('a refusal by policy keeps how each statement stood; no other does', async () => {
  const elsewhere = policy({ ...ALLOW, Resource: `${ALIAS_ARN}-2` })
  const { send, seen } = stage({}, { policies: [elsewhere] })
  await send()
  expect(seen.audits).toMatchObject([
    {
      reason: 'policy-does-not-allow',
      statements: [
        { policy: 'devices', statement: 0, matched: false, mismatch: { on: 'resource' } },
      ],
    },
  ])
  const other = stage({}, { alias: undefined as never })
  await other.send()
  expect(other.seen.audits[0]).not.toHaveProperty('statements')
})

test('a refusal by session policy keeps its detail', async () => {
  const sessionProfile = { ...facts.alias.sessionProfile, scope: 'session-policy' } as const
  const { send, seen } = stage({}, { alias: { ...facts.alias, sessionProfile } })
  await send()
  expect(seen.audits).toMatchObject([
    { reason: 'session-policy-missing', detail: expect.stringContaining('scoped') },
  ])
})

test('a host that is not ours is not written down: it is text that anyone may send', async () => {
  const { send, seen } = stage()
  await send(withContext({ domainName: 'x\u009b31m' }))
  expect(JSON.stringify(seen.audits)).not.toContain('31m')
})

test('nobody is remembered whose signature did not verify', async () => {
  const identifyCertificate = () =>
    ({ ok: true, certificate: { facts: certificate, isSignedBy: () => false } }) as const
  const { send, seen } = stage({ identifyCertificate })
  await send()
  expect(seen.remembered).toEqual([])
})

test('a signature is verified with the key of the CA that the record names', async () => {
  const keys: Uint8Array[] = []
  const isSignedBy = (key: Uint8Array) => keys.push(key) > 0
  const { send } = stage({
    identifyCertificate: () => ({ ok: true, certificate: { facts: certificate, isSignedBy } }),
  })
  await send()
  expect(keys).toEqual([facts.ca.publicKey])
})

describe('the budget', () => {
  const tenant = { ...facts.tenant, rateLimit: { perSecond: 5, burst: 10 } }

  test('of a tenant without limit is not asked', async () => {
    const asked: unknown[] = []
    const { send } = stage({ takeFromBudget: async (...call) => asked.push(call) > 0 })
    await send()
    expect(asked).toEqual([])
  })

  test('is asked once for a certificate that has passed', async () => {
    const asked: unknown[] = []
    const takeFromBudget = async (limited: { readonly rateLimit: unknown }) =>
      asked.push(limited.rateLimit) > 0
    const { send } = stage({ takeFromBudget }, { tenant })
    expect(await send()).toMatchObject({ statusCode: 200 })
    expect(asked).toEqual([tenant.rateLimit])
  })

  test('cannot be drained by a certificate that is refused', async () => {
    const asked: unknown[] = []
    const takeFromBudget = async () => asked.push('asked') > 0
    const revoked = { ...facts.certificate, status: 'REVOKED' } as const
    const { send } = stage({ takeFromBudget }, { tenant, certificate: revoked })
    expect(await send()).toMatchObject({ statusCode: 403 })
    expect(asked).toEqual([])
  })
})

describe('what is read', () => {
  const queries: unknown[] = []
  const readFacts: CredentialsPorts['readFacts'] = async (query) => {
    queries.push(query)
    return {
      facts: { policies: [], sessionPolicies: [] },
      cost: { rounds: 1, calls: 1, capacityUnits: 1 },
    }
  }

  test.each([
    ['with thing and alias', event, { thingName: 'cam-1', roleAlias: ALIAS }],
    ['without thing header', { ...event, headers: {} }, { roleAlias: ALIAS }],
    [
      'with a malformed thing header',
      { ...event, headers: { 'x-amzn-iot-thingname': '*' } },
      { roleAlias: ALIAS },
    ],
    [
      'with a malformed alias',
      { ...event, rawPath: '/role-aliases/a b/credentials' },
      { thingName: 'cam-1' },
    ],
  ])('%s', async (_, sent, expected) => {
    queries.length = 0
    await stage({ readFacts }).send(sent)
    expect(queries).toEqual([
      {
        certificateId: CERTIFICATE_ID,
        issuerHint: certificate.issuerHint,
        serialNumber: certificate.serialNumber,
        deadline: new Date(NOON.getTime() + 2500),
        ...expected,
      },
    ])
  })
})

describe('a failure of ours', () => {
  test.each([
    [
      'the registry',
      { readFacts: () => Promise.reject(new Fault('REGISTRY_THROTTLED', 'busy')) },
      503,
      'REGISTRY_THROTTLED',
    ],
    [
      'STS',
      {
        issueCredentials: () => Promise.reject(new Fault('STS_PACKED_POLICY_TOO_LARGE', 'packed')),
      },
      500,
      'STS_PACKED_POLICY_TOO_LARGE',
    ],
    ['the unforeseen', { readFacts: () => Promise.reject(new TypeError('x')) }, 500, 'UNEXPECTED'],
    ['time', { readFacts: () => new Promise<never>(() => undefined) }, 503, 'DEADLINE_EXCEEDED'],
  ] as const)(
    'in %s is audited, reported and answered without a reason',
    async (_, ports, status, code) => {
      const settings = { ...circumstances, hostNames: [HOST], deadlineMilliseconds: 20 }
      const { send, seen } = stage({ ...ports, settings })
      const answer = await send()
      expect(answer.statusCode).toBe(status)
      expect(answer.body).not.toContain(code)
      expect(seen.faults).toEqual([code])
      expect(seen.audits).toMatchObject([
        { decision: 'fault', fault: code, status, certificateId: CERTIFICATE_ID },
      ])
    },
  )

  test.each([
    [{}, 'EVENT_UNREADABLE'],
    [null as unknown as object, 'UNEXPECTED'],
  ])('in the event %j is one too, under an unknown request id', async (sent, fault) => {
    const { send, seen } = stage()
    expect(await send(sent)).toMatchObject({ statusCode: 500 })
    expect(seen.audits).toMatchObject([{ fault, requestId: 'unknown' }])
  })

  test('in writing the answer leaves no credentials in it', async () => {
    const issueCredentials: CredentialsPorts['issueCredentials'] = async () => ({
      issued: true,
      credentials: createCredentials({
        accessKeyId: 'ASIAEXAMPLE',
        secretAccessKey: 's',
        sessionToken: 'canary-token'.repeat(200),
        expiration: NOON,
      }),
    })
    const { send, seen } = stage({ issueCredentials })
    const answer = await send()
    expect(answer).toMatchObject({ statusCode: 500, body: '{"message":"Internal Failure"}' })
    expect(seen.audits).toMatchObject([{ decision: 'fault', fault: 'ANSWER_TOO_LARGE' }])
  })

  test('to keep the audit record means no credentials', async () => {
    const writeAudit = () => Promise.reject(new Error('disk full'))
    const { send, seen } = stage({ writeAudit })
    expect(await send()).toMatchObject({ statusCode: 500, body: '{"message":"Internal Failure"}' })
    expect(seen.faults).toEqual(['UNEXPECTED'])
  })
})

test('T39: nothing but the answer carries a secret', async () => {
  const { send, seen } = stage()
  await send()
  expect(JSON.stringify(seen)).not.toMatch(/canary/)
})
