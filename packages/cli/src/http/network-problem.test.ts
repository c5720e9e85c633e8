import { expect, test } from 'vitest'
import { describeNetworkCode } from './network-problem.ts'

test.each([
  ['ECONNREFUSED', 'nothing listens there'],
  ['SELF_SIGNED_CERT_IN_CHAIN', expect.stringContaining('--ca')],
  ['EWHATEVER', 'it failed with EWHATEVER'],
])('%s is told in words', (code, words) => {
  expect(describeNetworkCode(code)).toEqual(words)
})
