import { Fault } from '@thingpass/core/fault'
import {
  CA_ID,
  CERTIFICATE_ID,
  certificate,
  facts,
  listed,
  NOON,
} from '@thingpass/core/testing/decision-example'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AUTHORIZER_FORMATS, type AuthorizerPorts, createAuthorizerHandler } from './authorizer.ts'
import { registry, stagePorts } from './testing/authorizer-stage.ts'
import { HOST, HTTP_ARN, httpEvent, PEM, REST_ARN, restEvent } from './testing/golden-events.ts'

const IDENTITY = {
  tenantId: 'acme',
  certificateId: CERTIFICATE_ID,
  thingName: 'cam-1',
  thingTypeName: 'camera',
  attributes: '{"site":"p7"}',
}
const policyOf = (effect: string, arn: string, principalId: string = CERTIFICATE_ID) => ({
  principalId,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: 'execute-api:Invoke', Resource: arn }],
  },
})

type Format = keyof typeof AUTHORIZER_FORMATS
const events = { 'http-simple': httpEvent, 'http-iam': httpEvent, rest: restEvent } as const
const allows: Record<Format, object> = {
  'http-simple': { isAuthorized: true, context: IDENTITY },
  'http-iam': { ...policyOf('Allow', HTTP_ARN), context: IDENTITY },
  rest: { ...policyOf('Allow', REST_ARN), context: IDENTITY },
}
const denies: Record<Format, object> = {
  'http-simple': { isAuthorized: false },
  'http-iam': policyOf('Deny', HTTP_ARN),
  rest: policyOf('Deny', REST_ARN),
}
const formats = Object.keys(events) as Format[]

function stage(format: Format, changed: Partial<AuthorizerPorts> = {}, known = registry) {
  const { ports, seen } = stagePorts(changed, known)
  const handler = createAuthorizerHandler<never, unknown>(ports, AUTHORIZER_FORMATS[format])
  return { seen, send: (event: object | null = events[format]) => handler(event as never) }
}

const withContext = (event: object, changed: object) => ({
  ...event,
  requestContext: { ...(event as typeof httpEvent).requestContext, ...changed },
})

describe.each(formats)('%s', (format) => {
  test('lets a device in that may, and tells the API who it is', async () => {
    expect(await stage(format).send()).toStrictEqual(allows[format])
  })

  test('lets nobody in whom policies do not allow, and tells nothing of it', async () => {
    const { send } = stage(format, {}, { ...registry, policies: [] })
    expect(await send()).toStrictEqual(denies[format])
  })

  test('keeps one audit record before the answer', async () => {
    const order: string[] = []
    const { send } = stage(format, {
      writeAudit: async () => {
        order.push('audit')
      },
    })
    await send()
    order.push('answer')
    expect(order).toEqual(['audit', 'answer'])
  })

  test('T27: asks the registry anew for each request', async () => {
    const { send, seen } = stage(format)
    await send()
    await send()
    expect(seen.queries).toHaveLength(2)
  })

  test('gives the API texts only', async () => {
    const answer = (await stage(format).send()) as { context: object }
    expect(Object.values(answer.context).map((value) => typeof value)).toEqual(
      Array(5).fill('string'),
    )
  })
})

test('the audit record of an allowed request says who asked for what', async () => {
  const { send, seen } = stage('http-simple')
  await send()
  expect(seen.audits).toEqual([
    {
      kind: 'authorizer',
      time: NOON.toISOString(),
      requestId: 'request-1',
      decision: 'allow',
      status: 200,
      sourceIp: '192.0.2.7',
      hostName: HOST,
      thingName: 'cam-1',
      certificateId: CERTIFICATE_ID,
      registry: { rounds: 1, calls: 3, capacityUnits: 6 },
      tenantId: 'acme',
      policies: [{ policyName: 'devices', versionId: '1', generationId: 'g-1' }],
      apiArn: HTTP_ARN,
      timings: { read: 0, total: 0 },
    },
  ])
  expect(seen.remembered).toEqual([
    [certificate.issuerHint, expect.objectContaining({ caCertificateId: CA_ID })],
  ])
})

