import { parseRegion, type Region } from '@thingpass/core/names'
import { describe, expect, test } from 'vitest'
import { resolveEndpoint } from './endpoint.ts'

const region = (text: string) => parseRegion(text)!

describe("a region's own endpoint", () => {
  test.each([
    ['dynamodb', 'eu-central-1', 'dynamodb.eu-central-1.amazonaws.com'],
    ['sts', 'us-east-1', 'sts.us-east-1.amazonaws.com'],
    ['sts', 'ap-southeast-2', 'sts.ap-southeast-2.amazonaws.com'],
    ['sts', 'us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
    ['dynamodb', 'cn-north-1', 'dynamodb.cn-north-1.amazonaws.com.cn'],
    ['sts', 'cn-northwest-1', 'sts.cn-northwest-1.amazonaws.com.cn'],
  ] as const)('of %s in %s is %s', (service, name, hostname) => {
    expect(resolveEndpoint(service, region(name))).toEqual({
      secure: true,
      hostname,
      port: 443,
      host: hostname,
    })
  })

  test.each(['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'])(
    'is not guessed for %s',
    (name) => {
      expect(() => resolveEndpoint('sts', name as Region)).toThrow('no known endpoint of sts')
    },
  )

  test.each([
    'evil.example/',
    'us-east-1.evil.example',
    'us-east-1@evil.example',
    'us-east-1#',
    'US-EAST-1',
    '',
    'us-east-1\n',
  ])('never follows from %j, which is no region', (name) => {
    expect(() => resolveEndpoint('dynamodb', name as Region)).toThrow('no known endpoint')
  })
})

describe('an endpoint that was given', () => {
  test.each([
    ['http://127.0.0.1:8000', false, '127.0.0.1', 8000, '127.0.0.1:8000'],
    ['http://127.1.2.3:8000/', false, '127.1.2.3', 8000, '127.1.2.3:8000'],
    ['http://localhost:8000', false, 'localhost', 8000, 'localhost:8000'],
    ['http://localhost', false, 'localhost', 80, 'localhost'],
    ['http://[::1]:8000', false, '::1', 8000, '[::1]:8000'],
    ['https://sts.example.com', true, 'sts.example.com', 443, 'sts.example.com'],
    ['https://sts.example.com:8443', true, 'sts.example.com', 8443, 'sts.example.com:8443'],
    ['https://127.0.0.1:8443', true, '127.0.0.1', 8443, '127.0.0.1:8443'],
  ] as const)('%s is taken', (url, secure, hostname, port, host) => {
    const endpoint = resolveEndpoint('sts', region('us-east-1'), url)
    expect(endpoint).toEqual({ secure, hostname, port, host })
  })

  test.each([
    'http://sts.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1:8000',
    'ftp://localhost',
    'https://user:password@sts.example.com',
    'https://user@sts.example.com',
    'https://sts.example.com/path',
    'https://sts.example.com/?query',
    'https://sts.example.com/#fragment',
    'https://sts_example.com',
    'sts.example.com',
    '',
  ])('%s is refused', (url) => {
    expect(() => resolveEndpoint('sts', region('us-east-1'), url)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID' }),
    )
  })

  test('is not repeated by the refusal: it may hold a password', () => {
    expect(() => resolveEndpoint('sts', region('us-east-1'), 'https://u:secret@x')).toThrow(
      /^the endpoint of sts is neither https nor loopback, or more than an origin$/,
    )
  })
})
