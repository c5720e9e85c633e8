import { expect, test } from 'vitest'
import { isLoopback, originOf, parseDeviceEndpoint } from './parse-origin.ts'

test.each([
  ['devices.example.com', 'devices.example.com', 443],
  ['LOCALHOST:8443', 'localhost', 8443],
  ['127.0.0.1:1', '127.0.0.1', 1],
  ['[::1]:65535', '::1', 65_535],
  ['a', 'a', 443],
])('%s is a device endpoint', (text, hostname, port) => {
  expect(parseDeviceEndpoint(text)).toEqual({ protocol: 'https:', hostname, port })
})

test.each([
  '',
  'https://a',
  'a/b',
  'a:',
  'a:0',
  'a:65536',
  'a:x',
  'a b',
  '-a',
  'a.',
  'user@a',
  '::1',
  'a\n',
  `${'a'.repeat(254)}`,
])('%j is none', (text) => {
  expect(parseDeviceEndpoint(text)).toBeUndefined()
})

test.each([
  ['http://a', { protocol: 'http:', hostname: 'a', port: 80 }],
  ['https://a/b', { protocol: 'https:', hostname: 'a', port: 443 }],
  ['https://[::1]:8', { protocol: 'https:', hostname: '::1', port: 8 }],
])('%s is of the origin %j', (url, origin) => {
  expect(originOf(new URL(url))).toEqual(origin)
})

test.each([
  ['localhost', true],
  ['::1', true],
  ['127.0.0.1', true],
  ['127.0.0.1.example.com', false],
  ['0.0.0.0', false],
])('that %s is this machine: %j', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected)
})
