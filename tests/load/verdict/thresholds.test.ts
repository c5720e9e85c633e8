import { describe, expect, test } from 'vitest'
import { BAD_KINDS } from '../fleet/fleet.ts'
import type { Sample } from '../measure/sample.ts'
import { REASON_OF_KIND } from './expected-answer.ts'
import { noisyTenantFigures } from './noisy-tenant.ts'
import { SAMPLE } from './sample-fixture.ts'
import { stormFigures } from './storm.ts'
import { type Evidence, judge } from './thresholds.ts'

const BUDGET = { perSecond: 1, burst: 2 }
const frontDoor = { refusesHandshakes: false }
const noisy = { ...SAMPLE, kind: 'noisy' } as const
const refused = { ...noisy, status: 429, retryAfterSeconds: 1 }

/** Evidence with which everything holds, made of samples. */
function evidenceOf(scenario: Evidence['scenario'], samples: readonly Sample[]): Evidence {
  const count = samples.length
  const bad = samples.filter(({ status }) => status !== 200)
  return {
    ...{ scenario, samples, frontDoor, arrivals: count },
    artillery: { created: count, completed: count, responses: count },
    audit: {
      ...{ records: count, allowed: count - bad.length },
      reasons: Object.fromEntries(
        bad.map(({ kind }) => [Reflect.get(REASON_OF_KIND, kind) ?? 'tenant-over-budget', 1]),
      ),
    },
    ...(scenario === 'noisy-tenant' && { noisyTenant: noisyTenantFigures(samples, BUDGET, 0) }),
    ...(scenario === 'storm' && { storm: stormFigures(samples, 900) }),
  }
}

const failed = (evidence: Evidence) =>
  judge(evidence).flatMap(({ name, pass }) => (pass ? [] : name))

const BAD = BAD_KINDS.map((kind): Sample => ({ ...SAMPLE, kind, status: 403 }))
const STORM: readonly Sample[] = [{ ...SAMPLE, refusedConnections: 2 }]
const good = {
  boot: evidenceOf('boot', [SAMPLE, SAMPLE]),
  steady: evidenceOf('steady', [SAMPLE, { ...SAMPLE, connection: 'kept' }]),
  storm: evidenceOf('storm', STORM),
  'noisy-tenant': evidenceOf('noisy-tenant', [noisy, noisy, refused, SAMPLE]),
  'bad-devices': evidenceOf('bad-devices', [...BAD, SAMPLE]),
} as const satisfies Record<Evidence['scenario'], Evidence>

test.each(Object.entries(good))('%s passes when all is as it has to be', (_, evidence) => {
  expect(failed(evidence)).toEqual([])
})

describe.each(Object.entries(good))('%s', (_, evidence) => {
  const { samples, artillery } = evidence
  const rows: [name: string, changed: Partial<Evidence>][] = [
    ['devices that came', { arrivals: evidence.arrivals + 1 }],
    ['devices that came', { artillery: { ...artillery, created: 0 } }],
    ['answers that artillery counted', { artillery: { ...artillery, responses: 0 } }],
    ['audit records', { audit: { ...evidence.audit!, records: 0 } }],
    [
      'unexpected answers and failures',
      { samples: [...samples.slice(1), { ...SAMPLE, status: 500 }] },
    ],
  ]
  test.each(rows)('fails with %s', (name, changed) => {
    expect(failed({ ...evidence, ...changed })).toContain(name)
  })
})

const broken: [name: string, evidence: Evidence][] = [
  [
    'connections without a full handshake',
    evidenceOf('boot', [{ ...SAMPLE, connection: 'resumed' }]),
  ],
  ['connections without a full handshake', evidenceOf('boot', [{ ...SAMPLE, connection: 'kept' }])],
  [
    'devices that were never served',
    evidenceOf('storm', [...STORM, { ...refused, kind: 'good', arrival: 9 }]),
  ],
  [
    'devices that came back sooner than told',
    evidenceOf('storm', [
      { ...refused, kind: 'good' },
      { ...SAMPLE, attempt: 2, refusedConnections: 1 },
    ]),
  ],
  ['connections refused during the outage', evidenceOf('storm', [SAMPLE])],
  [
    'noisy tenant: admitted in every window',
    evidenceOf('noisy-tenant', [noisy, noisy, noisy, noisy, refused]),
  ],
  ['noisy tenant: refused with 429', evidenceOf('noisy-tenant', [noisy, SAMPLE])],
  [
    'noisy tenant: admitted at least half its rate',
    evidenceOf('noisy-tenant', [refused, { ...SAMPLE, endedAt: 9000 }]),
  ],
  [
    'quiet tenant: refused with 429',
    evidenceOf('noisy-tenant', [noisy, refused, { ...SAMPLE, status: 429 }]),
  ],
  [
    'quiet tenant: otherwise not served',
    evidenceOf('noisy-tenant', [noisy, refused, { ...SAMPLE, status: 503 }]),
  ],
  [
    'bad devices that got credentials',
    evidenceOf('bad-devices', [...BAD, { ...SAMPLE, kind: 'revoked' }]),
  ],
  ['bad devices that were refused', evidenceOf('bad-devices', [SAMPLE])],
  [
    'refusals by true reason',
    {
      ...good['bad-devices'],
      audit: { records: 6, allowed: 1, reasons: { 'certificate-unknown': 5 } },
    },
  ],
]
test.each(broken)('%s', (name, evidence) => {
  expect(failed(evidence)).toContain(name)
})

test('a window is exceeded from the first whole request on', () => {
  const evidence = evidenceOf('noisy-tenant', [noisy, noisy, refused])
  const excess = (worstExcess: number) =>
    failed({ ...evidence, noisyTenant: { ...evidence.noisyTenant!, worstExcess } })
  expect(excess(0.99)).toEqual([])
  expect(excess(1)).toEqual(['noisy tenant: admitted in every window'])
})

test('no threshold is about time', () => {
  const slow = { ...SAMPLE, endedAt: 9_000_000, answerMs: 8_000_000 }
  expect(failed(evidenceOf('boot', [slow]))).toEqual([])
})

test('what was wrong is told with its kind', () => {
  const thresholds = judge(evidenceOf('boot', [{ ...SAMPLE, status: 500 }, SAMPLE]))
  expect(thresholds.map(({ measured }) => measured)).toContain('1: 1 × good 500')
})

test('an endpoint without an audit file is judged by its answers alone', () => {
  const { audit, ...evidence } = good['bad-devices']
  const names = judge(evidence).map(({ name }) => name)
  expect(names).not.toContain('audit records')
  expect(names).not.toContain('refusals by true reason')
  expect(names).toContain('bad devices that got credentials')
})
