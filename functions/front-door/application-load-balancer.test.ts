import { parseRoleAlias, parseThingName } from '@thingpass/core/names'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLoadBalancerDoor } from './application-load-balancer.ts'

const blockOf = (body: string) =>
  `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`
const LEAF = blockOf('TGVhZg+/AA==')
const ISSUER = blockOf('SXNzdWVy')
const ENCODED = encodeURIComponent(LEAF)
const BEGIN = '-----BEGIN%20CERTIFICATE-----%0A'

const HEADER = 'x-cert-0123456789abcdef0123456789abcdef'
const SPELLED = 'X-Cert-0123456789ABCDEF0123456789abcdef'
const DOOR = createLoadBalancerDoor({ certificateHeader: SPELLED }) // as the listener has it; events have lower case

const multiValueHeaders = {
  host: ['Devices.Example.com'],
  'x-amzn-iot-thingname': ['cam-1'],
  [HEADER]: [ENCODED],
  'x-amzn-trace-id': ['Self=1-1-1;Root=1-chosen-by-the-client'],
  'x-forwarded-for': ['192.0.2.7'],
}
const event = {
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:1:x' } },
  httpMethod: 'GET',
  path: '/role-aliases/camera/credentials',
  multiValueQueryStringParameters: {},
  multiValueHeaders,
  body: '',
  isBase64Encoded: false,
}
const invocation = { awsRequestId: 'lambda-1' }
const read = (changed: object) => DOOR.read({ ...event, ...changed }, invocation)
const withHeaders = (changed: object) =>
  read({ multiValueHeaders: { ...multiValueHeaders, ...changed } })
const MALFORMED = { refused: 'certificate-malformed' }

test('an event of a device becomes a device request', () => {
  expect(read({})).toEqual({
    requestId: 'lambda-1',
    hostName: 'devices.example.com',
    sourceIp: '192.0.2.7',
    route: { kind: 'credentials', roleAlias: parseRoleAlias('camera') },
    thingHeader: { kind: 'named', thingName: parseThingName('cam-1') },
    presented: LEAF,
  })
})

test('the request id is of Lambda, not of the trace header, which a client can fill', () => {
  expect(DOOR.requestIdOf(event, invocation)).toBe('lambda-1')
  expect(DOOR.requestIdOf(event, undefined)).toBeUndefined()
})

describe('the leaf of the chain', () => {
  test.each([
    ['alone', LEAF],
    ['before its issuer', LEAF + ISSUER],
    ['before three more', LEAF + ISSUER + ISSUER + ISSUER],
    ['without a last line end', LEAF.trimEnd()],
    ['with CRLF', LEAF.replaceAll('\n', '\r\n')],
  ])('%s is handed on as one block', (_, chain) => {
    const { presented } = withHeaders({ [HEADER]: [encodeURIComponent(chain)] })
    expect(chain.startsWith(presented as string)).toBe(true)
    expect(presented).toMatch(/^-----BEGIN[^-]*-----[^-]*-----END CERTIFICATE-----\r?\n?$/)
  })

  test.each([
    ['with + = / as they are', LEAF.replaceAll(' ', '%20').replaceAll('\n', '%0A')],
    ['with all of them encoded', ENCODED],
    ['with lower-case escapes', ENCODED.replaceAll('%0A', '%0a')],
  ])('is the same %s: a plus sign is no space', (_, encoded) => {
    expect(withHeaders({ [HEADER]: [encoded] }).presented).toBe(LEAF)
  })

  test.each([SPELLED, HEADER.toUpperCase()])('is found as %s', (name) => {
    const { [HEADER]: _, ...others } = multiValueHeaders
    const changed = { multiValueHeaders: { ...others, [name]: [ENCODED] } }
    expect(read(changed).presented).toBe(LEAF)
  })
})

describe('nothing was presented', () => {
  test.each([
    ['no header', undefined],
    ['a header without values', []],
  ])('with %s', (_, values) => {
    const { [HEADER]: dropped, ...others } = multiValueHeaders
    const headers = values === undefined ? others : { ...others, [HEADER]: values }
    expect(read({ multiValueHeaders: headers }).presented).toBeUndefined()
  })

  test("T03: under AWS's own name, whatever it holds", () => {
    const { [HEADER]: dropped, ...others } = multiValueHeaders
    for (const name of ['x-amzn-mtls-clientcert', 'X-Amzn-Mtls-Clientcert']) {
      expect(read({ multiValueHeaders: { ...others, [name]: [ENCODED] } }).presented).toBe(
        undefined,
      )
    }
  })

  test('with the headers of verify mode alone', () => {
    const { [HEADER]: dropped, ...others } = multiValueHeaders
    const verified = {
      'x-amzn-mtls-clientcert-leaf': [ENCODED],
      'x-amzn-mtls-clientcert-subject': ['CN=x'],
    }
    expect(read({ multiValueHeaders: { ...others, ...verified } }).presented).toBeUndefined()
  })
})

