import * as sdk from '@aws-sdk/client-iot'
import { API_ERROR_STATUS } from '@thingpass/control/api-error'
import { OPERATIONS } from '@thingpass/control/operation-table'
import { expect, test } from 'vitest'

/** What the SDK says of itself: operations and errors, by name with a `$` behind it. */
const SCHEMAS: Readonly<Record<string, unknown>> = sdk
const traitsOf = (name: string) => {
  const schema = SCHEMAS[`${name}$`]
  return Array.isArray(schema) ? (schema[3] as Readonly<Record<string, unknown>>) : undefined
}

const ofAws = OPERATIONS.filter(({ name }) => traitsOf(name) !== undefined)

test('all but our own operations are AWS’s', () => {
  const ours = OPERATIONS.filter((operation) => !ofAws.includes(operation))
  expect(ours.filter(({ path }) => !path.startsWith('/thingpass/'))).toEqual([])
  expect(ofAws.length).toBeGreaterThanOrEqual(76)
})

/** Names of labels are each side's own. */
const shapeOf = (path: string) => path.replaceAll(/\{\w+\}/g, '{}')

test.each(ofAws)('$name has the route that AWS’s client calls', ({ name, method, path }) => {
  const http = traitsOf(name)?.http as readonly (string | number)[] | undefined
  const known = http?.map((part) => (typeof part === 'string' ? shapeOf(part) : part))
  expect(known).toEqual([method, shapeOf(path), 200])
})

/** Not of AWS IoT's model: IAM's, API Gateway's, and that of our own routes. */
const NOT_MODELLED = new Set([
  'AccessDeniedException',
  'ConflictException',
  'UnknownOperationException',
])

test.each(Object.entries(API_ERROR_STATUS))('%s has AWS’s status', (code, status) => {
  const modelled = traitsOf(code)?.httpError
  if (NOT_MODELLED.has(code)) expect([undefined, status]).toContain(modelled)
  else expect(modelled).toBe(status)
})
