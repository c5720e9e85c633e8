import { expect, test } from 'vitest'
import { lambdaContext } from './lambda-context.ts'

test('the time that is left runs out and stays out', () => {
  let now = 5_000
  const context = lambdaContext('r-1', () => now)
  expect(context.awsRequestId).toBe('r-1')
  expect(context.getRemainingTimeInMillis()).toBe(10_000)
  now = 9_000
  expect(context.getRemainingTimeInMillis()).toBe(6_000)
  now = 50_000
  expect(context.getRemainingTimeInMillis()).toBe(0)
})