describe('T03: what is not exactly one chain is refused', () => {
  const rows: [string, object][] = [
    ['two values', { [HEADER]: [ENCODED, ENCODED] }],
    ['two values, one of them empty', { [HEADER]: [ENCODED, ''] }],
    ['values joined by a comma', { [HEADER]: [`${ENCODED},${ENCODED}`] }],
    ['two spellings', { [SPELLED]: [ENCODED] }],
    ['an empty value', { [HEADER]: [''] }],
    ['text before', { [HEADER]: [`x%0A${ENCODED}`] }],
    ['text behind', { [HEADER]: [`${ENCODED}x`] }],
    ['a blank line', { [HEADER]: [`${ENCODED}%0A${ENCODED}`] }],
    ['five certificates', { [HEADER]: [ENCODED.repeat(5)] }],
    ['another label', { [HEADER]: [ENCODED.replaceAll('CERT', 'X509%20CERT')] }],
    ['a plain PEM with spaces', { [HEADER]: [LEAF.replaceAll('\n', ' ')] }],
    ['encoded twice', { [HEADER]: [encodeURIComponent(ENCODED)] }],
    ['a plus sign for a space', { [HEADER]: [ENCODED.replaceAll('%20', '+')] }],
    ['escapes that are no UTF-8', { [HEADER]: ['%ff'] }],
    ['T36: lines without an end', { [HEADER]: [`${BEGIN}${'A%0A'.repeat(16_000)}`] }],
    ['T36: blocks that only begin', { [HEADER]: [BEGIN.repeat(2_000)] }],
    ['a broken escape', { [HEADER]: [`${ENCODED}%`] }],
  ]
  test.each(rows)('%s', (_, changed) => {
    expect(withHeaders(changed).presented).toEqual(MALFORMED)
  })

  test('more than a load balancer takes of headers, before it is decoded', () => {
    const exactly = ENCODED + '%'.repeat(65_536 - ENCODED.length)
    expect(withHeaders({ [HEADER]: [exactly] }).presented).toEqual(MALFORMED)
    expect(withHeaders({ [HEADER]: [`${exactly}%`] }).presented).toEqual({
      refused: 'certificate-too-large',
    })
  })

  test('T03: whatever a client adds, the device is the one of the one header, or nobody', () => {
    const name = fc.oneof(
      fc.constantFrom(
        HEADER,
        SPELLED,
        'x-amzn-mtls-clientcert',
        'X-Amzn-Mtls-Clientcert',
        'x-amzn-mtls-clientcert-leaf',
        'x-amzn-mtls-clientcert-subject',
        'x-tls-client-cert',
        'x-forwarded-client-cert',
      ),
      fc.string(),
    )
    const value = fc.oneof(fc.constant(encodeURIComponent(ISSUER)), fc.string())
    fc.assert(
      fc.property(fc.dictionary(name, fc.array(value, { maxLength: 2 })), (added) => {
        const merged = { ...multiValueHeaders } as Record<string, string[]>
        for (const [key, values] of Object.entries(added)) {
          merged[key] = [...(Object.hasOwn(merged, key) ? merged[key]! : []), ...values]
        }
        const copies = Object.entries(added)
          .filter(([key]) => key.toLowerCase() === HEADER)
          .flatMap(([, values]) => values)
        const hosts = Object.keys(added).filter((key) => /^(host|x-forwarded-for)$/i.test(key))
        fc.pre(hosts.length === 0)
        const { presented } = read({ multiValueHeaders: merged })
        expect(presented).toEqual(copies.length === 0 ? LEAF : MALFORMED)
      }),
    )
  })
})

test.each([
  ['/role-aliases/camera/credentials', 'camera'],
  ['/role-aliases/a%3Db/credentials', 'a=b'],
  ['/role-aliases/a=b/credentials', 'a=b'],
])('T13: %s is decoded once', (path, alias) => {
  expect(read({ path }).route).toEqual({ kind: 'credentials', roleAlias: alias })
})