test('reads what the device and its thing are, with no alias, within the time there is', async () => {
  const { send, seen } = stage('http-simple')
  await send()
  expect(seen.queries).toEqual([
    {
      certificateId: CERTIFICATE_ID,
      issuerHint: certificate.issuerHint,
      serialNumber: certificate.serialNumber,
      thingName: 'cam-1',
      deadline: new Date(NOON.getTime() + 2500),
    },
  ])
})

test('the audit record names the thing that the tenant takes by default', async () => {
  const { headers, ...headless } = httpEvent
  const known = {
    ...registry,
    tenant: { ...registry.tenant!, defaultThing: 'exclusive' as const },
    certificate: { ...facts.certificate, exclusiveThing: facts.thing.record.thingName },
  }
  const { send, seen } = stage('http-simple', {}, known)
  expect(await send(headless)).toMatchObject({ isAuthorized: true })
  expect(seen.audits).toMatchObject([{ thingName: 'cam-1' }])
})

const refused: [string, string, object, Partial<AuthorizerPorts>, string?][] = [
  [
    'T02: another host',
    'host-not-served',
    withContext(restEvent, { domainName: 'x.example' }),
    {},
    'unidentified',
  ],
  [
    'T01: no certificate',
    'certificate-missing',
    withContext(restEvent, { identity: { sourceIp: '192.0.2.7', clientCert: null } }),
    {},
    'unidentified',
  ],
  [
    'a certificate that cannot be parsed',
    'certificate-malformed',
    withContext(restEvent, {
      identity: { sourceIp: '1.2.3.4', clientCert: { clientCertPem: 'x' } },
    }),
    {},
    'unidentified',
  ],
  [
    'T06: a certificate that another key signed',
    'certificate-not-signed-by-ca',
    restEvent,
    {
      identifyCertificate: () => ({
        ok: true,
        certificate: { facts: certificate, isSignedBy: () => false },
      }),
    },
  ],
  [
    'T27: a certificate that its CA has revoked',
    'certificate-revoked-by-ca',
    restEvent,
    {
      readFacts: async () => ({
        facts: { ...registry, ...listed, revocation: { ...listed.revocation, revoked: true } },
        cost: { rounds: 1, calls: 1, capacityUnits: 1 },
      }),
    },
  ],
  ['no thing', 'thing-name-required', { ...restEvent, headers: {}, multiValueHeaders: {} }, {}],
  [
    'the thing header twice',
    'thing-name-malformed',
    { ...restEvent, multiValueHeaders: { 'x-amzn-iot-thingname': ['cam-1', 'cam-1'] } },
    {},
  ],
  [
    'the thing header under two spellings',
    'thing-name-malformed',
    {
      ...restEvent,
      multiValueHeaders: { 'x-amzn-iot-thingname': ['cam-1'], 'X-Amzn-Iot-Thingname': ['cam-1'] },
    },
    {},
  ],
  ['an escape in the path', 'path-ambiguous', { ...restEvent, path: '/readings/cam%2D1' }, {}],
  ['another path', 'policy-does-not-allow', { ...restEvent, path: '/readings/cam-2' }, {}],
]

describe.each(refused)('with %s', (_, reason, event, ports, principal = CERTIFICATE_ID) => {
  test(`nobody is let in, and the audit record says ${reason}`, async () => {
    const { send, seen } = stage('rest', ports)
    expect(await send(event)).toStrictEqual(policyOf('Deny', REST_ARN, principal))
    expect(seen.audits).toMatchObject([
      { kind: 'authorizer', decision: 'deny', reason, status: 403, requestId: 'request-1' },
    ])
    expect(seen.faults).toEqual([])
  })
})

test('a refusal by policy keeps how each statement stood; no other does', async () => {
  const { send, seen } = stage('http-simple')
  await send({ ...httpEvent, rawPath: '/readings/cam-2' })
  await send({ ...httpEvent, rawPath: '/readings//cam-1' })
  expect(seen.audits).toMatchObject([
    { reason: 'policy-does-not-allow', statements: [{ matched: false }] },
    { reason: 'path-ambiguous' },
  ])
  expect(seen.audits[1]).not.toHaveProperty('statements')
  expect(seen.audits[1]).not.toHaveProperty('apiArn')
})

