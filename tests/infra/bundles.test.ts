import { describe, expect, test } from 'vitest'
import { bundleFunction } from './bundle-function.ts'

/**
 * Most bytes of each function's bundle, a little above what was measured. A cold start reads and compiles all of them: what grows past its line needs
 * a reason, and then a new line.
 */
const LARGEST = {
  'functions/credentials/credentials.main.handler': 500_000,
  'functions/control/control.main.handler': 740_000,
  'functions/truststore/truststore.main.handler': 1_030_000,
}

describe("a bundle made with SST's options stays small", () => {
  test.each(Object.entries(LARGEST))('%s: at most %d bytes', async (handler, largest) => {
    const bytes = Buffer.byteLength(await bundleFunction(handler))
    expect(bytes).toBeLessThanOrEqual(largest)
    expect(bytes).toBeGreaterThan(largest * 0.85) // or the line is too far above
  })
})

test('the credentials function holds nothing of what only the others need', async () => {
  const code = await bundleFunction('functions/credentials/credentials.main.handler')
  for (const foreign of [
    'TransactWriteItems',
    'SimulatePrincipalPolicy',
    'UpdateDomainName',
    'PutObject',
  ]) {
    expect(code.includes(`"${foreign}"`), foreign).toBe(false)
  }
})
