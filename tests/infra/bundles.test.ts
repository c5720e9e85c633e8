import { beforeAll, describe, expect, test } from 'vitest'
import { bundleFunction } from './bundle-function.ts'

const CREDENTIALS = 'functions/credentials/credentials.main.handler'
const CONTROL = 'functions/control/control.main.handler'
const TRUSTSTORE = 'functions/truststore/truststore.main.handler'

/**
 * Most bytes of each function's bundle, a little above what was measured. A cold start reads and compiles all of them: what grows past its line needs
 * a reason, and then a new line.
 */
const LARGEST = { [CREDENTIALS]: 500_000, [CONTROL]: 740_000, [TRUSTSTORE]: 710_000 }

let bundles: ReadonlyMap<string, string>
beforeAll(async () => {
  const made = Object.keys(LARGEST).map(async (name) => [name, await bundleFunction(name)] as const)
  bundles = new Map(await Promise.all(made))
}, 60_000)

describe("a bundle made with SST's options stays small", () => {
  test.each(Object.entries(LARGEST))('%s: at most %d bytes', (handler, largest) => {
    const bytes = Buffer.byteLength(bundles.get(handler) ?? '')
    expect(bytes).toBeLessThanOrEqual(largest)
    expect(bytes).toBeGreaterThan(largest * 0.85) // or the line is too far above
  })
})

test.each([
  ['TransactWriteItems', CONTROL],
  ['SimulatePrincipalPolicy', CONTROL],
  ['UpdateDomainName', TRUSTSTORE],
  ['PutObject', TRUSTSTORE],
])('the credentials function does not carry %s, which %s needs', (operation, handler) => {
  expect(bundles.get(handler)).toContain(operation)
  expect(bundles.get(CREDENTIALS)?.includes(operation)).toBe(false)
})
