import { createCredentials } from '@thingpass/core/credentials'
import { Fault } from '@thingpass/core/fault'
import { describe, expect, test } from 'vitest'
import { renderAnswer } from './answer.ts'

const parts = {
  accessKeyId: 'ASIAEXAMPLEEXAMPLE20',
  secretAccessKey: 's'.repeat(40),
  sessionToken: 'token/+=',
  expiration: new Date('2026-03-04T05:06:07.999Z'),
}
const issued = (changed: Partial<typeof parts> = {}) =>
  ({ kind: 'issued', credentials: createCredentials({ ...parts, ...changed }) }) as const
const never = () => 0

describe('a success', () => {
  test('is compact JSON in the order of AWS, with whole seconds rounded down', () => {
    expect(renderAnswer(issued(), 'r-1', never)).toEqual({
      statusCode: 200,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-amzn-requestid': 'r-1',
      },
      body: `{"credentials":{"accessKeyId":"ASIAEXAMPLEEXAMPLE20","secretAccessKey":"${'s'.repeat(40)}","sessionToken":"token/+=","expiration":"2026-03-04T05:06:07Z"}}`,
    })
  })

  test('may have 2048 bytes, which a token of 1879 characters makes', () => {
    const answer = renderAnswer(issued({ sessionToken: 't'.repeat(1879) }), 'r-1', never)
    expect(Buffer.byteLength(answer.body)).toBe(2048)
  })

  test('of 2049 bytes is our failure', () => {
    const long = issued({ sessionToken: 't'.repeat(1880) })
    expect(() => renderAnswer(long, 'r-1', never)).toThrow(
      expect.objectContaining({ code: 'ANSWER_TOO_LARGE' }),
    )
  })

  test.each([
    ['a quote', { sessionToken: 'a"b' }],
    ['a backslash', { secretAccessKey: 'a\\b' }],
    ['a line break', { sessionToken: 'a\nb' }],
    ['a character of two bytes', { sessionToken: 'ä' }],
    ['DEL', { sessionToken: '\u007f' }],
    ['a space', { accessKeyId: 'A B' }],
    ['nothing', { sessionToken: '' }],
  ])('never carries %s: small clients copy values without undoing escapes', (_, changed) => {
    expect(() => renderAnswer(issued(changed), 'r-1', never)).toThrow(
      expect.objectContaining({ code: 'STS_UNREADABLE' }),
    )
  })
})

describe('an error', () => {
  test('carries the words of AWS, its class in a header, and nothing of the reason', () => {
    const refused = { kind: 'refused', reason: 'certificate-not-signed-by-ca' } as const
    expect(renderAnswer(refused, 'r-2', never)).toEqual({
      statusCode: 403,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-amzn-requestid': 'r-2',
        'x-amzn-errortype': 'AccessDeniedException',
      },
      body: '{"message":"Certificate is invalid on this endpoint"}',
    })
  })

  test('of ours says no more than its class, whatever the fault says', () => {
    const fault = new Fault('REGISTRY_UNREADABLE', 'item X is broken')
    const answer = renderAnswer({ kind: 'failed', fault }, 'r-3', never)
    expect(answer.statusCode).toBe(500)
    expect(answer.body).toBe('{"message":"Internal Failure"}')
    expect(answer.headers).not.toHaveProperty('retry-after')
  })

  test.each([
    [0, '1'],
    [0.5, '2'],
    [0.999, '3'],
  ])('that may pass asks to come back, spread by the draw %d', (draw, seconds) => {
    const fault = new Fault('REGISTRY_THROTTLED', 'throttled')
    const failed = renderAnswer({ kind: 'failed', fault }, 'r-4', () => draw)
    const refused = renderAnswer(
      { kind: 'refused', reason: 'tenant-over-budget' },
      'r-5',
      () => draw,
    )
    expect(failed).toMatchObject({ statusCode: 503, headers: { 'retry-after': seconds } })
    expect(refused).toMatchObject({ statusCode: 429, headers: { 'retry-after': seconds } })
  })

  test('of the method names the one that is allowed', () => {
    const answer = renderAnswer({ kind: 'refused', reason: 'method-not-allowed' }, 'r-6', never)
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'GET' } })
  })
})
