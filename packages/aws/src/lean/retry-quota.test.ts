import { expect, test } from 'vitest'
import { createRetryQuota, type RetryQuota } from './retry-quota.ts'

/** How many retries of a kind are allowed in a row. */
function taken(quota: RetryQuota, kind: Parameters<RetryQuota['take']>[0]): number {
  let count = 0
  while (count < 1000 && quota.take(kind)) count++
  return count
}

test('allows a hundred retries in a row, and half as many after timeouts', () => {
  expect(taken(createRetryQuota(), 'server-error')).toBe(100)
  expect(taken(createRetryQuota(), 'timeout')).toBe(50)
})

test('allows one more for every five calls that succeed', () => {
  const quota = createRetryQuota()
  taken(quota, 'server-error')
  for (let call = 0; call < 4; call++) quota.refill()
  expect(quota.take('server-error')).toBe(false)
  quota.refill()
  expect(quota.take('server-error')).toBe(true)
  expect(quota.take('server-error')).toBe(false)
})

test('saves up no more than it had', () => {
  const quota = createRetryQuota()
  for (let call = 0; call < 1000; call++) quota.refill()
  expect(taken(quota, 'server-error')).toBe(100)
})
