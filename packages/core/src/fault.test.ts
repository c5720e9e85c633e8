import { expect, test } from 'vitest'
import { asFault, Fault } from './fault.ts'

test('a fault says what failed, carries its code and keeps its cause', () => {
  const cause = new Error('socket closed')
  const fault = new Fault('STS_UNAVAILABLE', 'STS cannot be reached', { cause })
  expect(fault).toBeInstanceOf(Error)
  expect(fault).toMatchObject({
    name: 'Fault',
    code: 'STS_UNAVAILABLE',
    message: 'STS cannot be reached',
    cause,
  })
})

test('a thrown fault is taken as it is', () => {
  const fault = new Fault('REGISTRY_TIMEOUT', 'late')
  expect(asFault(fault)).toBe(fault)
})

test.each([new TypeError('x is not a function'), 'text', undefined, { code: 'STS_TIMEOUT' }])(
  'anything else that is thrown becomes an unexpected fault with that cause: %j',
  (thrown) => {
    expect(asFault(thrown)).toMatchObject({
      code: 'UNEXPECTED',
      message: 'unforeseen failure',
      cause: thrown,
    })
  },
)
