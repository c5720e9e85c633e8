import { expect, test } from 'vitest'
import { describeThrown } from './sdk-problem.ts'

const target = { origin: { protocol: 'http:', hostname: '127.0.0.1', port: 8080 } } as const
const thrown = (name: string, message: string, more: object) =>
  Object.assign(new Error(message), { name, ...more })

test.each([
  ['what the API says', 'no such thing', 'no such thing'],
  ['the status where nothing is said', '', 'HTTP 404'],
  ['the status where the SDK knows nothing', 'UnknownError', 'HTTP 404'],
])('a refusal is told with %s', (_, message, told) => {
  const refusal = thrown('NotFound', message, { $metadata: { httpStatusCode: 404 } })
  expect(describeThrown(refusal, target)).toEqual({
    ok: false,
    error: { code: 'NotFound', message: told, status: 404 },
  })
})

test('a connection that does not come about is told with its place', () => {
  const refusal = thrown('Error', 'connect', { code: 'ECONNREFUSED', $metadata: { attempts: 3 } })
  expect(describeThrown(refusal, target)).toEqual({
    problem: 'no control plane at http://127.0.0.1:8080: nothing listens there',
  })
})

test.each([
  ['what was thrown', new Error('no keys'), 'no keys'],
  [
    'an answer that cannot be read',
    thrown('SyntaxError', 'bad', { $metadata: { httpStatusCode: 200 } }),
    'bad',
  ],
  ['what is no error', 'x', 'the call failed'],
])('%s is a problem', (_, value, problem) => {
  expect(describeThrown(value, target)).toEqual({ problem })
})