test('nobody is remembered whose signature did not verify', async () => {
  const { send, seen } = stage('http-simple', {
    identifyCertificate: () => ({
      ok: true,
      certificate: { facts: certificate, isSignedBy: () => false },
    }),
  })
  await send()
  expect(seen.remembered).toEqual([])
})

describe('a policy answer is for the ARN that API Gateway asks about', () => {
  test.each([
    ['rest', { ...restEvent, methodArn: REST_ARN.replace('cam-1', '*') }],
    ['rest', { ...restEvent, methodArn: `${REST_ARN}/more` }],
    ['http-iam', { ...httpEvent, routeArn: HTTP_ARN.replace('GET', 'PUT') }],
  ] as const)('%s: any other is a fault, and audited as one', async (format, event) => {
    const { send, seen } = stage(format)
    await expect(send(event)).rejects.toMatchObject({ code: 'EVENT_UNREADABLE' })
    expect(seen.audits).toMatchObject([{ decision: 'fault', fault: 'EVENT_UNREADABLE' }])
  })
})

describe('a failure of ours lets nobody in', () => {
  const endless = () => new Promise<never>(() => undefined)
  test.each([
    [
      'the registry',
      { readFacts: () => Promise.reject(new Fault('REGISTRY_THROTTLED', 'b')) },
      'REGISTRY_THROTTLED',
    ],
    ['the unforeseen', { readFacts: () => Promise.reject(new TypeError('x')) }, 'UNEXPECTED'],
    ['time', { readFacts: endless }, 'DEADLINE_EXCEEDED'],
  ] as const)('in %s: it is audited, reported and thrown', async (_, ports, code) => {
    const { settings } = stagePorts().ports
    const { send, seen } = stage('http-simple', {
      ...ports,
      settings: { ...settings, deadlineMilliseconds: 20 },
    })
    await expect(send()).rejects.toMatchObject({
      code,
      message: 'the request could not be decided',
    })
    expect(seen.faults).toEqual([code])
    expect(seen.audits).toMatchObject([
      { decision: 'fault', fault: code, status: 500, certificateId: CERTIFICATE_ID },
    ])
  })

  test('in the audit: what was allowed is thrown away', async () => {
    const cause = new Error('canary')
    const { send, seen } = stage('http-simple', { writeAudit: () => Promise.reject(cause) })
    await expect(send()).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' })
    expect(seen.faults).toEqual(['UNEXPECTED'])
  })

  test('carries no cause into the log of Lambda', async () => {
    const readFacts = () => Promise.reject(new Error('canary'))
    const thrown = await stage('rest', { readFacts })
      .send()
      .catch((error: unknown) => error)
    expect(thrown).not.toHaveProperty('cause')
    expect(String(thrown)).not.toMatch(/canary|Unauthorized/)
  })

  test.each([
    [{}, 'EVENT_UNREADABLE'],
    [null, 'UNEXPECTED'],
  ])('in the event %j', async (event, fault) => {
    for (const format of formats) {
      const { send, seen } = stage(format)
      await expect(send(event)).rejects.toMatchObject({ code: fault })
      expect(seen.audits).toMatchObject([{ fault, requestId: 'unknown' }])
    }
  })
})

const without = (event: object, ...path: string[]): object => {
  const [name = '', ...rest] = path
  const { [name]: member, ...others } = event as Record<string, object>
  return rest.length === 0 ? others : { ...others, [name]: without(member!, ...rest) }
}

