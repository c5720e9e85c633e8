import { X509Certificate } from 'node:crypto'
import { leafOfEncodedChain } from '@thingpass/functions/front-door/certificate-chain'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Identity, issueCa, issueDeviceCertificate } from '../pki/issue-certificate.ts'
import type { ReceivedRequest } from './event-v2.ts'
import { buildLoadBalancerEvent, KEEPS_CERTIFICATE_HEADERS } from './load-balancer-event.ts'

const HEADER = 'x-cert-0123456789abcdef0123456789abcdef'
const PLACE = {
  accountId: '123456789012',
  region: 'eu-central-1',
  certificateHeader: 'X-Cert-0123456789abcdef0123456789abcdef',
}
/** AWS's own name, which everybody knows. */
const KNOWN = 'x-amzn-mtls-clientcert'
const RECEIVED: ReceivedRequest = {
  method: 'GET',
  target: '/a%20b/c?x=%31&x=2&y',
  httpVersion: '1.1',
  rawHeaders: ['Host', 'localhost:8443', 'X-One', '1', 'x-one', '2', 'Connection', 'keep-alive'],
  remoteAddress: '::ffff:127.0.0.1',
  localPort: 8443,
  certificate: undefined,
  requestId: 'r-1',
  receivedAt: new Date('2030-01-01T00:00:00Z'),
}
const build = (change: Partial<ReceivedRequest> = {}, body = '', more: object = {}) =>
  buildLoadBalancerEvent({ ...RECEIVED, ...change }, Buffer.from(body), { ...PLACE, ...more })
const headersOf = (change: Partial<ReceivedRequest>, more = {}) =>
  build(change, '', more)?.multiValueHeaders

let device: Identity
let shown: X509Certificate
beforeAll(async () => {
  const issuance = { commonName: 'x', now: new Date(), validDays: 1 }
  device = await issueDeviceCertificate(await issueCa(issuance), issuance)
  shown = new X509Certificate(device.certificatePem)
})

/** A chain as Node shows it: each certificate leads to the next that the client sent. */
const chainOf = (...certificates: X509Certificate[]) =>
  certificates.reduceRight<X509Certificate | undefined>(
    (issuerCertificate, certificate) =>
      ({
        toString: () => certificate.toString(),
        fingerprint256: certificate.fingerprint256,
        issuerCertificate,
      }) as unknown as X509Certificate,
    undefined,
  )

test('path and query keep their escapes, and every value of a header is there', () => {
  expect(build()).toEqual({
    requestContext: {
      elb: {
        targetGroupArn:
          'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/local/0000000000000000',
      },
    },
    httpMethod: 'GET',
    path: '/a%20b/c',
    multiValueQueryStringParameters: { x: ['%31', '2'], y: [''] },
    multiValueHeaders: {
      host: ['localhost:8443'],
      'x-one': ['1', '2'],
      'x-forwarded-for': ['127.0.0.1'],
      'x-forwarded-port': ['8443'],
      'x-forwarded-proto': ['https'],
    },
    body: '',
    isBase64Encoded: false,
  })
})

test('a body is text or base64', () => {
  const rawHeaders = ['Host', 'localhost', 'Content-Type', 'text/plain']
  expect(build({ rawHeaders }, 'ü')).toMatchObject({ body: 'ü', isBase64Encoded: false })
  expect(build({}, 'ü')).toMatchObject({ body: 'w7w=', isBase64Encoded: true })
})

test.each([
  ['no host', { rawHeaders: [] }],
  ['two hosts', { rawHeaders: ['Host', 'localhost', 'host', 'localhost'] }],
  ['a target that is no path', { target: 'https://localhost/' }],
  ['no path at all', { target: '*' }],
])('with %s there is no event', (_, change) => {
  expect(build(change)).toBeUndefined()
})

test('what the client claims to be its address stays before the true one', () => {
  const rawHeaders = ['Host', 'x', 'X-Forwarded-For', '10.0.0.1', 'x-forwarded-for', '10.0.0.2']
  expect(headersOf({ rawHeaders })?.['x-forwarded-for']).toEqual(['10.0.0.1, 10.0.0.2, 127.0.0.1'])
})

describe('the certificate header', () => {
  const claiming = (name: string) => ({ rawHeaders: ['Host', 'x', name, 'claimed'] })

  test('is written so that the function finds the leaf in it', () => {
    const [encoded = ''] = headersOf({ certificate: shown })?.[HEADER] ?? []
    expect(encoded).toMatch(/^-----BEGIN%20CERTIFICATE-----%0A[\w%+/=-]+%0A$/)
    expect(encoded).not.toMatch(/%2B|%2F|%3D/)
    expect(leafOfEncodedChain(encoded)).toBe(shown.toString())
  })

  test('holds all that the client sent, the leaf first, and a certificate that signed itself once', async () => {
    const ca = new X509Certificate(
      (await issueCa({ commonName: 'ca', now: new Date(), validDays: 1 })).certificatePem,
    )
    const [encoded = ''] = headersOf({ certificate: chainOf(shown, ca, ca) })?.[HEADER] ?? []
    expect(decodeURIComponent(encoded)).toBe(`${shown}${ca}`)
  })

  test('is bounded, whatever chain a client sends', () => {
    const other = (index: number) =>
      ({ toString: () => 'x', fingerprint256: String(index) }) as unknown as X509Certificate
    const long = Array.from({ length: 50 }, (_, index) => other(index))
    expect(headersOf({ certificate: chainOf(...long) })?.[HEADER]).toEqual(['x'.repeat(10)])
  })

  test("has the listener's name for it, and not AWS's", () => {
    const headers = headersOf({ certificate: shown }) ?? {}
    expect(headers[HEADER]).toHaveLength(1)
    expect(headers).not.toHaveProperty(KNOWN)
  })

  test.each([KNOWN, 'X-Amzn-Mtls-Clientcert', `${KNOWN}-leaf`, `${KNOWN}-Subject`])(
    'is taken away where a client sends it as %s',
    (name) => {
      expect(Object.keys(headersOf(claiming(name)) ?? {})).not.toContain(name.toLowerCase())
    },
  )

  test('of the drawn name stands beside the true one, were a client ever to know the name', () => {
    expect(headersOf({ ...claiming(HEADER), certificate: shown })?.[HEADER]).toEqual([
      'claimed',
      expect.stringContaining('BEGIN'),
    ])
  })

  test("of AWS's name is left in for tests alone, and the true one stands elsewhere", () => {
    const careless = { [KEEPS_CERTIFICATE_HEADERS]: true }
    expect(headersOf(claiming(KNOWN), careless)).toMatchObject({ [KNOWN]: ['claimed'] })
    expect(headersOf({ ...claiming(KNOWN), certificate: shown }, careless)).toMatchObject({
      [KNOWN]: ['claimed'],
      [HEADER]: [expect.stringContaining('BEGIN')],
    })
    const json = JSON.parse(
      '{"Symbol(keeps certificate headers)":true,"KEEPS_CERTIFICATE_HEADERS":true}',
    )
    expect(headersOf(claiming(KNOWN), json)).not.toHaveProperty(KNOWN)
  })
})
