import type { StaticCredentials } from '@thingpass/aws/clients'
import type { LeanService } from '@thingpass/aws/lean/endpoint'
import { createSigner } from '@thingpass/aws/lean/sign'
import { parseRegion } from '@thingpass/core/names'
import { collectHeaders } from '@thingpass/local/sigv4/raw-request'
import { createVerifier } from '@thingpass/local/sigv4/verify'
import { expect, test } from 'vitest'

const NOON = new Date('2030-01-01T12:00:00Z')
const region = parseRegion('eu-central-1')!
const KEYS = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'wJalr/XUtn+FEMI=' }
const SESSION = { ...KEYS, sessionToken: 'IQoJb3JpZ2luX2Vj/+token==' }

const verifier = (service: string, token: string | undefined) =>
  createVerifier({
    services: [service],
    regions: [region],
    pathRule: 'root-only',
    clock: () => NOON,
    findKey: (accessKeyId, sessionToken) =>
      accessKeyId === KEYS.accessKeyId && sessionToken === token
        ? { found: true, secretAccessKey: KEYS.secretAccessKey, caller: 'broker' }
        : { found: false, reason: 'key-unknown' },
  })

type Row = readonly [string, LeanService, StaticCredentials, Record<string, string>, string]

const REQUESTS: readonly Row[] = [
  ['an empty body', 'dynamodb', KEYS, {}, ''],
  ['a Query', 'dynamodb', SESSION, { 'x-amz-target': 'DynamoDB_20120810.Query' }, '{"a":"ä😀"}'],
  ['a form', 'sts', SESSION, { 'content-type': 'application/x-www-form-urlencoded' }, 'a=%20b&c=*'],
  [
    'a form without a token',
    'sts',
    KEYS,
    { 'content-type': 'application/x-www-form-urlencoded' },
    'a=b',
  ],
  ['a header with blanks', 'sts', KEYS, { 'x-amz-meta': ' a   b ' }, 'a=b'],
]

function sign([, service, credentials, headers, body]: Row) {
  const signer = createSigner({ service, region, credentials, host: 'localhost:8000' })
  return signer({ headers, body }, NOON)
}

const received = ({ headers, body }: ReturnType<typeof sign>) => ({
  method: 'POST',
  path: '/',
  query: '',
  headers: collectHeaders(Object.entries(headers).flat()),
  body: Buffer.from(body),
})

test.each(REQUESTS)('the verifier accepts %s', (...row) => {
  const [, service, credentials] = row
  expect(verifier(service, credentials.sessionToken)(received(sign(row)))).toMatchObject({
    verified: true,
    caller: 'broker',
    region,
    service,
  })
})

test.each(REQUESTS)('the verifier refuses %s with one more octet', (...row) => {
  const [, service, credentials] = row
  const signed = sign(row)
  const changed = { ...signed, body: `${signed.body} ` }
  expect(verifier(service, credentials.sessionToken)(received(changed))).toEqual({
    verified: false,
    reason: 'signature-mismatch',
  })
})
