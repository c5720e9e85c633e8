import { expect, test } from 'vitest'
import { parseListenAddress } from './listen-address.ts'

test.each([
  ['127.0.0.1:0', '127.0.0.1', 0],
  ['localhost:8081', '127.0.0.1', 8081],
  ['[::1]:65535', '::1', 65_535],
])('%s is an address to listen on', (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ host, port })
})

test.each([
  '8081',
  ':8081',
  '0.0.0.0:8081',
  '127.0.0.1',
  '127.0.0.1:65536',
  '192.0.2.1:1',
  '[::]:1',
  'a127.0.0.1:1',
  '127.0.0.1:1b',
])('%s is none', (text) => {
  expect(parseListenAddress(text)).toHaveProperty('problem')
})
