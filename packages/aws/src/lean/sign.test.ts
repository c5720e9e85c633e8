import { BatchGetItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { parseRegion } from '@thingpass/core/names'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StubRequest, type StubService, startStubService } from '../../testing/stub-service.ts'
import { createDynamoClient, createStsClient } from '../clients.ts'
import type { LeanService } from './endpoint.ts'
import { createSigner } from './sign.ts'

let stub: StubService
beforeAll(async () => {
  stub = await startStubService()
})
afterAll(() => stub.stop())

const region = parseRegion('eu-central-1')!
const KEYS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'wJalr/XUtn+FEMI=' }
const SESSION = { ...KEYS, sessionToken: 'IQoJb3JpZ2luX2Vj/+token==' }
type Keys = typeof KEYS | typeof SESSION

const dynamodb = (credentials: Keys) =>
  createDynamoClient({ region, endpoint: stub.endpoint, credentials })
const sts = (credentials: Keys) => createStsClient({ region, endpoint: stub.endpoint, credentials })

/** Requests that the SDK signs. */
const REQUESTS: readonly (readonly [string, LeanService, Keys, () => Promise<unknown>])[] = [
  ['a Query', 'dynamodb', KEYS, () => dynamodb(KEYS).send(new QueryCommand({ TableName: 't' }))],
  [
    'a BatchGetItem with a session token',
    'dynamodb',
    SESSION,
    () => dynamodb(SESSION).send(new BatchGetItemCommand({ RequestItems: { t: { Keys: [] } } })),
  ],
  [
    'an UpdateItem beyond ASCII',
    'dynamodb',
    KEYS,
    () =>
      dynamodb(KEYS).send(
        new UpdateItemCommand({ TableName: 't', Key: { pk: { S: 'ä😀 \u0000"\\' } } }),
      ),
  ],
  [
    'an AssumeRole with a policy',
    'sts',
    SESSION,
    () =>
      sts(SESSION).send(
        new AssumeRoleCommand({
          RoleArn: 'arn:aws:iam::123456789012:role/x',
          RoleSessionName: 'x',
          Policy: '{"a":"*/+ ä&="}',
          Tags: [{ Key: 'a b', Value: '' }],
        }),
      ),
  ],
]

test.each(REQUESTS)("signs %s as the SDK's signer does", async (_, service, credentials, send) => {
  stub.answerWith((response) => response.writeHead(400).end('{}'))
  await send().catch(() => undefined)
  const request = stub.requests[0]!
  const { authorization = '' } = request.headers
  const date = String(request.headers['x-amz-date'])
  const now = new Date(
    date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'),
  )
  const sign = createSigner({ service, region, credentials, host: String(request.headers.host) })
  const signed = sign({ headers: signedHeaders(request), body: request.body }, now)
  expect(signed.headers.Authorization).toBe(authorization)
})

/** What the SDK signed, but for what every signer adds by itself. */
function signedHeaders({ headers }: StubRequest): Record<string, string> {
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? []
  const added = ['host', 'content-length', 'x-amz-date', 'x-amz-security-token']
  const own = names.split(';').filter((name) => !added.includes(name))
  return Object.fromEntries(own.map((name) => [name, String(headers[name])]))
}

test('the key of a day is not used on the next', () => {
  const sign = createSigner({ service: 'sts', region, credentials: KEYS, host: 'x' })
  const signedAt = (sign_: typeof sign, time: string) =>
    sign_({ headers: {}, body: '' }, new Date(time)).headers.Authorization
  const fresh = () => createSigner({ service: 'sts', region, credentials: KEYS, host: 'x' })
  for (const time of ['2030-01-01T23:59:59Z', '2030-01-02T00:00:00Z', '2030-01-01T23:59:59Z']) {
    expect(signedAt(sign, time)).toBe(signedAt(fresh(), time))
  }
})

test('takes no credentials but those that were given', () => {
  const scope = { service: 'sts', region, credentials: KEYS, host: 'x' } as const
  const { headers } = createSigner(scope)({ headers: {}, body: '' }, new Date(0))
  expect(headers).toEqual({
    Host: 'x',
    'Content-Length': '0',
    'X-Amz-Date': '19700101T000000Z',
    Authorization: expect.stringContaining('Credential=AKIAEXAMPLE/19700101/eu-central-1/sts/'),
  })
})
