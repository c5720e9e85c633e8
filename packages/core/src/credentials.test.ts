import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createCredentials } from './credentials.ts'

const parts = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'a-secret',
  sessionToken: 'a-token',
  expiration: new Date('2026-01-01T00:00:00Z'),
}
const shown = { accessKeyId: 'ASIAEXAMPLE', expiration: parts.expiration }

test('each part can be read by its name', () => {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = createCredentials(parts)
  expect({ accessKeyId, secretAccessKey, sessionToken, expiration }).toEqual(parts)
})

test.each([
  ['JSON', (value: unknown) => JSON.stringify(value)],
  ['inspection', (value: unknown) => inspect(value, { depth: 9, showHidden: true })],
  ['spreading', (value: unknown) => JSON.stringify({ ...(value as object) })],
  ['enumeration', (value: unknown) => Object.entries(value as object).join()],
])('%s of the whole shows no secret', (_, print) => {
  const printed = print(createCredentials(parts))
  expect(printed).toContain('ASIAEXAMPLE')
  expect(printed).not.toMatch(/a-secret|a-token/)
})

test('serialised, they show the key id and the expiry', () => {
  expect(JSON.parse(JSON.stringify(createCredentials(parts)))).toEqual(
    JSON.parse(JSON.stringify(shown)),
  )
})

test('inspected, they show the key id and the expiry', () => {
  expect(inspect(createCredentials(parts))).toBe(inspect(shown))
})

test('they cannot be changed', () => {
  const credentials = createCredentials(parts)
  expect(Object.isFrozen(credentials)).toBe(true)
  expect(() => Object.assign(credentials, { sessionToken: 'other' })).toThrow(TypeError)
})
