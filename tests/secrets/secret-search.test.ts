import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createKey } from '@thingpass/x509/testing/keys'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fakeSecret } from './secret-marker.ts'
import { createSecretSearch, secretsOfPrivateKey } from './secret-search.ts'

const value = 'c4n4rysecret/with+signs "and" \\more=='
const search = createSecretSearch([{ name: 'key', value }])
const base64 = (text: string) => Buffer.from(text).toString('base64')

test.each<[string, string]>([
  ['as it is', `before ${value} after`],
  ['in JSON', JSON.stringify({ message: value })],
  ['URL-encoded', `?q=${encodeURIComponent(value)}`],
  ['in a form', new URLSearchParams({ q: value }).toString()],
  ['in hex', Buffer.from(value).toString('hex')],
  ['in hex, upper-case', Buffer.from(value).toString('hex').toUpperCase()],
  ['in base64', base64(value)],
  ['in base64 after one octet', base64(`a${value}`)],
  ['in base64 after two octets and before others', base64(`ab${value}cdef`)],
  ['in base64 of JSON', base64(JSON.stringify({ key: value.slice(0, 24) }))],
  ['in base64url', Buffer.from(`?${value}`).toString('base64url')],
  ['in base64 with line ends', base64(`ab${value}`).replaceAll(/.{10}/g, '$&\n')],
  ['in base64 with escaped line ends', base64(`ab${value}`).replaceAll(/.{10}/g, '$&\\n')],
])('finds a secret %s', (_, text) => {
  const searched = createSecretSearch([
    { name: 'key', value },
    { name: 'half', value: value.slice(0, 24) },
  ])
  expect(searched(text).length).toBeGreaterThan(0)
  expect(JSON.stringify(searched(text))).not.toContain('c4n4ry')
})

test.each([
  ['nothing', ''],
  ['another text', 'a key, and half a c4n4ry'],
  ['its beginning', value.slice(0, 12)],
  ['its hash', 'd2c5'.repeat(16)],
])('finds nothing in %s', (_, text) => {
  expect(search(text)).toEqual([])
})

test('says in which line', () => {
  expect(search(`one\ntwo\n${value}`)).toContainEqual({ name: 'key', form: 'text', line: 3 })
})

test('takes no PEM, whatever is in it, unless told to', () => {
  const text = 'a\n-----BEGIN CERTIFICATE-----\n'
  expect(search(text)).toEqual([{ name: 'PEM', form: 'text', line: 2 }])
  expect(createSecretSearch([], { allowPem: true })(text)).toEqual([])
})

describe.each(['P-256', 'RSA-2048'] as const)('of a private key, %s,', (kind) => {
  const { privateKey } = createKey(kind)
  const pem = privateKey!.export({ type: 'pkcs8', format: 'pem' }).toString()
  const keySearch = createSecretSearch(secretsOfPrivateKey('device', pem), { allowPem: true })
  const jwk = privateKey!.export({ format: 'jwk' })

  test.each<[string, string]>([
    ['its PEM', pem],
    ['its PEM in JSON', JSON.stringify({ pem })],
    ['its PEM without labels or line ends', pem.split('\n').slice(1, -2).join('')],
    ['its PEM in an older form', oldPem()],
    ['its DER in hex', privateKey!.export({ type: 'pkcs8', format: 'der' }).toString('hex')],
    ['its JWK', JSON.stringify(jwk)],
    ['its number in base64', Buffer.from(jwk.d!, 'base64url').toString('base64')],
  ])('%s is found', (_, text) => {
    expect(keySearch(text).length).toBeGreaterThan(0)
  })

  test('the public half is no secret', () => {
    const { d, p, q, dp, dq, qi, ...half } = jwk
    expect(keySearch(JSON.stringify(half))).toEqual([])
  })

  function oldPem(): string {
    const type = kind === 'P-256' ? 'sec1' : 'pkcs1'
    return privateKey!.export({ type, format: 'pem' } as never).toString()
  }
})

describe('the command', () => {
  const program = fileURLToPath(new URL('search-output.main.ts', import.meta.url))
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'thingpass-secrets-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const run = (...texts: readonly string[]) => {
    const files = texts.map((text, index) => {
      const file = join(folder, `${index}.txt`)
      writeFileSync(file, text)
      return file
    })
    return spawnSync(process.execPath, [program, ...files], { encoding: 'utf8' })
  }

  test('passes what has no secret', () => {
    const { status, stdout } = run('all is well', 'here, too')
    expect([status, stdout]).toEqual([0, '2 files searched, 0 secrets seen\n'])
  })

  test.each([
    ['a fake secret', fakeSecret('token')],
    ['a fake secret in base64', base64(`{"token":"${fakeSecret('token')}"}`)],
    ['an older fake', 'fake-token-12'],
    ['an older fake in hex', Buffer.from('fake-secret-1').toString('hex')],
    ['PEM', '-----BEGIN EC PRIVATE KEY-----'],
  ])('fails where a test has printed %s, and does not repeat it', (_, text) => {
    const { status, stdout } = run('fine', `line\nsomething ${text}`)
    expect(status).toBe(1)
    expect(stdout).toMatch(/1\.txt:2: /)
    expect(stdout).not.toContain(text)
  })

  test('fails where there is nothing to search', () => {
    expect(run().status).toBe(2)
    const missing = spawnSync(process.execPath, [program, join(folder, 'none')])
    expect(missing.status).toBe(2)
  })
})
