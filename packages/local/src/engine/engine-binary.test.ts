import { expect, test } from 'vitest'
import { findEngineBinary } from './engine-binary.ts'

test('names the engine that npm installed', () => {
  expect(findEngineBinary((file) => `/modules/${file}`)).toBe(
    '/modules/@dynoxide/linux-x64/dynoxide',
  )
})

test('says in one line what to do where there is none', () => {
  const missing = () => {
    throw new Error('Cannot find module')
  }
  expect(() => findEngineBinary(missing)).toThrow(
    expect.objectContaining({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringMatching(/^[^\n]*pass --dynamodb URL[^\n]*$/),
    }),
  )
})
