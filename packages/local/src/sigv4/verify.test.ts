import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { collectHeaders, type RawRequest, splitTarget } from './raw-request.ts'
import { type SigningSettings, signRequest } from './sign.ts'
import {
  createVerifier,
  type FindKey,
  type SignatureFailure,
  type VerifierSettings,
} from './verify.ts'

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const NOON = new Date('2026-03-01T12:00:00Z')
const after = (seconds: number) => new Date(NOON.getTime() + seconds * 1000)

const findKey: FindKey<string> = (accessKeyId, sessionToken) => {
  if (accessKeyId === 'AKIDEXAMPLE') return { found: true, secretAccessKey: SECRET, caller: 'ann' }
  if (accessKeyId !== 'ASIAEXAMPLE') return { found: false, reason: 'key-unknown' }
  if (sessionToken === 'old') return { found: false, reason: 'token-expired' }
  if (sessionToken !== 'fresh') return { found: false, reason: 'token-invalid' }
  return { found: true, secretAccessKey: SECRET, caller: 'session' }
}

const settings: VerifierSettings<string> = {
  services: ['iot', 'execute-api'],
  regions: ['eu-central-1'],
  pathRule: 'segments-encoded-again',
  clock: () => NOON,
  findKey,
}
const verify = createVerifier(settings)

const signing: SigningSettings = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: SECRET,
  region: 'eu-central-1',
  service: 'iot',
  pathRule: 'segments-encoded-again',
  now: NOON,
}

const REQUEST: RawRequest = {
  method: 'POST',
  path: '/things/lamp%3A1',
  query: 'b=2&a=1%2F2',
  headers: collectHeaders(['Host', 'localhost:4000', 'Content-Type', 'application/json']),
  body: Buffer.from('{"thingTypeName":"lamp"}'),
}

function signed(request: RawRequest = REQUEST, changed: Partial<SigningSettings> = {}): RawRequest {
  const result = signRequest(request, { ...signing, ...changed })
  if (result === undefined) throw new Error('cannot be signed')
  return result
}

function withHeader(request: RawRequest, name: string, ...values: string[]): RawRequest {
  const headers = new Map(request.headers)
  if (values.length === 0) headers.delete(name)
  else headers.set(name, values)
  return { ...request, headers }
}

function withAuthorization(edit: (text: string) => string): RawRequest {
  const request = signed()
  return withHeader(request, 'authorization', edit(String(request.headers.get('authorization'))))
}

test('accepts what it signed itself, and says by whom, where and for which service', () => {
  expect(verify(signed())).toEqual({
    verified: true,
    caller: 'ann',
    accessKeyId: 'AKIDEXAMPLE',
    region: 'eu-central-1',
    service: 'iot',
  })
  expect(verify(signed(REQUEST, { service: 'execute-api' }))).toMatchObject({
    service: 'execute-api',
  })
})

