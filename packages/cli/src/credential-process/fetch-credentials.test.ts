import { expect, test } from 'vitest'
import { credentialRequest, judgeAnswer } from './fetch-credentials.ts'

const answer = (status: number, body: string, headers: Record<string, string> = {}) =>
  judgeAnswer({ ok: true, status, headers, body: Buffer.from(body) })
const GOOD =
  '{"credentials":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"t","expiration":"2026-03-04T05:06:07Z"}}'

test('the request is that of AWS clients, within their time', () => {
  const origin = { protocol: 'https:', hostname: 'h', port: 443 } as const
  const source = { origin, roleAlias: 'a=b,c@d', tls: {} }
  expect(credentialRequest({ ...source, thingName: 'cam-1' })).toEqual({
    ...{ origin, method: 'GET', target: '/role-aliases/a=b,c@d/credentials', tls: {} },
    headers: { 'x-amzn-iot-thingname': 'cam-1' },
    limits: { connectMilliseconds: 2000, totalMilliseconds: 5000, bodyBytes: 16_384 },
  })
  expect(credentialRequest(source).headers).toEqual({})
})

test('a whole answer is credentials', () => {
  expect(answer(200, GOOD)).toMatchObject({ ok: true, credentials: { accessKeyId: 'A' } })
})

test.each<[number, string, Record<string, string>, string, number]>([
  [201, GOOD, {}, 'HTTP 201', 60],
  [200, '{}', {}, 'the answer holds no credentials', 15],
  [403, '{"message":"Access Denied"}', {}, 'HTTP 403, Access Denied', 60],
  [
    403,
    '{"message":"Forbidden"}',
    { 'x-amzn-requestid': 'r-1' },
    'HTTP 403, Forbidden (request r-1)',
    60,
  ],
  [404, '<html>', { 'x-amzn-requestid': '\u001b[2J' }, 'HTTP 404', 60],
  [400, '{"message":"a\\u001b[2Jb\\n"}', {}, 'HTTP 400, a?[2Jb?', 60],
  [408, '', {}, 'HTTP 408', 15],
  [429, '{"message":7}', {}, 'HTTP 429', 15],
  [429, '', { 'retry-after': '7' }, 'HTTP 429', 7],
  [503, '', { 'retry-after': '100000' }, 'HTTP 503', 300],
  [503, '', { 'retry-after': 'soon' }, 'HTTP 503', 15],
  [500, '', { 'retry-after': '0' }, 'HTTP 500', 15],
  [403, '', { 'retry-after': '7' }, 'HTTP 403', 60],
])('%d %s %j is told as %j and held %d s', (status, body, headers, message, holdSeconds) => {
  expect(answer(status, body, headers)).toEqual({ ok: false, message, holdSeconds })
})

test('words are cut', () => {
  const answered = answer(403, JSON.stringify({ message: 'x'.repeat(300) }))
  expect(answered).toMatchObject({ message: `HTTP 403, ${'x'.repeat(200)}` })
})

test('no answer is held for a moment', () => {
  expect(judgeAnswer({ ok: false, code: 'ECONNREFUSED' })).toEqual({
    ...{ ok: false, message: 'nothing listens there', holdSeconds: 5 },
  })
})