test.each([
  ['/role-aliases/a%253Db/credentials', { kind: 'credentials', roleAlias: undefined }],
  ['/role-aliases/%2e%2e/credentials', { kind: 'credentials', roleAlias: undefined }],
  ['/role-aliases/a%2Fb/credentials', { kind: 'refused', reason: 'path-unknown' }],
  ['/role-aliases/camera/credentials%0A', { kind: 'refused', reason: 'path-unknown' }],
  ['/role-aliases/%ff/credentials', { kind: 'refused', reason: 'request-malformed' }],
  ['/role-aliases/a%/credentials', { kind: 'refused', reason: 'request-malformed' }],
])('T13: %s opens nothing', (path, route) => {
  expect(read({ path }).route).toEqual(route)
})

test.each([
  ['devices.example.com:443', 'devices.example.com'],
  ['DEVICES.example.com', 'devices.example.com'],
  ['[::1]:443', '::1'],
  ['devices.example.com,devices.example.com', ''],
  ['devices.example.com:443:443', ''],
  ['x@devices.example.com', ''],
])('T02: the host %j is %j', (host, hostName) => {
  expect(withHeaders({ host: [host] }).hostName).toBe(hostName)
})

test.each([
  ['none', []],
  ['two', ['devices.example.com', 'devices.example.com']],
])('T02: with %s for a host, it is none that is served', (_, host) => {
  expect(withHeaders({ host }).hostName).toBe('')
})

test('T02: a second spelling of the host is a second host', () => {
  expect(withHeaders({ Host: ['devices.example.com'] }).hostName).toBe('')
})

test.each([
  [['192.0.2.7'], '192.0.2.7'],
  [['10.0.0.1, 192.0.2.7'], '192.0.2.7'],
  [['10.0.0.1,192.0.2.7 '], '192.0.2.7'],
  [['10.0.0.1', '192.0.2.7'], '192.0.2.7'],
  [['10.0.0.1, 2001:db8::7'], '2001:db8::7'],
])('the source address of %j is what the load balancer added: %s', (values, sourceIp) => {
  expect(withHeaders({ 'x-forwarded-for': values }).sourceIp).toBe(sourceIp)
})

test.each(['', ' ', 'a,a', 'cam 1'])('T11: the thing header %j is malformed', (value) => {
  const changed = { 'x-amzn-iot-thingname': [value] }
  expect(withHeaders(changed).thingHeader).toEqual({ kind: 'malformed' })
})

test('T11: the thing header twice is malformed even with equal values', () => {
  const twice = { 'x-amzn-iot-thingname': ['cam-1', 'cam-1'] }
  expect(withHeaders(twice).thingHeader).toEqual({ kind: 'malformed' })
})

describe("an event that our load balancer does not send is our fault, not the device's", () => {
  const rows: [string, object][] = [
    ['single-value headers', { multiValueHeaders: undefined, headers: { host: 'x' } }],
    ['null for headers', { multiValueHeaders: null }],
    ['no method', { httpMethod: undefined }],
    ['no path', { path: undefined }],
    ['a header that is no list', { multiValueHeaders: { ...multiValueHeaders, host: 'x' } }],
    ['a value that is no text', { multiValueHeaders: { ...multiValueHeaders, host: [7] } }],
    ['no source address', { multiValueHeaders: { ...multiValueHeaders, 'x-forwarded-for': [] } }],
    ...['192.0.2.7:443', 'unknown', '192.0.2.7,', 'fe80::1%eth0', '192.0.2'].map(
      (address): [string, object] => [
        `the source address ${address}`,
        { multiValueHeaders: { ...multiValueHeaders, 'x-forwarded-for': [address] } },
      ],
    ),
  ]
  test.each(rows)('%s', (_, changed) => {
    expect(() => read(changed)).toThrow(expect.objectContaining({ code: 'EVENT_UNREADABLE' }))
  })

  test('no invocation id', () => {
    expect(() => DOOR.read(event, undefined)).toThrow(
      expect.objectContaining({ code: 'EVENT_UNREADABLE' }),
    )
  })
})

test.each([
  ['no list', ENCODED],
  ['a list of other things', [7]],
])('T39: a certificate header that is %s is named in words, not by its secret name', (_, value) => {
  expect(() => withHeaders({ [HEADER]: value })).toThrow(
    expect.objectContaining({ message: expect.stringContaining('certificate header') }),
  )
  expect(() => withHeaders({ [HEADER]: value })).not.toThrow(/x-cert/i)
})

test.each([
  [200, '200 OK'],
  [403, '403 Forbidden'],
  [503, '503 Service Unavailable'],
])('an answer of status %i has the form that a load balancer takes', (statusCode, description) => {
  const answer = { statusCode, headers: { 'content-type': 'application/json' }, body: '{}' }
  expect(DOOR.write(answer)).toEqual({
    statusCode,
    statusDescription: description,
    multiValueHeaders: { 'content-type': ['application/json'] },
    body: '{}',
    isBase64Encoded: false,
  })
})