// The test suite of Signature Version 4 that AWS published, and the worked example of its documentation.
const VECTOR_SCOPE = '20150830/us-east-1/service/aws4_request'
const vectors: [string, string, string, string[], string, string][] = [
  [
    'get-vanilla',
    'GET',
    '/',
    [],
    '',
    '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  ],
  [
    'get-vanilla-query-order-key-case',
    'GET',
    '/?Param2=value2&Param1=value1',
    [],
    '',
    'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  ],
  [
    'get-header-value-trim',
    'GET',
    '/',
    ['My-Header1', ' value1', 'My-Header2', ' "a   b   c"'],
    '',
    'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  ],
  [
    'get-header-value-order',
    'GET',
    '/',
    [
      'My-Header1',
      'value4',
      'My-Header1',
      'value1',
      'My-Header1',
      'value3',
      'My-Header1',
      'value2',
    ],
    '',
    '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01',
  ],
  [
    'get-space',
    'GET',
    '/example space/',
    [],
    '',
    '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741',
  ],
  [
    'get-utf8',
    'GET',
    '/\u1234',
    [],
    '',
    '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85',
  ],
  [
    'post-vanilla',
    'POST',
    '/',
    [],
    '',
    '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  ],
  [
    'post-x-www-form-urlencoded',
    'POST',
    '/',
    ['Content-Type', 'application/x-www-form-urlencoded'],
    'Param1=value1',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
]

const byCode = (one: string, other: string) => (one < other ? -1 : 1)

test.each(vectors)(
  'agrees with the published vector %s',
  (_, method, target, extra, body, signature) => {
    const headers = ['Host', 'example.amazonaws.com', 'X-Amz-Date', '20150830T123600Z', ...extra]
    const names = [...collectHeaders(headers).keys()].toSorted(byCode).join(';')
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${VECTOR_SCOPE}, SignedHeaders=${names}, Signature=${signature}`
    const request: RawRequest = {
      method,
      ...splitTarget(target),
      headers: collectHeaders([...headers, 'Authorization', authorization]),
      body: Buffer.from(body),
    }
    const verification = createVerifier({
      ...settings,
      services: ['service'],
      regions: ['us-east-1'],
      clock: () => new Date('2015-08-30T12:36:00Z'),
    })(request)
    expect(verification).toMatchObject({ verified: true })
  },
)

test('agrees with the worked example of the documentation', () => {
  const request: RawRequest = {
    method: 'GET',
    path: '/',
    query: 'Action=ListUsers&Version=2010-05-08',
    headers: collectHeaders([
      'Content-Type',
      'application/x-www-form-urlencoded; charset=utf-8',
      'Host',
      'iam.amazonaws.com',
      'X-Amz-Date',
      '20150830T123600Z',
      'Authorization',
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    ]),
    body: Buffer.alloc(0),
  }
  const verification = createVerifier({
    ...settings,
    services: ['iam'],
    regions: ['us-east-1'],
    pathRule: 'root-only',
    clock: () => new Date('2015-08-30T12:36:00Z'),
  })(request)
  expect(verification).toMatchObject({ verified: true })
})

test("accepts a request of AWS's own client, token included", async () => {
  let captured: RawRequest | undefined
  const client = new STSClient({
    region: 'eu-central-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: SECRET, sessionToken: 'fresh' },
    requestHandler: {
      handle: (request: { method: string; path: string; headers: object; body: string }) => {
        captured = {
          ...splitTarget(request.path),
          method: request.method,
          headers: collectHeaders(Object.entries(request.headers).flat()),
          body: Buffer.from(request.body),
        }
        return Promise.reject(new Error('captured'))
      },
    },
  })
  await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toThrow()
  const checked = createVerifier({ ...settings, services: ['sts'], clock: () => new Date() })
  expect(checked(captured as RawRequest)).toMatchObject({ verified: true, caller: 'session' })
})

// One row per reason: a reason without a row does not compile. Each request is right but for the one thing.
const failures: Record<SignatureFailure, RawRequest> = {
  'authorization-missing': withHeader(signed(), 'authorization'),
  'authorization-malformed': withAuthorization((text) => text.replace('SHA256', 'SHA1')),
  'date-malformed': withHeader(signed(), 'x-amz-date', '20260231T120000Z'),
  'scope-date-differs': signedWithScopeDate('20260228'),
  'service-not-accepted': signed(REQUEST, { service: 'sts' }),
  'region-not-accepted': signed(REQUEST, { region: 'us-east-1' }),
  'header-not-signed': withHeader(signed(), 'x-amzn-principal', 'someone else'),
  'signed-header-missing': withHeader(signed(), 'content-type'),
  'token-repeated': signed(withHeader(REQUEST, 'x-amz-security-token', 'fresh', 'fresh')),
  'signature-expired': signed(REQUEST, { now: after(-901) }),
  'signature-not-yet-current': signed(REQUEST, { now: after(901) }),
  'key-unknown': signed(REQUEST, { accessKeyId: 'AKIDSTRANGER' }),
  'token-invalid': signed(REQUEST, { accessKeyId: 'ASIAEXAMPLE' }),
  'token-expired': signed(REQUEST, { accessKeyId: 'ASIAEXAMPLE', sessionToken: 'old' }),
  'target-malformed': { ...signed(), query: 'a=%zz' },
  'signature-mismatch': signed(REQUEST, { secretAccessKey: `${SECRET}x` }),
}

/** Signs with a scope of another day, as only a hand-made signature can. */
function signedWithScopeDate(date: string): RawRequest {
  return withAuthorization((text) => text.replace('20260301', date))
}

test.each(Object.entries(failures))('refuses with %s', (reason, request) => {
  expect(verify(request)).toEqual({ verified: false, reason })
})

test.each([-900, 900])('accepts a date that is %d s off', (seconds) => {
  expect(verify(signed(REQUEST, { now: after(seconds) }))).toMatchObject({ verified: true })
})

test('refuses while the clock shows no date', () => {
  const stopped = createVerifier({ ...settings, clock: () => new Date(Number.NaN) })
  expect(stopped(signed())).toEqual({ verified: false, reason: 'signature-expired' })
})

const tampered: [string, RawRequest][] = [
  ['method', { ...signed(), method: 'PUT' }],
  ['path', { ...signed(), path: '/things/lamp%3A2' }],
  ['decoded path', { ...signed(), path: '/things/lamp:1' }],
  ['query value', { ...signed(), query: 'b=2&a=1%2F3' }],
  ['further query parameter', { ...signed(), query: 'b=2&a=1%2F2&c=' }],
  ['body', { ...signed(), body: Buffer.from('{"thingTypeName":"door"}') }],
  ['signed header', withHeader(signed(), 'content-type', 'text/plain')],
  ['repeated signed header', withHeader(signed(), 'host', 'localhost:4000', 'localhost:4000')],
  ['signature', withAuthorization((text) => text.replace(/.$/, (d) => (d === '0' ? '1' : '0')))],
]

test.each(tampered)('refuses a request whose %s was changed after signing', (_, request) => {
  expect(verify(request)).toEqual({ verified: false, reason: 'signature-mismatch' })
})

test('does not mind the order of query parameters, which has no meaning', () => {
  expect(verify({ ...signed(), query: 'a=1%2F2&b=2' })).toMatchObject({ verified: true })
})

test('holds a plus sign in the query to be a space, as the reader of the parameters does', () => {
  const request = signed({ ...REQUEST, query: 'a=1%202' })
  expect(verify({ ...request, query: 'a=1+2' })).toMatchObject({ verified: true })
  expect(verify({ ...signed({ ...REQUEST, query: 'a=1%2B2' }), query: 'a=1+2' })).toMatchObject({
    reason: 'signature-mismatch',
  })
})

test('sorts by name, then value, comparing encoded text', () => {
  const request = signed({ ...REQUEST, query: 'a=2&a=1&a-b=3&A=0&a%2Fb=1' })
  const [, names] = String(request.headers.get('authorization')).match(/Headers=([^,]*)/) ?? []
  expect(names).toBe('content-type;host;x-amz-date')
  expect(verify({ ...request, query: 'a%2Fb=1&A=0&a=1&a-b=3&a=2' })).toMatchObject({
    verified: true,
  })
})

const unsignedHeaders: [string, RawRequest][] = [
  ['host', signed(withHeader(REQUEST, 'host'))],
  ['token', withHeader(signed(), 'x-amz-security-token', 'fresh')],
  ['date, when the list leaves it out', withAuthorization((t) => t.replace(';x-amz-date', ''))],
]

test.each(unsignedHeaders)('refuses a %s that is not signed', (_, request) => {
  expect(verify(request)).toEqual({ verified: false, reason: 'header-not-signed' })
})

test('lets through what a proxy adds without signing', () => {
  const added = ['x-amzn-trace-id', 'user-agent', 'via-x-amz']
  const request = added.reduce((before, name) => withHeader(before, name, 'x'), signed())
  expect(verify(request)).toMatchObject({ verified: true })
})

test('does not accept a body that was left out of the signature', () => {
  const hash = 'UNSIGNED-PAYLOAD'
  const request = signed(withHeader(REQUEST, 'x-amz-content-sha256', hash))
  expect(verify({ ...request, body: Buffer.from('other') })).toMatchObject({
    reason: 'signature-mismatch',
  })
})

const authorizations: [string, (text: string) => string][] = [
  ['no algorithm', (text) => text.replace('AWS4-HMAC-SHA256 ', '')],
  ['an algorithm of another kind', (text) => text.replace('HMAC', 'ECDSA-P256')],
  ['no signature', (text) => text.replace(/, Signature=.*/, '')],
  ['a short signature', (text) => text.slice(0, -1)],
  ['a long signature', (text) => `${text}0`],
  ['a signature in upper case', (text) => text.replace(/Signature=.*/, (s) => s.toUpperCase())],
  ['a scope of four parts', (text) => text.replace('/aws4_request', '')],
  ['a scope of six parts', (text) => text.replace('aws4_request', 'aws4_request/x')],
  ['a key before the access key id', (text) => text.replace('AKIDEXAMPLE', 'x/AKIDEXAMPLE')],
  ['a longer terminator', (text) => text.replace('aws4_request', 'aws4_request2')],
  ['another terminator', (text) => text.replace('aws4_request', 'aws5_request')],
  ['a scope date that is no date', (text) => text.replace('/20260301/', '/2026-3-1/')],
  ['an empty access key id', (text) => text.replace('AKIDEXAMPLE', '')],
  ['signed headers out of order', (text) => text.replace('content-type;host', 'host;content-type')],
  ['a signed header twice', (text) => text.replace(';host', ';host;host')],
  ['a signed header in upper case', (text) => text.replace('=content', '=CONTENT')],
  ['a signed header that is no name', (text) => text.replace('content-type', 'content"type')],
  ['an empty signed header', (text) => text.replace('=content', '=;content')],
  ['text before', (text) => ` ${text}`],
]

test.each(authorizations)('refuses an Authorization header with %s', (_, edit) => {
  expect(verify(withAuthorization(edit))).toEqual({
    verified: false,
    reason: 'authorization-malformed',
  })
})

test('accepts an Authorization header without spaces after its commas', () => {
  const request = withAuthorization((text) => text.replaceAll(', ', ','))
  expect(verify(request)).toMatchObject({ verified: true })
})

test('signs anew what was signed before', () => {
  const again = signed(signed(), { now: after(60) })
  expect(again.headers.get('x-amz-date')).toEqual(['20260301T120100Z'])
  expect(verify(again)).toMatchObject({ verified: true })
})

test('refuses two Authorization headers, even equal ones', () => {
  const request = signed()
  const [value = ''] = request.headers.get('authorization') ?? []
  expect(verify(withHeader(request, 'authorization', value, value))).toMatchObject({
    reason: 'authorization-malformed',
  })
})

test.each([
  ['absent', []],
  ['repeated', ['20260301T120000Z', '20260301T120000Z']],
  ['without seconds', ['20260301T1200Z']],
  ['in another zone', ['20260301T120000+0000']],
  ['in ISO form', ['2026-03-01T12:00:00.000Z']],
  ['with an hour too many', ['20260301T240000Z']],
  ['empty', ['']],
])('refuses a date that is %s', (_, values) => {
  expect(verify(withHeader(signed(), 'x-amz-date', ...values))).toMatchObject({
    reason: 'date-malformed',
  })
})

test.each(['', '*', 'things'])('refuses the path %j', (path) => {
  expect(verify({ ...signed(), path })).toMatchObject({ reason: 'target-malformed' })
})

test('refuses any path but the root where the service has no other', () => {
  const rooted = createVerifier({ ...settings, pathRule: 'root-only' })
  const changed = { pathRule: 'root-only' } as const
  expect(rooted(signed({ ...REQUEST, path: '/' }, changed))).toMatchObject({ verified: true })
  expect(rooted({ ...signed(), path: '/things' })).toMatchObject({ reason: 'target-malformed' })
  expect(signRequest(REQUEST, { ...signing, ...changed })).toBeUndefined()
})

test('knows no header by the name of an object member', () => {
  const request = withAuthorization((text) => text.replace('=content', '=constructor;content'))
  expect(verify(request)).toMatchObject({ reason: 'signed-header-missing' })
})
