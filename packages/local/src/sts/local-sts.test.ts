import { Fault } from '@thingpass/core/fault'
import { expect, test } from 'vitest'
import { collectHeaders } from '../sigv4/raw-request.ts'
import { createLocalSts, type StsRequest } from './local-sts.ts'
import {
  ACCOUNT,
  ASSUME_CAMERA,
  BROKER_KEYS,
  BROKER_SESSION,
  createStsUnderTest,
  formOf,
  NOON,
  settingsOf,
  signedPost,
  WHO_AM_I,
} from './testing/sts-under-test.ts'

const sts = createStsUnderTest()
const FORM = formOf(WHO_AM_I)
const FORM_TYPE = 'application/x-www-form-urlencoded'
const later = (seconds: number) => new Date(NOON.getTime() + seconds * 1000)

test('tells the broker who it is', () => {
  const answer = sts.call(WHO_AM_I)
  expect(answer).toMatchObject({ status: 200 })
  expect(answer.text('Arn')).toBe(BROKER_SESSION)
  expect(answer.text('Account')).toBe(ACCOUNT)
  expect(answer.text('UserId')).toMatch(/^AROALOCAL[A-Z2-7]{12}:local$/)
})

test('tells a session who it is, with the name of its role but not the path', () => {
  const answer = sts.call(WHO_AM_I, sts.assume().keys())
  expect(answer.text('Arn')).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/camera/device-1`)
  expect(answer.text('Account')).toBe(ACCOUNT)
  expect(answer.text('UserId')).toBe(sts.assume().text('AssumedRoleId'))
})

test('answers a GET with the parameters in its query', () => {
  const get = { method: 'GET', query: FORM, headers: collectHeaders(['Host', 'localhost']) }
  expect(sts.send(signedPost('', BROKER_KEYS, get)).text('Arn')).toBe(BROKER_SESSION)
})

test('names the partition that it was given', () => {
  const answer = createStsUnderTest({ partition: 'aws-cn' }).call(WHO_AM_I)
  expect(answer.text('Arn')).toMatch(/^arn:aws-cn:sts:/)
})

test.each([
  ['no action', { Version: '2011-06-15' }, 'MissingAction'],
  ['nothing', {}, 'MissingAction'],
  ['another action', { ...WHO_AM_I, Action: 'GetSessionToken' }, 'InvalidAction'],
  ['an action in other letter case', { ...WHO_AM_I, Action: 'assumerole' }, 'InvalidAction'],
  ['a member of objects', { ...WHO_AM_I, Action: 'constructor' }, 'InvalidAction'],
  ['no version', { Action: 'AssumeRole' }, 'InvalidAction'],
  ['another version', { ...WHO_AM_I, Version: '2010-05-08' }, 'InvalidAction'],
  ['parameters that it has not', { ...WHO_AM_I, Verbose: '1' }, 'ValidationError'],
])('refuses a call with %s', (_, parameters: Record<string, string>, code) => {
  expect(sts.call(parameters)).toMatchObject({ status: 400, code })
})

test('writes what it repeats of a request as text of XML, and not more than 64 characters', () => {
  const Action = `<b a="'">&\u0000\ud83d\ude00${'x'.repeat(100)}`
  const { body, message } = sts.call({ ...WHO_AM_I, Action })
  expect(body).toContain('&lt;b a=&quot;&apos;&quot;&gt;&amp;\ufffd\ud83d\ude00x')
  expect(message).toMatch(/^Could not find operation .{64} for version 2011-06-15$/)
})

// Shapes of a request that have no single reading.
const shapes: [string, Partial<StsRequest>][] = [
  ['a path', { path: '/sts' }],
  ['another method', { method: 'PUT' }],
  ['a query beside the form', { query: FORM }],
  ['a body beside the query', { method: 'GET', query: FORM, body: Buffer.from('x') }],
  ['no content type', { headers: collectHeaders(['Host', 'localhost']) }],
  ['JSON', { headers: collectHeaders(['Host', 'localhost', 'Content-Type', 'application/json']) }],
  ['a repeated name', { body: Buffer.from(`${FORM}&Action=AssumeRole`) }],
  ['a name repeated in other encoding', { body: Buffer.from(`${FORM}&Actio%6E=AssumeRole`) }],
  ['a broken escape', { body: Buffer.from(`${FORM}&x=%zz`) }],
  ['an escape that is no UTF-8', { body: Buffer.from(`${FORM}&x=%ff`) }],
  ['a broken escape in a name', { body: Buffer.from(`${FORM}&%zz=x`) }],
  [
    'a content type with text before',
    { headers: collectHeaders(['Host', 'x', 'Content-Type', `x-${FORM_TYPE}`]) },
  ],
  [
    'a form of another charset',
    { headers: collectHeaders(['Host', 'x', 'Content-Type', `${FORM_TYPE}; charset=latin1`]) },
  ],
  ['raw bytes', { body: Buffer.from(`${FORM}&x=\u00e4`) }],
  ['a raw line end', { body: Buffer.from(`${FORM}\n`) }],
  [
    '257 parameters',
    { body: Buffer.from(Array.from({ length: 257 }, (_, i) => `p${i}=`).join('&')) },
  ],
]

test.each(shapes)('refuses a request with %s', (_, changed) => {
  expect(sts.send(signedPost(FORM, BROKER_KEYS, changed))).toMatchObject({
    status: 400,
    code: 'MalformedQueryString',
  })
})

test.each([
  'application/x-www-form-urlencoded; charset=utf-8',
  'application/x-www-form-urlencoded;charset=UTF-8',
])('takes a form of type %s', (type) => {
  const headers = collectHeaders(['Host', 'localhost', 'Content-Type', type])
  expect(sts.send(signedPost(FORM, BROKER_KEYS, { headers }))).toMatchObject({ status: 200 })
})

test('takes 256 parameters, though the operation may not', () => {
  const body = Array.from({ length: 254 }, (_, index) => `p${index}=`).join('&')
  expect(sts.send(signedPost(`${FORM}&${body}`))).toMatchObject({ code: 'ValidationError' })
})

function signedHeaderMissing(): StsRequest {
  const more = signedPost(FORM, BROKER_KEYS, {
    headers: collectHeaders(['Host', 'x', 'Content-Type', FORM_TYPE, 'X-More', 'x']),
  })
  const headers = new Map(more.headers)
  headers.delete('x-more')
  return { ...more, headers }
}

// Who is not believed, and what they are told.
const session = sts.assume().keys()
const stranger = { accessKeyId: 'AKIASTRANGER', secretAccessKey: BROKER_KEYS.secretAccessKey }
const otherSession = sts.assume().keys()
const post = signedPost(FORM)
const INVALID = [
  403,
  'InvalidClientTokenId',
  'The security token included in the request is invalid.',
]

const disbelieved: [string, StsRequest, (number | string)[]][] = [
  [
    'an unsigned request',
    {
      ...post,
      headers: collectHeaders(['Host', 'x', 'Content-Type', 'application/x-www-form-urlencoded']),
    },
    [403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'],
  ],
  [
    'another kind of authorization',
    { ...post, headers: new Map(post.headers).set('authorization', ['Bearer x']) },
    [403, 'IncompleteSignature', 'Authorization header'],
  ],
  [
    'a wrong secret',
    signedPost(FORM, { ...BROKER_KEYS, secretAccessKey: 'x' }),
    [403, 'SignatureDoesNotMatch', 'The request signature we calculated'],
  ],
  ['an unknown key', signedPost(FORM, stranger), INVALID],
  ['the broker with a token', signedPost(FORM, { ...BROKER_KEYS, sessionToken: 'x' }), INVALID],
  [
    'a session without its token',
    signedPost(FORM, {
      accessKeyId: session.accessKeyId,
      secretAccessKey: session.secretAccessKey,
    }),
    INVALID,
  ],
  [
    'a session with the token of another',
    signedPost(FORM, { ...session, sessionToken: String(otherSession.sessionToken) }),
    INVALID,
  ],
  [
    'a session with a changed token',
    signedPost(FORM, {
      ...session,
      sessionToken: changeOneCharacter(String(session.sessionToken)),
    }),
    INVALID,
  ],
  [
    'a session with a token of no kind',
    signedPost(FORM, { ...session, sessionToken: 'FwoGZXIvYXdzEB' }),
    INVALID,
  ],
  [
    'a session with the secret of another',
    signedPost(FORM, { ...session, secretAccessKey: otherSession.secretAccessKey }),
    [403, 'SignatureDoesNotMatch', 'The request signature we calculated'],
  ],
  [
    'a signature without date',
    withHeader('x-amz-date'),
    [403, 'IncompleteSignature', 'one valid X-Amz-Date'],
  ],
  [
    'a date that is not that of the scope',
    withHeader('x-amz-date', '20260302T000000Z'),
    [403, 'SignatureDoesNotMatch', 'Date in Credential scope does not match'],
  ],
  [
    'a token that was not signed',
    withHeader('x-amz-security-token', 'x'),
    [403, 'SignatureDoesNotMatch', "every 'X-Amz-' header must be a 'SignedHeader'"],
  ],
  [
    'a signature over a header that is not there',
    signedHeaderMissing(),
    [403, 'SignatureDoesNotMatch', 'named in SignedHeaders is not in the request'],
  ],
  [
    'an old signature',
    signedPost(FORM, BROKER_KEYS, {}, later(-901)),
    [
      403,
      'SignatureDoesNotMatch',
      'Signature expired: 20260301T114459Z is now earlier than 20260301T114500Z (20260301T120000Z - 15 min.)',
    ],
  ],
  [
    'a signature of the future',
    signedPost(FORM, BROKER_KEYS, {}, later(901)),
    [
      403,
      'SignatureDoesNotMatch',
      'Signature not yet current: 20260301T121501Z is still later than 20260301T121500Z (20260301T120000Z + 15 min.)',
    ],
  ],
]

/** The post with other values of one header; none leaves the header out. */
function withHeader(name: string, ...values: string[]): StsRequest {
  const headers = new Map(post.headers)
  if (values.length === 0) headers.delete(name)
  else headers.set(name, values)
  return { ...post, headers }
}

/** Changes the claims and leaves the authenticator. */
function changeOneCharacter(token: string): string {
  const at = 'thingpass-local/1/'.length + 40
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

test.each(disbelieved)('refuses %s', (_, request, [status, code, words]) => {
  const answer = sts.send(request)
  expect(answer).toMatchObject({ status, code })
  expect(answer.message).toContain(words)
})

test('refuses another service and another region in the scope', () => {
  const iot = new Map(post.headers)
  iot.set('authorization', [String(post.headers.get('authorization')).replace('/sts/', '/iot/')])
  expect(sts.send({ ...post, headers: iot })).toMatchObject({
    code: 'SignatureDoesNotMatch',
    message: "Credential should be scoped to correct service: 'sts'.",
  })
  expect(createStsUnderTest({ region: 'us-east-1' }).send(post)).toMatchObject({
    code: 'SignatureDoesNotMatch',
    message: 'Credential should be scoped to a valid region.',
  })
})

test('accepts a session until the second it ends, and not from then on', () => {
  const at = (seconds: number) =>
    createStsUnderTest({ clock: () => later(seconds) }).call(WHO_AM_I, session)
  // Issued at 12:00:00 for an hour; the clock of the tests shows 12:00:00.789.
  expect(at(3599.21)).toMatchObject({ status: 200 })
  expect(at(3599.211)).toMatchObject({
    status: 403,
    code: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  })
})

test('asks the broker for its token where it has one', () => {
  const keys = { ...BROKER_KEYS, sessionToken: 'broker-token' }
  const guarded = createStsUnderTest({ brokerCredentials: keys })
  expect(guarded.call(WHO_AM_I, keys)).toMatchObject({ status: 200 })
  expect(guarded.call(WHO_AM_I, BROKER_KEYS)).toMatchObject({ code: 'InvalidClientTokenId' })
  for (const sessionToken of ['broker-tokem', 'broker-tokens']) {
    expect(guarded.call(WHO_AM_I, { ...keys, sessionToken })).toMatchObject({
      code: 'InvalidClientTokenId',
    })
  }
})

test('grants nothing while the roles cannot be read, and says why in its log only', () => {
  const lines: string[] = []
  const broken = createStsUnderTest({
    roles: () => {
      throw new Fault('CONFIGURATION_INVALID', 'roles file roles.json: line 3, column 1: no')
    },
    log: (line) => lines.push(line),
  })
  const answer = broken.assume()
  expect(answer).toMatchObject({ status: 500, code: 'InternalFailure' })
  expect(answer.text('Type')).toBe('Receiver')
  expect(answer.body).not.toContain('roles.json')
  expect(lines).toEqual([
    'local STS: CONFIGURATION_INVALID: roles file roles.json: line 3, column 1: no',
  ])
  expect(broken.call(WHO_AM_I)).toMatchObject({ status: 200 })
})

test('turns whatever was not foreseen into a failure that tells nothing', () => {
  const lines: string[] = []
  const broken = createStsUnderTest({
    roles: () => {
      throw new TypeError(`secret ${BROKER_KEYS.secretAccessKey}`)
    },
    log: (line) => lines.push(line),
  })
  expect(broken.assume()).toMatchObject({ status: 500, code: 'InternalFailure' })
  expect(lines).toEqual(['local STS: UNEXPECTED: unforeseen failure'])
})

test('says nothing of a secret in any answer to a refusal', () => {
  const secrets = [BROKER_KEYS.secretAccessKey, session.secretAccessKey, session.sessionToken]
  for (const [, request] of disbelieved) {
    const { body } = sts.send(request)
    for (const secret of secrets) expect(body).not.toContain(secret)
  }
})

test('reads a parameter without a value as an empty one', () => {
  expect(sts.send(signedPost('Action&Version=2011-06-15'))).toMatchObject({
    code: 'InvalidAction',
    message: 'Could not find operation  for version 2011-06-15',
  })
})

test('forbids everybody to keep an answer', () => {
  expect(sts.assume().headers['cache-control']).toBe('no-store')
})

test('words errors as STS does', () => {
  const { body, headers } = sts.call({ ...WHO_AM_I, Action: 'Nothing', Version: '\r' })
  expect(body).toBe(`<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>InvalidAction</Code>
    <Message>Could not find operation Nothing for version &#xD;</Message>
  </Error>
  <RequestId>${headers['x-amzn-requestid']}</RequestId>
</ErrorResponse>
`)
})

test('says which version of the protocol was asked for', () => {
  expect(sts.call({ Action: 'X' }).message).toContain('X for version NO_VERSION_SPECIFIED')
  const Version = 'v'.repeat(65)
  expect(sts.call({ Action: 'X', Version }).message).toMatch(/ v{64}$/)
})

test('gives each request an id of its own', () => {
  expect(sts.assume().text('RequestId')).not.toBe(sts.assume().text('RequestId'))
})

test('does not start with a signing key that could be guessed', () => {
  expect(() => createLocalSts(settingsOf({ signingKey: Buffer.alloc(31) }))).toThrow(
    expect.objectContaining({
      code: 'CONFIGURATION_INVALID',
      message: 'the signing key of the local STS is too short',
    }),
  )
})

test('answers parameters in any order', () => {
  const reversed = Object.fromEntries(Object.entries(ASSUME_CAMERA).reverse())
  expect(sts.call(reversed)).toMatchObject({ status: 200 })
})
