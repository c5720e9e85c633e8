import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { KMSClient } from '@aws-sdk/client-kms'
import { parseRegion, parseTenantId } from '@thingpass/core/names'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createKmsClient, KMS_LIMITS } from './kms-client.ts'
import { createKmsTenantSigners } from './kms-tenant-signers.ts'

const acme = parseTenantId('acme')!
const KEY_ARN = 'arn:aws:kms:us-east-1:123456789012:key/k-1'
const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const spki = publicKey.export({ type: 'spki', format: 'der' })

type Reply = { readonly status: number; readonly body: object }
const ok = (body: object): Reply => ({ status: 200, body })
const failure = (status: number, __type: string): Reply => ({
  status,
  body: { __type, message: 'not to be seen' },
})

/** What KMS was asked, and what it answers by operation. */
let asked: { readonly operation: string; readonly input: Record<string, unknown> }[]
let replies: Record<string, Reply>
const server = createServer(async (request, response) => {
  const operation = String(request.headers['x-amz-target']).replace('TrentService.', '')
  asked.push({ operation, input: (await json(request)) as Record<string, unknown> })
  const { status, body } = replies[operation] ?? failure(400, 'UnknownOperationException')
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'request-7' }
  response.writeHead(status, headers).end(JSON.stringify(body))
})
let client: KMSClient

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  client = createKmsClient(
    {
      region: parseRegion('us-east-1')!,
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    },
    { ...KMS_LIMITS, maxAttempts: 1 },
  )
})
afterAll(() => {
  client.destroy()
  server.close()
})

const KEY = {
  KeyId: KEY_ARN,
  PublicKey: spki.toString('base64'),
  KeySpec: 'ECC_NIST_P256',
  KeyUsage: 'SIGN_VERIFY',
}
beforeEach(() => {
  asked = []
  replies = {
    GetPublicKey: ok(KEY),
    Sign: ok({ KeyId: KEY_ARN, Signature: Buffer.from('signature').toString('base64') }),
  }
})

const open = () => createKmsTenantSigners({ client, aliasPrefix: 'alias/thingpass-dev-ca-' })(acme)
const faultOf = (call: Promise<unknown>) => call.catch((thrown: unknown) => thrown)

test('the key of a tenant is found by its alias', async () => {
  const signer = await open()
  expect(Buffer.from(signer!.publicKey)).toEqual(spki)
  expect(asked).toEqual([
    { operation: 'GetPublicKey', input: { KeyId: 'alias/thingpass-dev-ca-acme' } },
  ])
})

test('the SHA-256 is signed, by the very key whose public half was read', async () => {
  const signer = await open()
  const signature = await signer!.sign(Buffer.from('abc'))
  expect(Buffer.from(signature).toString()).toBe('signature')
  expect(asked[1]).toEqual({
    operation: 'Sign',
    input: {
      KeyId: KEY_ARN,
      Message: Buffer.from(
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        'hex',
      ).toString('base64'),
      MessageType: 'DIGEST',
      SigningAlgorithm: 'ECDSA_SHA_256',
    },
  })
})

test('a tenant without a key has no signer', async () => {
  replies = { GetPublicKey: failure(400, 'NotFoundException') }
  expect(await open()).toBeUndefined()
})

test.each([
  ['another curve', { KeySpec: 'ECC_NIST_P384' }],
  ['another use', { KeyUsage: 'ENCRYPT_DECRYPT' }],
])('a key of %s is not used', async (_, change) => {
  replies = { GetPublicKey: ok({ ...KEY, ...change }) }
  expect(await faultOf(open())).toMatchObject({
    code: 'CONFIGURATION_INVALID',
    message: 'the CA key of acme does not sign with P-256',
  })
})

test.each([
  ['KMS_REFUSED', 'GetPublicKey', failure(400, 'AccessDeniedException')],
  ['KMS_UNAVAILABLE', 'GetPublicKey', failure(500, 'KMSInternalException')],
  ['KMS_THROTTLED', 'Sign', failure(400, 'ThrottlingException')],
  ['KMS_TIMEOUT', 'Sign', failure(408, 'RequestTimeout')],
  ['KMS_REFUSED', 'Sign', failure(400, 'ExpiredTokenException')],
  ['KMS_REFUSED', 'Sign', failure(400, 'DisabledException')],
  // That the key is gone now is no answer: it was there a moment ago.
  ['KMS_REFUSED', 'Sign', failure(400, 'NotFoundException')],
  ['KMS_UNREADABLE', 'Sign', { status: 200, body: 'no object' as never }],
])('%s of %s is a fault that names it, without KMS’s words', async (code, operation, reply) => {
  replies = { ...replies, [operation]: reply }
  const fault = await faultOf(open().then((signer) => signer?.sign(Buffer.from('x'))))
  expect(fault).toMatchObject({ code })
  expect(String(fault)).toContain(operation)
  expect(String(fault)).not.toContain('not to be seen')
})

test.each([
  ['GetPublicKey', ok({ ...KEY, PublicKey: undefined })],
  ['GetPublicKey', ok({ ...KEY, KeyId: undefined })],
  ['GetPublicKey', ok({ ...KEY, KeySpec: undefined })],
  ['GetPublicKey', ok({ ...KEY, KeyUsage: 5 })],
  ['Sign', ok({ KeyId: KEY_ARN })],
])('half an answer to %s is a fault', async (operation, reply) => {
  replies = { ...replies, [operation]: reply }
  const fault = await faultOf(open().then((signer) => signer?.sign(Buffer.from('x'))))
  expect(fault).toMatchObject({
    code: 'KMS_UNREADABLE',
    message: `${operation} answered without what was asked for`,
  })
})
