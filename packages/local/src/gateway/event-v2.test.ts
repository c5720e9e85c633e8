import { X509Certificate } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { issueCa, issueDeviceCertificate } from '../pki/issue-certificate.ts'
import { buildEventV2, type ReceivedRequest } from './event-v2.ts'

const ACCOUNT = '123456789012'
const RECEIVED: ReceivedRequest = {
  method: 'GET',
  target: '/role-aliases/demo%40camera/credentials?trace=a&trace=b%20c&x',
  httpVersion: '1.1',
  rawHeaders: [
    ...['Host', 'Demo.Localhost:8443'],
    ...['x-amzn-iot-thingname', 'camera-1'],
    ...['User-Agent', 'curl/8.0'],
    ...['Accept', 'text/html'],
    ...['ACCEPT', '*/*'],
    ...['Cookie', 'a=1; b=2'],
    ...['Cookie', 'c=3'],
    ...['Connection', 'keep-alive'],
  ],
  remoteAddress: '::ffff:127.0.0.1',
  localPort: 8443,
  certificate: undefined,
  requestId: '6f1f6d0e-4f0c-4f65-9d0c-0d6a6d5a2c11',
  receivedAt: new Date('2030-03-12T19:03:58.123Z'),
}

const build = (change: Partial<ReceivedRequest>) =>
  buildEventV2({ ...RECEIVED, ...change }, ACCOUNT)
const withHeaders = (...rawHeaders: string[]) => build({ rawHeaders })

test('a request becomes the event that an HTTP API sends', () => {
  expect(build({})).toEqual({
    version: '2.0',
    routeKey: 'GET /role-aliases/{roleAlias}/credentials',
    rawPath: '/role-aliases/demo@camera/credentials',
    rawQueryString: 'trace=a&trace=b%20c&x',
    cookies: ['a=1', 'b=2', 'c=3'],
    headers: {
      host: 'Demo.Localhost:8443',
      'x-amzn-iot-thingname': 'camera-1',
      'user-agent': 'curl/8.0',
      accept: 'text/html,*/*',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': '8443',
      'x-forwarded-proto': 'https',
    },
    queryStringParameters: { trace: 'a,b c', x: '' },
    requestContext: {
      accountId: ACCOUNT,
      apiId: 'local',
      domainName: 'demo.localhost',
      domainPrefix: 'demo',
      http: {
        method: 'GET',
        path: '/role-aliases/demo@camera/credentials',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'curl/8.0',
      },
      requestId: '6f1f6d0e-4f0c-4f65-9d0c-0d6a6d5a2c11',
      routeKey: 'GET /role-aliases/{roleAlias}/credentials',
      stage: '$default',
      time: '12/Mar/2030:19:03:58 +0000',
      timeEpoch: 1_899_572_638_123,
    },
    pathParameters: { roleAlias: 'demo@camera' },
    isBase64Encoded: false,
  })
})

test('a bare request has no query, cookies, path parameters or certificate', () => {
  const event = build({ target: '/', rawHeaders: ['Host', 'localhost'] })
  expect(Object.keys(event ?? {})).toEqual([
    'version',
    'routeKey',
    'rawPath',
    'rawQueryString',
    'headers',
    'requestContext',
    'isBase64Encoded',
  ])
  expect(event?.requestContext.authentication).toBeUndefined()
  expect(event?.requestContext.http.userAgent).toBe('')
  expect(event?.rawQueryString).toBe('')
})

describe('the certificate', () => {
  let certificate: X509Certificate
  beforeAll(async () => {
    const now = new Date('2030-01-01T00:05:00Z')
    const ca = await issueCa({ commonName: 'CA', organization: 'acme', now, validDays: 31 })
    const device = { commonName: 'camera-1', organization: 'acme', now, validDays: 31 }
    certificate = new X509Certificate((await issueDeviceCertificate(ca, device)).certificatePem)
  })

  test('is handed over as PEM, with the strings that API Gateway shows beside it', () => {
    const shown = build({ certificate })?.requestContext.authentication?.clientCert
    expect(shown).toEqual({
      clientCertPem: certificate.toString(),
      subjectDN: 'CN=camera-1,O=acme',
      issuerDN: 'CN=CA,O=acme',
      serialNumber: expect.stringMatching(/^40(:[0-9a-f]{2}){15}$/),
      validity: { notBefore: 'Jan  1 00:00:00 2030 GMT', notAfter: 'Feb  1 00:05:00 2030 GMT' },
    })
    expect(shown?.clientCertPem).toMatch(
      /^-----BEGIN CERTIFICATE-----\n.*-----END CERTIFICATE-----\n$/s,
    )
  })
})

