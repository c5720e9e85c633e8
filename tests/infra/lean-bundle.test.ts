import { beforeAll, expect, test } from 'vitest'
import { bundleFunction } from './bundle-function.ts'

let code: string
beforeAll(async () => {
  code = await bundleFunction('functions/credentials/credentials.main.handler')
}, 60_000)

test.each(['smithy', 'aws-sdk', 'DynamoDBClient', 'STSClient', 'fromNodeProviderChain'])(
  'the credentials function has nothing of %s, which only its other wiring needs',
  (name) => {
    expect(code).not.toContain(name)
  },
)

test.each(['http', 'https', 'zlib', 'http2', 'undici'])(
  'the credentials function does not import %s: that would load more of Node than it needs',
  (name) => {
    expect(code).not.toMatch(new RegExp(`(?:from|import\\(|require\\() ?["'](?:node:)?${name}["']`))
  },
)
