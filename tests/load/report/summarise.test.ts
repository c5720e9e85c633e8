import { expect, test } from 'vitest'
import type { Sample } from '../measure/sample.ts'
import { SAMPLE } from '../verdict/sample-fixture.ts'
import { type Observation, summarise } from './summarise.ts'

const ORIGIN = Date.parse('2030-01-01T12:00:00Z')
const at = (second: number, changed: Partial<Sample> = {}): Sample => ({
  ...SAMPLE,
  ...{ wokeAt: ORIGIN + second * 1000, sentAt: ORIGIN + second * 1000 },
  endedAt: ORIGIN + second * 1000 + 100,
  ...changed,
})

/** What was seen of a run in which all went well. */
function seen(name: Observation['name'], samples: readonly Sample[]): Observation {
  const { length } = samples
  return {
    ...{ name, samples, cpu: [], lag: [], arrivals: { count: length, seconds: 2 } },
    ...{ budget: { perSecond: 1, burst: 2 }, frontDoor: { refusesHandshakes: false } },
    artillery: { created: length, completed: length, responses: length },
  }
}

test('counts visits and devices, answers and connections, from the first device on', () => {
  const samples = [at(0), at(1, { device: 'good-2', connection: 'kept' }), at(1.2)]
  expect(summarise(seen('boot', samples))).toMatchObject({
    ...{ startedAt: '2030-01-01T12:00:00.000Z', arrivals: 3, devices: 2, seconds: 1.5 },
    ...{ answers: { 200: 3 }, connections: { full: 2, kept: 1 }, groups: [] },
    ...{ answerMs: { p50: 8 }, sessionMs: { p50: 100 } },
  })
})

test('shows processor time and lateness of its own time alone, by its own clock', () => {
  const seconds = [-5, -0.5, 0, 1, 9]
  const points = seconds.map((second) => ({ at: ORIGIN + second * 1000 }))
  const { cpu, lag } = summarise({
    ...seen('boot', [at(0), at(1)]),
    cpu: points.map((point) => ({ ...point, server: 0.5 })),
    lag: points.map((point) => ({ ...point, p99Ms: 3 })),
  })
  expect(cpu).toEqual([-0.5, 0, 1].map((second) => ({ second, server: 0.5 })))
  expect(lag).toEqual([-0.5, 0, 1].map((second) => ({ second, p99Ms: 3 })))
})

test('tells a steady fleet’s connections apart', () => {
  const samples = [at(0), at(0, { connection: 'resumed' }), at(0, { connection: 'resumed' })]
  const { groups } = summarise(seen('steady', samples))
  expect(groups.map(({ name, requests }) => [name, requests])).toEqual([
    ['full handshake', 1],
    ['resumed session', 2],
  ])
})

test('tells tenants apart, and the noisy one’s answers', () => {
  const noisy = { kind: 'noisy' } as const
  const samples = [at(0, noisy), at(0, { ...noisy, status: 429 }), at(0)]
  const { groups, noisyTenant } = summarise(seen('noisy-tenant', samples))
  expect(groups.map(({ name }) => name)).toEqual([
    'noisy tenant, 200',
    'noisy tenant, 429',
    'quiet tenant',
  ])
  expect(noisyTenant?.noisy).toMatchObject({ requests: 2, admitted: 1 })
})

test('tells kinds of bad devices apart', () => {
  const { groups } = summarise(
    seen('bad-devices', [at(0), at(0, { kind: 'revoked', status: 403 })]),
  )
  expect(groups.map(({ name }) => name)).toEqual(['good', 'revoked'])
})

test('marks when the gateway was back, where it had been away', () => {
  const storm = seen('storm', [at(0, { refusedConnections: 1 })])
  const { marks, storm: figures } = summarise({ ...storm, returnedAt: ORIGIN + 50 })
  expect(marks).toEqual([{ second: 0.05, label: 'gateway is back' }])
  expect(figures?.servedAfterMs?.max).toBe(50)
  expect(summarise(storm).marks).toEqual([])
})

test('allows clocks of several machines to differ, and those of one not', () => {
  const noisy = Array.from({ length: 3 }, () => at(0, { kind: 'noisy', endedAt: ORIGIN }))
  const excess = (refusesHandshakes: boolean) =>
    summarise({ ...seen('noisy-tenant', noisy), frontDoor: { refusesHandshakes } }).noisyTenant
      ?.worstExcess
  expect(excess(false)).toBeCloseTo(0.99)
  expect(excess(true)).toBe(0)
})

test('carries what the audit file says, where there is one', () => {
  const audit = { records: 1, allowed: 1, reasons: {} }
  expect(summarise({ ...seen('boot', [at(0)]), audit })).toHaveProperty('reasons', {})
  expect(summarise(seen('boot', [at(0)]))).not.toHaveProperty('reasons')
})
