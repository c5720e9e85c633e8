import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { S3Client } from '@aws-sdk/client-s3'
import { parseRegion } from '@thingpass/core/names'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTruststoreBucket } from './truststore-bucket.ts'
import { createS3Client, PUBLISHER_LIMITS } from './truststore-clients.ts'

type Reply = {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

let asked: { method?: string; path?: string; ifMatch?: string; body: string }[]
let reply: Reply
const server = createServer(async (request, response) => {
  const { method, url, headers } = request
  asked.push({
    ...(method && { method }),
    ...(url && { path: url.replace(/\?.*$/, '') }),
    ...(headers['if-match'] && { ifMatch: headers['if-match'] }),
    body: await text(request),
  })
  response.writeHead(reply.status, reply.headers).end(reply.body)
})
let client: S3Client

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const options = {
    region: parseRegion('eu-central-1')!,
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  }
  client = createS3Client(options, { ...PUBLISHER_LIMITS, maxAttempts: 1 })
})
afterAll(() => {
  client.destroy()
  server.close()
})
beforeEach(() => {
  asked = []
})

const bucket = () =>
  createTruststoreBucket({
    client,
    bucketName: 'bucket',
    truststoreKey: 'truststore.pem',
    seedKey: 'seed.pem',
  })
const HEADERS = {
  etag: '"tag-1"',
  'x-amz-version-id': 'v1',
  'last-modified': 'Mon, 01 Jun 2026 12:00:00 GMT',
}
const failure = (status: number, code: string): Reply => ({
  status,
  headers: { 'content-type': 'application/xml', 'x-amz-request-id': 'request-7' },
  body: `<Error><Code>${code}</Code><Message>not to be seen</Message></Error>`,
})

test('a truststore is read with its version, tag and date', async () => {
  reply = { status: 200, headers: { ...HEADERS, 'content-length': '3' }, body: 'pem' }
  expect(await bucket().readTruststore()).toEqual({
    pem: 'pem',
    versionId: 'v1',
    tag: '"tag-1"',
    writtenAt: new Date('2026-06-01T12:00:00Z'),
  })
  expect(asked).toEqual([{ method: 'GET', path: '/bucket/truststore.pem', body: '' }])
})

test('the seed is another object', async () => {
  reply = { status: 200, headers: { 'content-length': '4' }, body: 'seed' }
  expect(await bucket().readSeed()).toBe('seed')
  expect(asked[0]?.path).toBe('/bucket/seed.pem')
})

test.each(Object.keys(HEADERS))('a truststore without %s is a fault', async (name) => {
  const { [name as keyof typeof HEADERS]: _left, ...headers } = HEADERS
  reply = { status: 200, headers: { ...headers, 'content-length': '3' }, body: 'pem' }
  await expect(bucket().readTruststore()).rejects.toMatchObject({
    code: 'UNEXPECTED',
    message: expect.stringMatching(/^S3 gives no (version|tag|date) of the truststore$/),
  })
})

test.each(['4000001', undefined])('an object of %s bytes is not read', async (length) => {
  reply = {
    status: 200,
    headers: {
      ...HEADERS,
      ...(length ? { 'content-length': length } : { 'transfer-encoding': 'chunked' }),
    },
    body: length ? undefined : 'pem',
  } as Reply
  await expect(bucket().readTruststore()).rejects.toMatchObject({
    code: 'UNEXPECTED',
    message: 'truststore.pem is too large to be read',
  })
})

test('objects that are not read leave their connections to those that are', async () => {
  for (let read = 0; read < 2 * PUBLISHER_LIMITS.maxSockets; read++) {
    reply = { status: 200, headers: HEADERS, body: 'a body of unknown length' }
    await expect(bucket().readTruststore()).rejects.toThrow('too large')
  }
  reply = { status: 200, headers: { 'content-length': '4' }, body: 'seed' }
  expect(await bucket().readSeed()).toBe('seed')
})

test('a replacement names what it replaces, and gives the new version', async () => {
  reply = { status: 200, headers: { 'x-amz-version-id': 'v2' } }
  expect(await bucket().replace('"tag-1"', 'new')).toEqual({ versionId: 'v2' })
  expect(asked).toMatchObject([
    { method: 'PUT', path: '/bucket/truststore.pem', ifMatch: '"tag-1"' },
  ])
  expect(asked[0]?.body).toContain('new')
})

test.each([
  [412, 'PreconditionFailed'],
  [409, 'ConditionalRequestConflict'],
])('another writer came first: %d %s', async (status, code) => {
  reply = failure(status, code)
  expect(await bucket().replace('"tag-1"', 'new')).toBeUndefined()
})

test('a bucket that keeps no versions is a fault', async () => {
  reply = { status: 200 }
  await expect(bucket().replace('"tag-1"', 'new')).rejects.toMatchObject({ code: 'UNEXPECTED' })
})

describe('a refusal of S3 is a fault that names the call and repeats no message', () => {
  test.each([
    ['GetObject', () => bucket().readTruststore()],
    ['GetObject', () => bucket().readSeed()],
    ['PutObject', () => bucket().replace('"tag-1"', 'new')],
  ])('%s', async (operation, call) => {
    reply = failure(403, 'AccessDenied')
    const error: Error = await call().then(
      () => new Error('no refusal'),
      (thrown: Error) => thrown,
    )
    expect(error).toMatchObject({ code: 'UNEXPECTED' })
    expect(error.message).toMatch(`${operation} failed: AccessDenied, status 403`)
    expect(error.message).not.toContain('not to be seen')
  })
})
