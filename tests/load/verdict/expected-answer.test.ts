import { expect, test } from 'vitest'
import { BAD_KINDS, type DeviceKind } from '../fleet/fleet.ts'
import type { Sample } from '../measure/sample.ts'
import { isExpected } from './expected-answer.ts'
import { SAMPLE } from './sample-fixture.ts'

const LOCAL = { refusesHandshakes: false }
const { status: _, ...unanswered } = SAMPLE
const of = (kind: DeviceKind, changed: Partial<Sample>): Sample => ({ ...SAMPLE, kind, ...changed })

test.each(BAD_KINDS)('a device that is %s has to get 403, and never credentials', (kind) => {
  expect(isExpected(of(kind, { status: 403 }), 'bad-devices', LOCAL)).toBe(true)
  for (const status of [200, 404, 429, 500, 503]) {
    expect(isExpected(of(kind, { status }), 'bad-devices', LOCAL)).toBe(false)
  }
})

const later: Partial<Sample> = { retryAfterSeconds: 1 }
const rows: [sample: Sample, scenario: Parameters<typeof isExpected>[1], expected: boolean][] = [
  [SAMPLE, 'boot', true],
  [of('good', { status: 403 }), 'boot', false],
  [of('good', { status: 503, ...later }), 'boot', false],
  [of('good', { status: 429, ...later }), 'noisy-tenant', false],
  [of('good', { status: 503, ...later }), 'storm', true],
  [of('good', { status: 429, ...later }), 'storm', true],
  [of('good', { status: 503 }), 'storm', false],
  [of('good', { status: 500, ...later }), 'storm', false],
  [of('noisy', { status: 429, ...later }), 'noisy-tenant', true],
  [of('noisy', { status: 429 }), 'noisy-tenant', false],
  [of('noisy', {}), 'noisy-tenant', true],
  [of('noisy', { status: 403 }), 'noisy-tenant', false],
]
test.each(rows)('%j in %s: %s', (sample, scenario, expected) => {
  expect(isExpected(sample, scenario, LOCAL)).toBe(expected)
})

test('a failure is never what is expected, but where a front door ends the handshake of who is expired', () => {
  const elsewhere = { refusesHandshakes: true }
  const failed = (kind: DeviceKind): Sample => ({ ...unanswered, kind, error: 'ECONNRESET' })
  expect(isExpected(failed('expired'), 'bad-devices', elsewhere)).toBe(true)
  expect(isExpected(failed('expired'), 'bad-devices', LOCAL)).toBe(false)
  expect(isExpected(failed('revoked'), 'bad-devices', elsewhere)).toBe(false)
  expect(isExpected(failed('good'), 'bad-devices', elsewhere)).toBe(false)
  expect(isExpected(of('expired', { status: 200 }), 'bad-devices', elsewhere)).toBe(false)
})
