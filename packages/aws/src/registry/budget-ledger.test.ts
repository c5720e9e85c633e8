import { parseTenantId } from '@thingpass/core/names'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Lease, TakeLease } from './budget-counter.ts'
import { type BudgetLedger, createBudgetLedger } from './budget-ledger.ts'
import { budgetTerms, roomFor } from './budget-terms.ts'

const NOON = new Date('2030-01-01T12:00:00Z').getTime()
const tenantId = parseTenantId('acme')!
const { signal } = new AbortController()

/** A counter in memory that does what the registry's does, and remembers what it was asked. */
function createMemoryCounter() {
  let arrivalMicros = 0
  const wanted: number[] = []
  const takeLease: TakeLease = async (request) => {
    wanted.push(request.wanted)
    const room = roomFor(request.terms, arrivalMicros, request.nowMicros)
    const granted = Math.min(request.wanted, room)
    const from = Math.max(arrivalMicros, request.nowMicros)
    if (granted > 0) arrivalMicros = from + granted * request.terms.costMicros
    return { granted, arrivalMicros }
  }
  return { takeLease, wanted }
}

/** Processes that share one tenant's counter and one clock. */
function createProcesses(
  count: number,
  rate: { readonly perSecond: number; readonly burst: number },
) {
  const time = { now: NOON }
  const counter = createMemoryCounter()
  const clock = () => new Date(time.now)
  const options = { tenantId, terms: budgetTerms(rate), takeLease: counter.takeLease, clock }
  const processes = Array.from({ length: count }, () => createBudgetLedger(options))
  return { time, processes, wanted: counter.wanted }
}

async function admittedOf(ledger: BudgetLedger, count: number): Promise<number> {
  let admitted = 0
  for (let index = 0; index < count; index++) if (await ledger.take(signal)) admitted++
  return admitted
}

/** The most that any window holds over what it may hold. */
function worstExcess(instants: readonly number[], perSecond: number, burst: number): number {
  let worst = Number.NEGATIVE_INFINITY
  for (const [first, from] of instants.entries()) {
    for (let last = first; last < instants.length; last++) {
      const seconds = (instants[last]! - from) / 1000
      worst = Math.max(worst, last - first + 1 - (burst + perSecond * seconds))
    }
  }
  return worst
}

test('admits no more than burst + rate × window in any window, over all processes', async () => {
  const step = fc.record({
    passMs: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ max: 3000, min: 51 }),
    ),
    process: fc.nat({ max: 3 }),
    requests: fc.nat({ max: 40 }),
  })
  const run = fc.asyncProperty(
    fc.integer({ min: 1, max: 200 }),
    fc.integer({ min: 1, max: 120 }),
    fc.array(step, { minLength: 1, maxLength: 25 }),
    async (perSecond, burst, steps) => {
      const { time, processes } = createProcesses(4, { perSecond, burst })
      const instants: number[] = []
      for (const { passMs, process, requests } of steps) {
        time.now += passMs
        const admitted = await admittedOf(processes[process]!, requests)
        instants.push(...Array.from({ length: admitted }, () => time.now))
      }
      expect(worstExcess(instants, perSecond, burst)).toBeLessThanOrEqual(1e-6)
    },
  )
  await fc.assert(run, { numRuns: 300 })
})

test('admits the whole rate to one process under steady demand', async () => {
  const { time, processes } = createProcesses(1, { perSecond: 100, burst: 100 })
  let admitted = 0
  for (let step = 0; step < 1000; step++) {
    time.now += 10
    admitted += await admittedOf(processes[0]!, 3)
  }
  expect(admitted).toBeGreaterThanOrEqual(1000 * 0.99)
})

test('shares the rate among processes under steady demand', async () => {
  const { time, processes } = createProcesses(4, { perSecond: 100, burst: 100 })
  const admitted = [0, 0, 0, 0]
  for (let step = 0; step < 1000; step++) {
    time.now += 10
    for (const [index, ledger] of processes.entries()) {
      admitted[index]! += await admittedOf(ledger, 1)
    }
  }
  const sum = admitted.reduce((total, each) => total + each)
  expect(sum).toBeGreaterThanOrEqual(1000 * 0.95)
})

describe('leases', () => {
  const rate = { perSecond: 100, burst: 400 } // largest lease 100, life 1 s

  test('double while they are used up in time, up to a quarter of the burst', async () => {
    const { processes, wanted } = createProcesses(1, rate)
    await admittedOf(processes[0]!, 300)
    expect(wanted).toEqual([1, 2, 4, 8, 16, 32, 64, 100, 100])
  })

  test('halve when something was left over', async () => {
    const { time, processes, wanted } = createProcesses(1, rate)
    await admittedOf(processes[0]!, 1 + 2 + 4 + 1)
    time.now += 1000
    await admittedOf(processes[0]!, 1)
    expect(wanted).toEqual([1, 2, 4, 8, 4])
  })

  test('stay as they are when demand is slow: nothing is wasted on a device an hour', async () => {
    const { time, processes, wanted } = createProcesses(1, rate)
    for (let hour = 0; hour < 5; hour++) {
      await admittedOf(processes[0]!, 1)
      time.now += 3_600_000
    }
    expect(wanted).toEqual([1, 1, 1, 1, 1])
  })

  test('end with their life: what is left is not used later', async () => {
    const { time, processes, wanted } = createProcesses(1, rate)
    await admittedOf(processes[0]!, 2)
    time.now += 999
    await admittedOf(processes[0]!, 1)
    expect(wanted).toEqual([1, 2])
    await admittedOf(processes[0]!, 2)
    time.now += 1000
    await admittedOf(processes[0]!, 1)
    expect(wanted).toEqual([1, 2, 4, 2])
  })

  test('end when the clock goes backwards', async () => {
    const { time, processes, wanted } = createProcesses(1, rate)
    await admittedOf(processes[0]!, 2)
    time.now -= 1
    await admittedOf(processes[0]!, 1)
    expect(wanted).toHaveLength(3)
  })

  test('are one at a time, and large enough for those who wait', async () => {
    const { processes, wanted } = createProcesses(1, rate)
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => processes[0]!.take(signal)))
    expect(outcomes.every(Boolean)).toBe(true)
    expect(wanted).toEqual([1, 49])
  })
})

