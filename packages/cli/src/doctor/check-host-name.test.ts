import { expect, test } from 'vitest'
import { checkHostName } from './check-host-name.ts'

test.each([
  ['a.credentials.iot.eu-central-1.example.com', 'ok', 'a.credentials'],
  ['a.credentials.iot.eu-central-1.devices.example.com', 'note', 'shape'],
  ['a.b.c.eu-central-1.example.com', 'note', 'shape'],
  ['localhost', 'note', 'shape'],
  ['127.0.0.1', 'note', 'address'],
  ['::1', 'note', 'address'],
  ['abc123-ats.iot.eu-central-1.amazonaws.com', 'note', 'data endpoint'],
  ['abc123.iot.eu-central-1.amazonaws.com', 'note', 'data endpoint'],
])('%s is %s', (hostname, verdict, told) => {
  expect(checkHostName(hostname)).toMatchObject({
    ...{ check: 'host name', verdict, told: expect.stringContaining(told) },
  })
})

test('the longest name that Greengrass Lite takes has 128 characters', () => {
  const rest = '.credentials.iot.us-east-1.example.com'
  const of = (characters: number) => `${'a'.repeat(characters - rest.length)}${rest}`
  expect(checkHostName(of(128)).verdict).toBe('ok')
  expect(checkHostName(of(129)).verdict).toBe('note')
})
