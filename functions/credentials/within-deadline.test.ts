import { expect, test, vi } from 'vitest'
import { withinDeadline } from './within-deadline.ts'

test('work that ends in time settles as it does', async () => {
  await expect(withinDeadline(1000, Promise.resolve('done'))).resolves.toBe('done')
  const failure = new Error('broken')
  await expect(withinDeadline(1000, Promise.reject(failure))).rejects.toBe(failure)
})

test('work that does not end in time is a fault', async () => {
  const endless = new Promise(() => undefined)
  await expect(withinDeadline(5, endless)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
})

test('no timer is left behind', async () => {
  vi.useFakeTimers()
  try {
    await withinDeadline(60_000, Promise.resolve())
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