describe('the path', () => {
  const decoded: [target: string, path: string, roleAlias: string | undefined][] = [
    ['/role-aliases/a=b,c@d/credentials', '/role-aliases/a=b,c@d/credentials', 'a=b,c@d'],
    ['/role-aliases/a%3Db%2Cc%40d/credentials', '/role-aliases/a=b,c@d/credentials', 'a=b,c@d'],
    ['/role-aliases/a%2540b/credentials', '/role-aliases/a%40b/credentials', 'a%40b'],
    ['/role-aliases/a%2Fb/credentials', '/role-aliases/a/b/credentials', undefined],
    ['/role-aliases//credentials', '/role-aliases//credentials', undefined],
    ['/role-aliases/a/credentials/', '/role-aliases/a/credentials/', undefined],
    ['/Role-Aliases/a/credentials', '/Role-Aliases/a/credentials', undefined],
    ['/x/role-aliases/a/credentials', '/x/role-aliases/a/credentials', undefined],
    ['/role-aliases/%C3%A9/credentials', '/role-aliases/é/credentials', 'é'],
  ]
  test.each(decoded)('%s is decoded once, to %s', (target, rawPath, roleAlias) => {
    const event = build({ target })
    expect(event?.rawPath).toBe(rawPath)
    expect(event?.requestContext.http.path).toBe(rawPath)
    expect(event?.pathParameters?.roleAlias).toBe(roleAlias)
    expect(event?.routeKey).toBe(
      roleAlias === undefined ? '$default' : 'GET /role-aliases/{roleAlias}/credentials',
    )
  })

  test.each(['POST', 'HEAD', 'get', 'OPTIONS'])('%s falls to the default route', (method) => {
    const event = build({ method })
    expect(event?.routeKey).toBe('$default')
    expect(event?.requestContext.routeKey).toBe('$default')
    expect(event?.requestContext.http.method).toBe(method)
    expect(event?.pathParameters).toBeUndefined()
  })

  test.each(['/%', '/%zz', '/%ff', '/a%C3', '*', 'https://localhost/', ''])(
    'the target %s is no request',
    (target) => {
      expect(build({ target })).toBeUndefined()
    },
  )
})

describe('the headers', () => {
  test('repeated ones are joined in their order, also those of which Node keeps one', () => {
    const event = withHeaders(
      'Host',
      'localhost',
      'User-Agent',
      'a',
      'user-agent',
      'b',
      'X',
      '1',
      'x',
      '',
    )
    expect(event?.headers).toMatchObject({ 'user-agent': 'a,b', x: '1,' })
    expect(event?.requestContext.http.userAgent).toBe('a,b')
  })

  test('a name that JavaScript gives a meaning to is a name like any other', () => {
    const event = withHeaders('Host', 'localhost', '__proto__', 'x')
    expect(Object.entries(event?.headers ?? {})).toContainEqual(['__proto__', 'x'])
    expect(Object.getPrototypeOf(event?.headers)).toBe(Object.prototype)
  })

  test("the client's claim of where it comes from stays in front of the true address", () => {
    const event = withHeaders(
      'Host',
      'localhost',
      'X-Forwarded-For',
      '1.1.1.1',
      'x-forwarded-proto',
      'http',
    )
    expect(event?.headers['x-forwarded-for']).toBe('1.1.1.1, 127.0.0.1')
    expect(event?.headers['x-forwarded-proto']).toBe('https')
    expect(event?.requestContext.http.sourceIp).toBe('127.0.0.1')
  })

  test.each([
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'proxy-connection',
  ])('the hop header %s is not passed on', (name) => {
    expect(withHeaders('Host', 'localhost', name, 'x')?.headers[name]).toBeUndefined()
  })

  const hosts: [host: string, domainName: string, domainPrefix: string][] = [
    ['localhost', 'localhost', 'localhost'],
    ['LOCALHOST:443', 'localhost', 'localhost'],
    ['127.0.0.1:8443', '127.0.0.1', '127'],
    ['[::1]:8443', '::1', '::1'],
    ['[::1]', '::1', '::1'],
    [
      'x.credentials.iot.eu-central-1.example.com',
      'x.credentials.iot.eu-central-1.example.com',
      'x',
    ],
  ]
  test.each(hosts)('Host %s is the domain %s', (host, domainName, domainPrefix) => {
    expect(withHeaders('Host', host)?.requestContext).toMatchObject({ domainName, domainPrefix })
  })

  test.each([
    [[]],
    [['Host', '']],
    [['Host', 'a', 'host', 'a']],
    [['Host', 'a,b']],
    [['Host', 'a@b']],
    [['Host', 'a/b']],
    [['Host', 'localhost:']],
    [['Host', 'localhost:123456']],
    [['Host', '::1']],
    [['Host', '[localhost]']],
  ])('%j is no request', (rawHeaders) => {
    expect(build({ rawHeaders })).toBeUndefined()
  })

  test.each(['::1', '2001:db8::ffff:1.2.3.4', '::ffff:1:2'])(
    'the IPv6 peer %s keeps its address',
    (address) => {
      expect(build({ remoteAddress: address })?.requestContext.http.sourceIp).toBe(address)
    },
  )

  test('cookies are told apart with and without a space, and empty ones are none', () => {
    const event = withHeaders('Host', 'localhost', 'Cookie', 'a=1;b=2;  c=3; ;', 'cookie', '')
    expect(event?.cookies).toEqual(['a=1', 'b=2', 'c=3'])
    expect(withHeaders('Host', 'localhost', 'Cookie', '')).not.toHaveProperty('cookies')
  })
})

test('whatever is received becomes an event of texts, or none', () => {
  const headers = fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 })
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), headers, (target, others) => {
      const rawHeaders = ['Host', 'localhost', ...others]
      const event = build({ target: `/${target}`, rawHeaders })
      if (event === undefined) return true
      const { domainName, authentication } = event.requestContext
      const survives = isDeepStrictEqual(JSON.parse(JSON.stringify(event)), event)
      return domainName === 'localhost' && authentication === undefined && survives
    }),
  )
})
