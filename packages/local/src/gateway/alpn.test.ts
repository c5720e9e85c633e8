import { expect, test } from 'vitest'
import { chooseProtocol } from './alpn.ts'

const offers: [offered: string[], chosen: string | undefined][] = [
  [['http/1.1'], 'http/1.1'],
  [['h2', 'http/1.1'], 'http/1.1'],
  [['x-amzn-http-ca', 'http/1.1'], 'http/1.1'],
  [['x-amzn-http-ca'], 'x-amzn-http-ca'],
  [['h2', 'x-amzn-http-ca'], 'x-amzn-http-ca'],
  [['never-heard-of'], 'never-heard-of'],
  [['h2'], undefined],
]
test.each(offers)('of %j it speaks %s', (offered, chosen) => {
  expect(chooseProtocol(offered)).toBe(chosen)
})
