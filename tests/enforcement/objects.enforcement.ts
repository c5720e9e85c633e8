import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { createStsClient, type StaticCredentials } from '@thingpass/aws/clients'
import { parseRegion, parseThingName } from '@thingpass/core/names'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { done, given } from '../support/fleet.ts'
import { attachmentOf, type EnforcedStack, startEnforcedStack } from './enforced-stack.ts'
import { BUCKET } from './fleet.ts'
import { GATEWAY_ROLE_ARN } from './object-gateway.ts'
import { createBucket, createS3Client, statusOf } from './s3-session.ts'

const { url, users } = inject('ceph')
const clients: S3Client[] = []
let stack: EnforcedStack

/** What whoever holds these credentials is answered. */
function holding(credentials: StaticCredentials) {
  const client = createS3Client(url, credentials)
  clients.push(client)
  const at = (key: string) => ({ Bucket: BUCKET, Key: key })
  return {
    put: (key: string, body = 'measured') =>
      statusOf(client.send(new PutObjectCommand({ ...at(key), Body: body }))),
    get: (key: string) => statusOf(client.send(new GetObjectCommand(at(key)))),
    delete: (key: string) => statusOf(client.send(new DeleteObjectCommand(at(key)))),
    list: (prefix?: string) =>
      statusOf(client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }))),
    textOf: async (key: string) => {
      const { Body } = await client.send(new GetObjectCommand(at(key)))
      return Body?.transformToString()
    },
  }
}
const deviceOf = async (thing: string) => holding(await stack.fetchCredentials(thing))
const refusalOf = async (thing: string, alias: string) => {
  const { status, body } = await stack.ask(thing, alias)
  const record = await stack.lastAudited()
  return [status, JSON.parse(body).message, record?.reason ?? record?.fault]
}

beforeAll(async () => {
  await createBucket({ url, owner: users.owner }, BUCKET)
  stack = await startEnforcedStack({ endpoint: url, credentials: users.broker })
  // An object that is not there is 404 to everybody, so that each of these must be there before it is refused.
  const owner = holding(users.owner)
  for (const folder of ['north/pump-1', 'north/pump-2', 'south/pump-3', 'north', 'south/pump-1']) {
    expect(await owner.put(`${folder}/of-the-owner`)).toBe(200)
  }
})
afterAll(async () => {
  for (const client of clients) client.destroy()
  await stack.close()
})

describe('a device with the credentials that it fetched', () => {
  test('puts into its own folder and gets what it has put', async () => {
    const device = await deviceOf('pump-1')
    expect(await device.put('north/pump-1/reading', 'forty-two')).toBe(200)
    expect(await device.textOf('north/pump-1/reading')).toBe('forty-two')
    expect(await device.get('north/pump-1/of-the-owner')).toBe(200)
    expect(await device.list('north/pump-1/')).toBe(200)
  })

  test.each([
    ['another thing of its site', 'north/pump-2/of-the-owner'],
    ['a thing of another site', 'south/pump-3/of-the-owner'],
    ['its own name at another site', 'south/pump-1/of-the-owner'],
    ['its site as a whole', 'north/of-the-owner'],
  ])('neither gets nor overwrites an object of %s', async (_, key) => {
    const device = await deviceOf('pump-1')
    expect(await device.get(key)).toBe(403)
    expect(await device.put(key)).toBe(403)
  })

  test('puts nothing beside its folder under a name that begins like it', async () => {
    const device = await deviceOf('pump-1')
    expect(await device.put('north/pump-10/reading')).toBe(403)
    expect(await device.put('north/pump-1')).toBe(403)
  })

  test('deletes nothing, not even its own: no policy of the alias says so', async () => {
    const device = await deviceOf('pump-1')
    expect(await device.delete('north/pump-1/of-the-owner')).toBe(403)
    expect(await device.get('north/pump-1/of-the-owner')).toBe(200)
  })

  test.each([undefined, '', 'north/', 'north/pump-', 'north/pump-2/', 'south/'])(
    'does not list under the prefix %j',
    async (prefix) => {
      expect(await (await deviceOf('pump-1')).list(prefix)).toBe(403)
    },
  )
})