describe('a refusal', () => {
  test('is repeated without asking until there can be room again', async () => {
    const { time, processes, wanted } = createProcesses(1, { perSecond: 10, burst: 2 })
    await admittedOf(processes[0]!, 100)
    expect(wanted).toHaveLength(3)
    time.now += 99
    await admittedOf(processes[0]!, 100)
    expect(wanted).toHaveLength(3)
    time.now += 1
    await expect(admittedOf(processes[0]!, 100)).resolves.toBe(1)
  })

  test('is repeated for a second at most, and not when the clock went backwards', async () => {
    const { time, processes, wanted } = createProcesses(1, { perSecond: 0.01, burst: 1 })
    await admittedOf(processes[0]!, 3)
    expect(wanted).toHaveLength(2)
    time.now += 1000
    await admittedOf(processes[0]!, 1)
    expect(wanted).toHaveLength(3)
    time.now -= 1
    await admittedOf(processes[0]!, 1)
    expect(wanted).toHaveLength(4)
  })
})

describe('a lease that fails', () => {
  const terms = budgetTerms({ perSecond: 1, burst: 8 })

  /** A ledger whose leases are settled by hand, in the order in which they were asked for. */
  function createByHand() {
    const asked: { wanted: number; settle: PromiseWithResolvers<Lease>; signal: AbortSignal }[] = []
    const takeLease: TakeLease = (request) => {
      const settle = Promise.withResolvers<Lease>()
      asked.push({ wanted: request.wanted, settle, signal: request.signal })
      return settle.promise
    }
    const clock = () => new Date(NOON)
    const ledger = createBudgetLedger({ tenantId, terms, takeLease, clock, leaseMilliseconds: 50 })
    return { ledger, asked }
  }
  const granted = (count: number): Lease => ({ granted: count, arrivalMicros: 0 })
  const settled = (promises: readonly Promise<boolean>[]) =>
    Promise.allSettled(promises).then((all) => all.map(({ status }) => status))

  test('fails who asked for it; each who waited tries once more', async () => {
    const { ledger, asked } = createByHand()
    const leader = ledger.take(signal)
    const waiters = [ledger.take(signal), ledger.take(signal)]
    asked[0]?.settle.reject(new Error('broken'))
    await expect(leader).rejects.toThrow('broken')
    asked[1]?.settle.resolve(granted(2))
    await expect(Promise.all(waiters)).resolves.toEqual([true, true])
    expect(asked.map(({ wanted }) => wanted)).toEqual([1, 2])
  })

  test('fails them when the second fails as well, and the next one asks again', async () => {
    const { ledger, asked } = createByHand()
    const all = [ledger.take(signal), ledger.take(signal), ledger.take(signal)]
    asked[0]?.settle.reject(new Error('broken'))
    await expect(all[0]).rejects.toThrow('broken')
    asked[1]?.settle.reject(new Error('broken again'))
    expect(await settled(all)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(asked).toHaveLength(2)
    const next = ledger.take(signal)
    asked[2]?.settle.resolve(granted(1))
    await expect(next).resolves.toBe(true)
  })

  test('has a time of its own, and is given up at its end', async () => {
    const { ledger, asked } = createByHand()
    const leader = new AbortController()
    const led = ledger.take(leader.signal)
    const waiter = ledger.take(signal)
    leader.abort()
    expect(asked.map((lease) => lease.signal.aborted)).toEqual([false])
    await expect(led).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(asked.map((lease) => lease.signal.aborted)).toEqual([true, false])
    asked[1]?.settle.resolve(granted(1))
    await expect(waiter).resolves.toBe(true)
  })

  test('is not asked for again by one whose own time is over', async () => {
    const { ledger, asked } = createByHand()
    const late = new AbortController()
    const all = [ledger.take(signal), ledger.take(late.signal)]
    late.abort()
    asked[0]?.settle.reject(new Error('broken'))
    expect(await settled(all)).toEqual(['rejected', 'rejected'])
    expect(asked).toHaveLength(1)
  })
})

test('who waited and has given up takes nothing of the lease', async () => {
  const { processes, wanted } = createProcesses(1, { perSecond: 100, burst: 400 })
  await admittedOf(processes[0]!, 1) // the next lease is of two
  const late = new AbortController()
  const taken = processes[0]!.take(signal)
  const given = processes[0]!.take(late.signal)
  late.abort()
  await expect(given).rejects.toMatchObject({ name: 'AbortError' })
  await expect(taken).resolves.toBe(true)
  await expect(processes[0]!.take(signal)).resolves.toBe(true)
  expect(wanted).toEqual([1, 2])
})
