import { describe, expect, test } from 'vitest'
import { checkAnswer } from './check-answer.ts'

const NOON = new Date('2026-03-04T12:00:00Z')
const body = (changed: object = {}) =>
  JSON.stringify({
    credentials: {
      ...{ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'very-secret', sessionToken: 'token' },
      expiration: '2026-03-04T13:00:00Z',
      ...changed,
    },
  })

type Answer = { status?: number; body?: string; headers?: Record<string, string> }
const check = (answer: Answer = {}, asked = NOON, answered = NOON) =>
  checkAnswer(
    {
      ok: true,
      status: answer.status ?? 200,
      headers: { date: NOON.toUTCString(), ...answer.headers },
      body: Buffer.from(answer.body ?? body()),
    },
    asked,
    answered,
  )
const only = (name: string, findings: ReturnType<typeof check>) =>
  findings.find((finding) => finding.check === name)

test('a grant is ok in every respect, and tells no secret', () => {
  const findings = check()
  expect(findings.map(({ check: name, verdict }) => `${name} ${verdict}`)).toEqual([
    ...['credentials ok', 'clock ok', 'answer size ok', 'expiration ok'],
  ])
  expect(only('credentials', findings)?.told).toBe('access key ASIAEXAMPLE')
  expect(JSON.stringify(findings)).not.toMatch(/very-secret|token/)
})

describe('a refusal', () => {
  test.each([
    [403, 'Certificate is invalid on this endpoint', 'not ACTIVE'],
    [403, 'Invalid thing name passed', 'Attach it'],
    [403, 'Access Denied', 'iot:AssumeRoleWithCertificate'],
    [403, 'Forbidden', 'truststore'],
    [404, 'Role alias does not exist', 'case-sensitive'],
    [404, 'Not Found', 'iot:CredentialProvider'],
    [400, 'Unable to assume the role, or the role to assume does not exist', 'trust policy'],
    [
      400,
      'The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role',
      'Shorten',
    ],
    [429, 'Rate exceeded', 'Retry-After'],
    [503, 'Service Unavailable', 'later'],
    [500, 'Internal Failure', 'log'],
    [418, 'teapot', 'right host'],
    [403, 'Another', 'right host'],
  ])('with %d %s is explained', (status, message, advice) => {
    const finding = only('credentials', check({ status, body: JSON.stringify({ message }) }))
    expect(finding).toMatchObject({ verdict: 'problem', told: `HTTP ${status}, ${message}` })
    expect(finding?.advice).toContain(advice)
    expect(finding?.advice).not.toContain('thingpass why')
  })

  test('names the command that tells an operator more', () => {
    const headers = { 'x-amzn-requestid': 'r-1' }
    expect(only('credentials', check({ status: 403, headers }))?.advice).toContain(
      'thingpass why r-1',
    )
    const evil = { 'x-amzn-requestid': 'r-1; rm -rf /' }
    expect(only('credentials', check({ status: 403, headers: evil }))?.advice).not.toContain('rm')
  })

  test('without words that a terminal can take shows none', () => {
    const told = (text: string) => only('credentials', check({ status: 403, body: text }))?.told
    expect(told('<html>')).toBe('HTTP 403')
    expect(told('{"message":"\\u001b[2Ja"}')).toBe('HTTP 403, ?[2Ja')
    expect(told(JSON.stringify({ message: 'x'.repeat(300) }))).toBe(`HTTP 403, ${'x'.repeat(200)}`)
  })
})

test('no answer at all is explained', () => {
  expect(checkAnswer({ ok: false, code: 'ECONNRESET' }, NOON, NOON)).toMatchObject([
    { verdict: 'problem', advice: expect.stringContaining('truststore') },
  ])
})

test('a 200 of something else is a problem', () => {
  const findings = check({ body: '<html>' })
  expect(findings.map(({ check: name }) => name)).toEqual(['credentials', 'clock'])
  expect(findings[0]).toMatchObject({ verdict: 'problem' })
})

test.each<[number, string, string]>([
  [30, 'ok', '30 s ahead of'],
  [-30, 'ok', '30 s behind'],
  [31, 'note', '31 s ahead of'],
  [-299, 'note', '299 s behind'],
  [300, 'problem', '300 s ahead of'],
])('a clock that is %d s ahead is %s', (seconds, verdict, told) => {
  const moved = new Date(NOON.getTime() + seconds * 1000)
  const finding = only('clock', check({}, moved, moved))
  expect(finding).toMatchObject({ verdict, told: expect.stringContaining(told) })
})

test('the time that a request took is not held against the clock', () => {
  const [asked, answered] = [-40, 40].map((seconds) => new Date(NOON.getTime() + seconds * 1000))
  expect(only('clock', check({}, asked, answered))?.told).toContain(' 0 s ')
})

test('without a Date the clock is left out', () => {
  expect(only('clock', check({ headers: { date: '' } }))).toMatchObject({ verdict: 'left out' })
})

test.each([
  [2048, 'ok'],
  [2049, 'problem'],
])('an answer of %d bytes is %s', (bytes, verdict) => {
  const rest = body({ sessionToken: '' }).length
  const answered = body({ sessionToken: 'x'.repeat(bytes - rest) })
  expect(only('answer size', check({ body: answered }))).toMatchObject({
    ...{ verdict, told: `${bytes} of 2048 bytes` },
  })
})

test.each([
  ['2026-03-04T13:00:00Z', 'ok', 'in 3600 s'],
  ['2026-03-04T13:00:00.000Z', 'problem', 'form'],
  ['2026-03-04T12:05:01Z', 'ok', 'in 301 s'],
  ['2026-03-04T12:05:00Z', 'note', 'in 300 s'],
  ['2026-03-04T12:00:00Z', 'problem', 'past'],
])('an expiration of %s is %s', (expiration, verdict, told) => {
  const finding = only('expiration', check({ body: body({ expiration }) }))
  expect(finding).toMatchObject({ verdict, told: expect.stringContaining(told) })
})
