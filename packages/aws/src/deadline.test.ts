import { expect, test, vi } from 'vitest'
import { beforeDeadline } from './deadline.ts'

const NOON = new Date('2030-01-01T12:00:00Z')
const due = (milliseconds: number) => ({
  clock: () => NOON,
  deadline: new Date(NOON.getTime() + milliseconds),
})
const never = () => Promise.withResolvers<never>().promise

test('gives what the work gives', async () => {
  await expect(beforeDeadline(due(1000), async () => 'done')).resolves.toBe('done')
})

test('fails as the work fails', async () => {
  const failing = beforeDeadline(due(1000), () => Promise.reject(new Error('broken')))
  await expect(failing).rejects.toThrow('broken')
})

test('aborts what else is under way when the work fails', async () => {
  let signal: AbortSignal | undefined
  const failing = beforeDeadline(due(1000), (given) => {
    signal = given
    return Promise.reject(new Error('broken'))
  })
  await expect(failing).rejects.toThrow('broken')
  expect(signal?.aborted).toBe(true)
})

test('aborts nothing when the work succeeds: that would close its connection', async () => {
  const signal = await beforeDeadline(due(1000), async (given) => given)
  expect(signal.aborted).toBe(false)
})

test('settles at the deadline though the work heeds no signal', async () => {
  await expect(beforeDeadline(due(5), never)).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('aborts the work at the deadline and not before', async () => {
  let signal: AbortSignal | undefined
  const running = beforeDeadline(due(5), (given) => {
    signal = given
    expect(given.aborted).toBe(false)
    return never()
  })
  await expect(running).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(signal?.aborted).toBe(true)
})

test.each([
  ['now', due(0)],
  ['past', due(-1)],
  ['invalid', { clock: () => NOON, deadline: new Date(Number.NaN) }],
])('does not begin when the deadline is %s', async (_, late) => {
  const work = vi.fn(never)
  await expect(beforeDeadline(late, work)).rejects.toMatchObject({ name: 'TimeoutError' })
  expect(work).not.toHaveBeenCalled()
})

test('waits for a deadline that is further away than a timer can count', async () => {
  const answer = beforeDeadline(due(2 ** 40), async () => {
    await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setTimeout(resolve, 2))
    return 'done'
  })
  await expect(answer).resolves.toBe('done')
})

test('leaves no timer behind', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  await beforeDeadline(due(1000), async () => 'done')
  expect(timers()).toBe(before)
})

test('a failure that comes after the deadline goes nowhere', async () => {
  const late = Promise.withResolvers<never>()
  await expect(beforeDeadline(due(5), () => late.promise)).rejects.toThrow()
  late.reject(new Error('late')) // an unhandled rejection would fail the run
  await new Promise((resolve) => setImmediate(resolve))
})
