import { expect, test } from 'vitest'
import { createClosing } from './closing.ts'

test('closes the last opened first, once, and goes on after one that fails', async () => {
  const order: string[] = []
  const closing = createClosing()
  closing.add(async () => order.push('first'))
  closing.add(() => Promise.reject(new Error('stuck')))
  closing.add(async () => order.push('last'))
  expect(closing.isClosed()).toBe(false)
  await Promise.all([closing.close(), closing.close()])
  expect(order).toEqual(['last', 'first'])
  expect(closing.isClosed()).toBe(true)
})
