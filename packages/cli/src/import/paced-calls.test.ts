import { expect, test } from 'vitest'
import { createPacedCalls, type Pace } from './paced-calls.ts'

/** A clock that only sleeping moves on. */
function pacemaker() {
  const time = { at: 0, slept: [] as number[] }
  return {
    time,
    now: () => time.at,
    sleep: async (milliseconds: number) => {
      time.slept.push(milliseconds)
      time.at += milliseconds
    },
    random: () => 1,
  }
}
const pace = (changed: Partial<Pace> = {}): Pace => ({
  perSecond: 10,
  attempts: 4,
  mayRetry: () => true,
  ...changed,
})
const failing = (times: number) => {
  const left = { times }
  return async () => {
    left.times -= 1
    if (left.times >= 0) throw new Error('slow down')
    return 'done'
  }
}

test('calls are no faster than the rate', async () => {
  const clock = pacemaker()
  const call = createPacedCalls(pace(), clock)
  const at: number[] = []
  for (let each = 0; each < 4; each += 1) await call(async () => at.push(clock.now()))
  expect(at).toEqual([0, 100, 200, 300])
})

test('idle time is not made up for', async () => {
  const clock = pacemaker()
  const call = createPacedCalls(pace(), clock)
  await call(async () => 1)
  clock.time.at = 5000
  const at: number[] = []
  for (let each = 0; each < 2; each += 1) await call(async () => at.push(clock.now()))
  expect(at).toEqual([5000, 5100])
})

test('a call that may be repeated is, after waits that double', async () => {
  const clock = pacemaker()
  const told: unknown[] = []
  const waiting = (thrown: unknown) => told.push(thrown)
  const call = createPacedCalls(pace({ perSecond: 1e6, waiting }), clock)
  expect(await call(failing(3))).toBe('done')
  expect(clock.time.slept.map(Math.round)).toEqual([250, 500, 1000])
  expect(told).toHaveLength(3)
})

test('jitter takes up to half of a wait', async () => {
  const clock = { ...pacemaker(), random: () => 0 }
  await createPacedCalls(pace({ perSecond: 1e6 }), clock)(failing(1))
  expect(clock.time.slept.map(Math.round)).toEqual([125])
})

test('a wait never grows over 20 seconds', async () => {
  const clock = pacemaker()
  await createPacedCalls(pace({ perSecond: 1e6, attempts: 20 }), clock)(failing(12))
  expect(Math.round(Math.max(...clock.time.slept))).toBe(20_000)
})

test('a wait holds back every call', async () => {
  const clock = pacemaker()
  const call = createPacedCalls(pace({ attempts: 1, mayRetry: () => true }), clock)
  const retrying = createPacedCalls(pace({ attempts: 2 }), clock)
  await expect(call(failing(1))).rejects.toThrow('slow down')
  await retrying(failing(1))
  expect(clock.now()).toBe(250)
  await retrying(async () => undefined)
  expect(clock.now()).toBe(350)
})

test.each([
  ['after its last try', pace({ attempts: 2 }), 2],
  ['at once when it may not be repeated', pace({ mayRetry: () => false }), 1],
])('a call fails %s', async (_, given, tries) => {
  const made = { tries: 0 }
  const call = createPacedCalls(given, pacemaker())
  const work = async () => {
    made.tries += 1
    throw new Error('no')
  }
  await expect(call(work)).rejects.toThrow('no')
  expect(made.tries).toBe(tries)
})
