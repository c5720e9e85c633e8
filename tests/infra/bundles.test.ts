import { beforeAll, describe, expect, test } from 'vitest'
import { bundleFunction } from './bundle-function.ts'
import { HANDLERS } from './handlers.ts'

/**
 * Most bytes of each function's bundle, some 5 % above what was measured. A cold start reads and compiles all of them: what grows past its line needs
 * a reason, and then a new line.
 */
const LARGEST: Readonly<Record<keyof typeof HANDLERS, number>> = {
  Credentials: 140_000,
  CredentialsLoadBalancer: 142_000,
  Authorizer: 468_000,
  Whoami: 459_000,
  Control: 739_000,
  TruststorePublisher: 718_000,
}

let bundles: ReadonlyMap<string, string>
beforeAll(async () => {
  const made = Object.entries(HANDLERS).map(
    async ([name, handler]) => [name, await bundleFunction(handler)] as const,
  )
  bundles = new Map(await Promise.all(made))
}, 60_000)

describe("a bundle made with SST's options stays small", () => {
  test.each(Object.entries(LARGEST))('%s: at most %d bytes', (name, largest) => {
    const bytes = Buffer.byteLength(bundles.get(name) ?? '')
    expect(bytes).toBeLessThanOrEqual(largest)
    expect(bytes).toBeGreaterThan(largest * 0.9) // or the line is too far above
  })
})

test.each([
  ['TransactWriteItems', 'Control', 'Credentials'],
  ['SimulatePrincipalPolicy', 'Control', 'Credentials'],
  ['UpdateDomainName', 'TruststorePublisher', 'Credentials'],
  ['PutObject', 'TruststorePublisher', 'Credentials'],
])('%s, which %s needs, is not carried by %s', (operation, needs, without) => {
  expect(bundles.get(needs)).toContain(operation)
  expect(bundles.get(without)?.includes(operation)).toBe(false)
})
