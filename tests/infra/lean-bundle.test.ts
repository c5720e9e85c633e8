import { beforeAll, expect, test } from 'vitest'
import { bundleFunction } from './bundle-function.ts'

/** Most bytes, a little above what was measured. */
const LARGEST = 140_000

let code: string
beforeAll(async () => {
  code = await bundleFunction('functions/credentials/credentials-lean.main.handler')
}, 60_000)

test('the lean credentials function stays small', () => {
  expect(Buffer.byteLength(code)).toBeLessThanOrEqual(LARGEST)
  expect(Buffer.byteLength(code)).toBeGreaterThan(LARGEST * 0.85) // or the line is too far above
})

test.each(['smithy', 'aws-sdk', 'DynamoDBClient', 'STSClient', 'fromNodeProviderChain'])(
  'the lean credentials function has nothing of %s, which only its other wiring needs',
  (name) => {
    expect(code).not.toContain(name)
  },
)

test.each(['http', 'https', 'zlib', 'http2', 'undici'])(
  'the lean credentials function does not import %s: that would load more of Node than it needs',
  (name) => {
    expect(code).not.toMatch(new RegExp(`(?:from|import\\(|require\\() ?["'](?:node:)?${name}["']`))
  },
)
