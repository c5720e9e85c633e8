import { expect, test } from 'vitest'
import { canonicalRequest } from './canonical-request.ts'
import { collectHeaders, type RawRequest } from './raw-request.ts'

const REQUEST: RawRequest = {
  method: 'GET',
  path: '/',
  query: '',
  headers: collectHeaders(['Host', 'localhost']),
  body: Buffer.alloc(0),
}

/** Second and third line of the canonical request: path and query. */
function linesOf(path: string, query = ''): readonly (string | undefined)[] {
  const text = canonicalRequest({ ...REQUEST, path, query }, ['host'], 'segments-encoded-again')
  return text?.split('\n').slice(1, 3) ?? []
}

test('writes the six parts one below the other', () => {
  // Source: SHA-256 of nothing, FIPS 180-4.
  const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  expect(canonicalRequest(REQUEST, ['host'], 'root-only')).toBe(
    `GET\n/\n\nhost:localhost\n\nhost\n${hash}`,
  )
})

test.each([
  ['/things/lamp', '/things/lamp'],
  ['/a%3Db/c%2Fd', '/a%253Db/c%252Fd'],
  ["/!'()*~-._", '/%21%27%28%29%2A~-._'],
  ['//./../', '//./../'],
  ['/a:b@c$d&e+f,g;h=i', '/a%3Ab%40c%24d%26e%2Bf%2Cg%3Bh%3Di'],
  ['/\ud800', '/%EF%BF%BD'],
])('encodes each segment of %j once more', (path, canonical) => {
  expect(linesOf(path)[0]).toBe(canonical)
})

test.each([
  ['flag', 'flag='],
  ['b=2&flag', 'b=2&flag='],
  ['=value', '=value'],
  ['a=b=c', 'a=b%3Dc'],
  ['a=1+2%2B3', 'a=1%202%2B3'],
  ["a=!'()*", 'a=%21%27%28%29%2A'],
  ['b=1&a=2&a=1&B=0', 'B=0&a=1&a=2&b=1'],
  ['a=%c3%a4', 'a=%C3%A4'],
  ['&', '=&='],
])('writes the query %j as %j', (query, canonical) => {
  expect(linesOf('/', query)[1]).toBe(canonical)
})

test.each(['a=%', 'a=%zz', '%zz=a', 'a=%ff', 'a=1&b=%c3'])('reads no query %j', (query) => {
  expect(linesOf('/', query)).toEqual([])
})
