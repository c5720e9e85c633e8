import type { TakeLease } from '@thingpass/aws/registry/budget-counter'
import { createBudgetLedger } from '@thingpass/aws/registry/budget-ledger'
import { budgetTerms, roomFor } from '@thingpass/aws/registry/budget-terms'
import { parseTenantId } from '@thingpass/core/names'
import { renderAnswer } from '@thingpass/functions/credentials/answer'
import { expect, test } from 'vitest'
import { createRandom, type Random } from '../kills/random.ts'
import { given } from '../support/fleet.ts'

const START = new Date('2030-01-01T12:00:00Z').getTime()
const PROCESSES = 8
const { signal } = new AbortController()

type Rate = { readonly perSecond: number; readonly burst: number }
/** A device that asks at an instant, and again whenever it is told to. */
type Asking = { readonly at: number; readonly tenant: string; readonly device: number }
type Admission = { readonly at: number; readonly tenant: string; readonly asked: number }

/** The counter of one tenant, as the registry keeps it: one item, changed under a condition. */
function createCounter(): TakeLease {
  let arrivalMicros = 0
  return async ({ terms, wanted, nowMicros }) => {
    const granted = Math.min(wanted, roomFor(terms, arrivalMicros, nowMicros))
    if (granted > 0) arrivalMicros = Math.max(arrivalMicros, nowMicros) + granted * terms.costMicros
    return { granted, arrivalMicros }
  }
}

/**
 * Simulates devices event by event over the real budgets of several processes, with a clock that only the events move. A refused device
 * comes back when the real answer tells it to. What is admitted, in order, with how often its device had asked.
 */
async function simulate(
  rates: Readonly<Record<string, Rate>>,
  demand: readonly Asking[],
  untilMs: number,
  random: Random,
) {
  const time = { now: START }
  const clock = () => new Date(time.now)
  const ledgers = new Map(
    Object.entries(rates).map(([tenant, rate]) => {
      const takeLease = createCounter()
      const tenantId = given(parseTenantId(tenant))
      const options = { tenantId, terms: budgetTerms(rate), takeLease, clock }
      return [tenant, Array.from({ length: PROCESSES }, () => createBudgetLedger(options))] as const
    }),
  )
  const waiting = demand.map((asking) => ({ ...asking, asked: 0 }))
  const admitted: Admission[] = []
  const asked: Asking[] = []
  for (;;) {
    waiting.sort((a, b) => b.at - a.at) // the next one last
    const next = waiting.pop()
    if (next === undefined || next.at > untilMs) return { admitted, asked }
    time.now = START + next.at
    asked.push(next)
    const ledger = ledgers.get(next.tenant)![Math.floor(random() * PROCESSES)]!
    const attempt = { ...next, asked: next.asked + 1 }
    if (await ledger.take(signal)) admitted.push(attempt)
    else waiting.push({ ...attempt, at: next.at + retryAfterMs(random) })
  }
}

/** When a device that was told 429 comes back: the seconds of the answer, and a little of its own. */
function retryAfterMs(random: Random): number {
  const refused = { kind: 'refused', reason: 'tenant-over-budget' } as const
  const { headers } = renderAnswer(refused, 'request', random)
  const seconds = Number(headers['retry-after'])
  expect(seconds).toBeGreaterThanOrEqual(1)
  return seconds * 1000 + Math.floor(random() * 100)
}

const inSecond =
  (second: number) =>
  ({ at }: { readonly at: number }) =>
    Math.floor(at / 1000) === second
const of = (tenant: string) => (event: { readonly tenant: string }) => event.tenant === tenant

const every = (tenant: string, perSecond: number, seconds: number): readonly Asking[] =>
  Array.from({ length: perSecond * seconds }, (_, device) => ({
    at: Math.floor((device * 1000) / perSecond),
    ...{ tenant, device },
  }))

test('T38: a tenant whose whole fleet comes back at once takes nothing from another, and is served at its own rate', async () => {
  const random = createRandom(38)
  const rates = { noisy: { perSecond: 50, burst: 100 }, quiet: { perSecond: 50, burst: 100 } }
  const herd = Array.from({ length: 1000 }, (_, device) => ({
    at: Math.floor(random() * 200),
    ...{ tenant: 'noisy', device },
  }))
  const steady = every('quiet', 20, 30)
  const { admitted } = await simulate(rates, [...herd, ...steady], 60_000, random)
  const quiet = admitted.filter(of('quiet'))
  expect(quiet).toHaveLength(steady.length)
  expect(quiet.every(({ asked }) => asked === 1)).toBe(true)
  const noisy = admitted.filter(of('noisy'))
  expect(noisy).toHaveLength(herd.length)
  for (let second = 1; second <= 30; second++) {
    const sofar = noisy.filter(({ at }) => at < second * 1000).length
    expect(sofar).toBeLessThanOrEqual(100 + 50 * second)
  }
  // 1000 devices at 50 a second after a burst: little more than the 18 s that it must take.
  expect(Math.max(...noisy.map(({ at }) => at))).toBeLessThan(26_000)
})

test('T38: a herd that was refused comes back spread over the seconds, not at once again', async () => {
  const random = createRandom(39)
  const herd = Array.from({ length: 1000 }, (_, device) => ({ at: 0, tenant: 'herd', device }))
  const { asked } = await simulate({ herd: { perSecond: 1, burst: 1 } }, herd, 3_999, random)
  const first = asked.filter(inSecond(0)).length
  expect(first).toBe(1000)
  for (const second of [1, 2, 3]) {
    expect(asked.filter(inSecond(second)).length).toBeLessThan(0.6 * first)
  }
})

test('T38: a tenant that never stops over its budget is held to its rate for as long as it asks', async () => {
  const random = createRandom(40)
  const rates = { noisy: { perSecond: 10, burst: 20 } }
  const { admitted } = await simulate(rates, every('noisy', 100, 20), 20_000, random)
  const longest = 20 + 10 * 20
  expect(admitted.length).toBeLessThanOrEqual(longest)
  expect(admitted.length).toBeGreaterThan(0.8 * longest)
})
