import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eachLimited } from './each-limited.ts'

test('all items are worked on, never more than the limit at a time', async () => {
  const seen: number[] = []
  const running = { now: 0, most: 0 }
  await eachLimited([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running.now += 1
    running.most = Math.max(running.most, running.now)
    await setImmediate()
    running.now -= 1
    seen.push(item)
  })
  expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(running).toEqual({ now: 0, most: 3 })
})

test('a rejection ends it, after what runs has ended', async () => {
  const ended: number[] = []
  const work = eachLimited([1, 2, 3, 4, 5], 2, async (item) => {
    if (item === 1) throw new Error('first')
    await setImmediate()
    ended.push(item)
  })
  await expect(work).rejects.toThrow('first')
  expect(ended).toEqual([2])
})