describe('an event that API Gateway does not send is our fault', () => {
  test.each([
    ['http-simple', ['version']],
    ['http-simple', ['routeArn']],
    ['http-simple', ['rawPath']],
    ['http-simple', ['requestContext', 'requestId']],
    ['http-simple', ['requestContext', 'apiId']],
    ['http-simple', ['requestContext', 'stage']],
    ['http-simple', ['requestContext', 'domainName']],
    ['http-simple', ['requestContext', 'http']],
    ['http-simple', ['requestContext', 'http', 'method']],
    ['http-simple', ['requestContext', 'http', 'sourceIp']],
    ['rest', ['type']],
    ['rest', ['methodArn']],
    ['rest', ['path']],
    ['rest', ['httpMethod']],
    ['rest', ['multiValueHeaders']],
    ['rest', ['requestContext', 'requestId']],
    ['rest', ['requestContext', 'apiId']],
    ['rest', ['requestContext', 'stage']],
    ['rest', ['requestContext', 'domainName']],
    ['rest', ['requestContext', 'identity']],
    ['rest', ['requestContext', 'identity', 'sourceIp']],
  ] as const)('%s without %j', async (format, path) => {
    const { send, seen } = stage(format)
    await expect(send(without(events[format], ...path))).rejects.toMatchObject({
      code: 'EVENT_UNREADABLE',
    })
    expect(seen.queries).toEqual([])
  })

  test.each([
    ['an API id with a slash', { apiId: 'api1/prod' }],
    ['an empty API id', { apiId: '' }],
    ['a stage with a slash', { stage: 'prod/GET' }],
    ['a stage with a wildcard', { stage: '*' }],
  ])('%s', async (_, changed) => {
    const { send } = stage('rest')
    await expect(send(withContext(restEvent, changed))).rejects.toMatchObject({
      code: 'EVENT_UNREADABLE',
    })
  })

  test('one that is of the other payload version', async () => {
    await expect(stage('http-simple').send({ ...httpEvent, version: '1.0' })).rejects.toMatchObject(
      {
        code: 'EVENT_UNREADABLE',
      },
    )
  })
})

test('T04: strings beside the PEM change nothing', async () => {
  const lying = {
    clientCertPem: PEM,
    subjectDN: 'CN=admin',
    issuerDN: 'CN=root',
    serialNumber: '9',
  }
  expect(
    await stage('http-simple').send(
      withContext(httpEvent, { authentication: { clientCert: lying } }),
    ),
  ).toStrictEqual(allows['http-simple'])
  expect(
    await stage('rest').send(
      withContext(restEvent, { identity: { sourceIp: '192.0.2.7', clientCert: lying } }),
    ),
  ).toStrictEqual(allows.rest)
})

describe('T03: headers', () => {
  const names = fc.oneof(
    fc.constantFrom(
      'x-amzn-mtls-clientcert',
      'x-forwarded-client-cert',
      'x-forwarded-for',
      'x-original-url',
      'x-http-method-override',
      'authorization',
      'host',
    ),
    fc.string(),
  )
  const others = fc.dictionary(
    names.filter((name) => name.toLowerCase() !== 'x-amzn-iot-thingname'),
    fc.string(),
  )

  test.each(formats)('%s: none but the thing header changes the answer', async (format) => {
    const event = events[format]
    const { send } = stage(format)
    await fc.assert(
      fc.asyncProperty(others, async (added) => {
        const lists = Object.entries(added).map(([name, value]) => [name, [value]])
        const changed = {
          ...event,
          headers: { ...added, ...event.headers },
          multiValueHeaders: { ...Object.fromEntries(lists), ...restEvent.multiValueHeaders },
        }
        expect(await send(changed)).toStrictEqual(allows[format])
      }),
      { numRuns: 50 },
    )
  })

  test.each(formats)('%s: none lets anybody in who is not', async (format) => {
    const event = events[format]
    const { send } = stage(format, {
      identifyCertificate: () => ({ ok: false, reason: 'certificate-malformed' }),
    })
    await fc.assert(
      fc.asyncProperty(others, async (added) => {
        const answer = JSON.stringify(
          await send({ ...event, headers: added, multiValueHeaders: {} }),
        )
        expect(answer).not.toMatch(/"Allow"|"isAuthorized":true/)
      }),
      { numRuns: 50 },
    )
  })
})

test('T39: neither answer nor audit record carries a PEM', async () => {
  for (const format of formats) {
    const { send, seen } = stage(format)
    expect(JSON.stringify([await send(), seen])).not.toContain(PEM)
  }
})
