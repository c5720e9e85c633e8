import { expect, test } from 'vitest'
import { isLoopbackHost, judgeEndpoint } from './target.ts'

const schemes = ['https:']
const judge = (text: string, owned = false) => judgeEndpoint(text, { owned, schemes })

test.each([
  'https://localhost:8443',
  'https://127.0.0.1:8443',
  'https://127.1.2.3',
  'https://127.1', // the short form of 127.0.0.1
  'https://0x7f000001/',
  'https://LOCALHOST/',
])('%s is this machine', (text) => {
  expect(judge(text)).toMatchObject({ ok: true })
})

test.each(['x127.0.0.1', '127.0.0.1x', '127.0.0', 'localhosts', 'xlocalhost', '', '::1'])(
  'the host %j only looks like this machine',
  (hostname) => {
    expect(isLoopbackHost(hostname)).toBe(false)
  },
)

const elsewhere = [
  'https://example.com',
  'https://x.credentials.iot.eu-central-1.example.com',
  'https://10.0.0.1',
  'https://128.0.0.1',
  'https://126.255.255.255',
  'https://0.0.0.0',
  'https://[::1]',
  'https://[::ffff:7f00:1]',
  'https://localhost.example.com',
  'https://localhost.',
  'https://foo.localhost',
  'https://127.0.0.1.example.com',
  'https://example.com:127',
]
test.each(elsewhere)('%s is refused, unless its owner says so', (text) => {
  expect(judge(text)).toMatchObject({ ok: false, problem: expect.stringContaining('--i-own') })
  expect(judge(text, true)).toMatchObject({ ok: true })
})

test.each([
  'https://localhost@example.com',
  'https://127.0.0.1:pw@example.com',
  'https://localhost?x=https://example.com',
  'https://localhost#x',
  'http://localhost:8443',
  'ftp://localhost',
  'localhost:8443',
  '127.0.0.1',
  '',
])('%j is no endpoint, whoever owns it', (text) => {
  expect(judge(text)).toMatchObject({ ok: false })
  expect(judge(text, true)).toMatchObject({ ok: false })
})

test('elsewhere nothing goes in the clear, on this machine it may', () => {
  const both = ['https:', 'http:']
  const clear = (text: string) => judgeEndpoint(text, { owned: true, schemes: both })
  expect(clear('http://127.0.0.1:8080')).toMatchObject({ ok: true })
  expect(clear('http://example.com')).toEqual({ ok: false, problem: 'must be https' })
})