test('two devices with one alias read what is their own, and not what is the other’s', async () => {
  const [first, second] = [await deviceOf('pump-1'), await deviceOf('pump-2')]
  expect(await first.put('north/pump-1/shared-name')).toBe(200)
  expect(await second.put('north/pump-2/shared-name')).toBe(200)
  expect(await first.get('north/pump-2/shared-name')).toBe(403)
  expect(await second.get('north/pump-1/shared-name')).toBe(403)
  expect(await second.list('north/pump-1/')).toBe(403)
})

test('credentials follow the thing to another site with the next request', async () => {
  const before = await deviceOf('pump-3')
  expect(await before.put('south/pump-3/reading')).toBe(200)
  const { tenantId } = attachmentOf('own-objects', 'objects')
  const thingName = given(parseThingName('pump-3'))
  const attributes = new Map([['site', 'east']])
  await done(stack.registry.updateThing({ tenantId, thingName, attributes }))
  const after = await deviceOf('pump-3')
  expect(await after.put('east/pump-3/reading')).toBe(200)
  expect(await after.get('south/pump-3/reading')).toBe(403)
})

describe('credentials that are not whole', () => {
  const own = 'north/pump-1/of-the-owner'

  test('open nothing without their session token', async () => {
    const { accessKeyId, secretAccessKey } = await stack.fetchCredentials('pump-1')
    expect(await holding({ accessKeyId, secretAccessKey }).get(own)).toBe(403)
  })

  test('open nothing with the session token of another device', async () => {
    const { sessionToken } = await stack.fetchCredentials('pump-2')
    const mixed = { ...(await stack.fetchCredentials('pump-1')), sessionToken }
    expect(await holding(mixed).get(own)).toBe(403)
    expect(await holding(mixed).get('north/pump-2/of-the-owner')).toBe(403)
  })

  test('open nothing with another secret', async () => {
    const forged = { ...(await stack.fetchCredentials('pump-1')), secretAccessKey: 'x'.repeat(40) }
    expect(await holding(forged).get(own)).toBe(403)
  })
})

describe('no credentials at all are issued', () => {
  test.each([
    ['whose thing lacks the attribute', 'pump-homeless', 'session-policy-grants-nothing'],
    ['whose attribute would lead into another folder', 'pump-nested', 'session-value-unsafe'],
  ])('to a device %s', async (_, thing, reason) => {
    expect(await refusalOf(thing, 'objects')).toEqual([403, 'Access Denied', reason])
  })

  test('for an alias whose last session policy was detached', async () => {
    expect((await stack.ask('pump-1', 'put-back')).status).toBe(200)
    await done(stack.registry.detachPolicy(attachmentOf('own-objects', 'put-back')))
    expect(await refusalOf('pump-1', 'put-back')).toEqual([
      403,
      'Access Denied',
      'session-policy-missing',
    ])
  })

  test('for an alias that never had a session policy: this lane would not show what it means', async () => {
    expect(await refusalOf('pump-1', 'never-scoped')).toEqual([
      500,
      'Internal Failure',
      'UNEXPECTED',
    ])
  })
})

test('what keeps a device in its folder is the session policy: the role itself reaches everything', async () => {
  const client = createStsClient({
    ...{ region: given(parseRegion('us-east-1')), endpoint: url, credentials: users.broker },
  })
  const { Credentials } = await client.send(
    new AssumeRoleCommand({ RoleArn: GATEWAY_ROLE_ARN, RoleSessionName: 'without-a-policy' }),
  )
  client.destroy()
  const whole = holding({
    accessKeyId: given(Credentials?.AccessKeyId),
    secretAccessKey: given(Credentials?.SecretAccessKey),
    sessionToken: given(Credentials?.SessionToken),
  })
  expect(await whole.get('north/pump-2/of-the-owner')).toBe(200)
  expect(await whole.list()).toBe(200)
  expect(await whole.put('north/spare')).toBe(200)
  expect(await whole.delete('north/spare')).toBe(204)
})
