import { parseRoleAlias, parseThingName } from '@thingpass/core/names'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromApiGatewayV2 } from './api-gateway-v2.ts'

const clientCert = {
  clientCertPem: 'the one certificate',
  subjectDN: 'CN=someone',
  issuerDN: 'CN=some CA',
  serialNumber: '1',
  validity: { notBefore: 'May 28 12:30:02 2019 GMT', notAfter: 'Aug  5 09:36:04 2021 GMT' },
}
const event = {
  version: '2.0',
  rawPath: '/role-aliases/camera/credentials',
  headers: { 'x-amzn-iot-thingname': 'cam-1', host: 'x.example' },
  requestContext: {
    requestId: 'r-1',
    domainName: 'Devices.Example.COM',
    http: {
      method: 'GET',
      path: '/ignored',
      sourceIp: '192.0.2.7',
      protocol: 'HTTP/1.1',
      userAgent: 'x',
    },
    authentication: { clientCert },
  },
}
const { requestContext } = event

test('an event of a device becomes a device request', () => {
  expect(fromApiGatewayV2(event)).toEqual({
    requestId: 'r-1',
    hostName: 'devices.example.com',
    sourceIp: '192.0.2.7',
    route: { kind: 'credentials', roleAlias: parseRoleAlias('camera') },
    thingHeader: { kind: 'named', thingName: parseThingName('cam-1') },
    presented: 'the one certificate',
  })
})

test.each([
  ['no authentication', { ...requestContext, authentication: undefined }],
  ['null for authentication', { ...requestContext, authentication: null }],
  ['no certificate', { ...requestContext, authentication: {} }],
  ['null for a certificate', { ...requestContext, authentication: { clientCert: null } }],
  ['a certificate without PEM', { ...requestContext, authentication: { clientCert: {} } }],
])('T01: with %s nothing was presented', (_, changed) => {
  expect(fromApiGatewayV2({ ...event, requestContext: changed }).presented).toBeUndefined()
})

describe("an event that API Gateway does not send is our fault, not the device's", () => {
  test.each([
    ['no request context', { ...event, requestContext: undefined }],
    ['no path', { ...event, rawPath: undefined }],
    ['a path of another type', { ...event, rawPath: ['/'] }],
    ['no request id', { ...event, requestContext: { ...requestContext, requestId: undefined } }],
    ['no domain name', { ...event, requestContext: { ...requestContext, domainName: 7 } }],
    ['no http block', { ...event, requestContext: { ...requestContext, http: undefined } }],
    [
      'no method',
      { ...event, requestContext: { ...requestContext, http: { sourceIp: '192.0.2.7' } } },
    ],
    [
      'no source address',
      { ...event, requestContext: { ...requestContext, http: { method: 'GET' } } },
    ],
    [
      'a certificate that is no text',
      {
        ...event,
        requestContext: {
          ...requestContext,
          authentication: { clientCert: { clientCertPem: {} } },
        },
      },
    ],
  ])('%s', (_, broken) => {
    expect(() => fromApiGatewayV2(broken)).toThrow(
      expect.objectContaining({ code: 'EVENT_UNREADABLE' }),
    )
  })
})

test('T03: no header changes who is presented', () => {
  const names = fc.oneof(
    fc.constantFrom(
      'x-amzn-mtls-clientcert',
      'x-tls-client-cert',
      'x-forwarded-client-cert',
      'x-amzn-mtls-clientcert-leaf',
    ),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.dictionary(names, fc.string()), (headers) => {
      const changed = fromApiGatewayV2({ ...event, headers: { ...headers, ...event.headers } })
      expect(changed.presented).toBe('the one certificate')
    }),
  )
})

test('T04: strings beside the PEM change nothing', () => {
  const lying = { ...clientCert, subjectDN: 'CN=admin', issuerDN: 'CN=root', serialNumber: '99' }
  const changed = { ...requestContext, authentication: { clientCert: lying } }
  expect(fromApiGatewayV2({ ...event, requestContext: changed })).toEqual(fromApiGatewayV2(event))
})
