import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { createStsClient } from '@thingpass/aws/clients'
import { parseRegion } from '@thingpass/core/names'
import { beforeAll, expect, inject, test } from 'vitest'
import { given } from '../support/fleet.ts'
import { GATEWAY_ROLE_ARN } from './object-gateway.ts'
import { createBucket, createS3Client, statusOf } from './s3-session.ts'
import { until } from './until.ts'

const { url, briefUrl, users } = inject('ceph')
const OBJECT = { Bucket: 'brief', Key: 'pump-1/reading' }
const LASTS_SECONDS = 3
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::brief/*' },
  ],
})

beforeAll(() => createBucket({ url, owner: users.owner }, OBJECT.Bucket))

// No role alias is as short as this (900 s), so the gateway is asked itself.
test('a session opens what it may until its time is up, and nothing from then on', async () => {
  const sts = createStsClient({
    ...{ region: given(parseRegion('us-east-1')), endpoint: briefUrl, credentials: users.broker },
  })
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      ...{ RoleArn: GATEWAY_ROLE_ARN, RoleSessionName: 'brief', Policy: POLICY },
      DurationSeconds: LASTS_SECONDS,
    }),
  )
  sts.destroy()
  // Without `expiration`: the client would otherwise refuse on its own, and the gateway would not be asked.
  const client = createS3Client(url, {
    accessKeyId: given(Credentials?.AccessKeyId),
    secretAccessKey: given(Credentials?.SecretAccessKey),
    sessionToken: given(Credentials?.SessionToken),
  })
  const get = () => statusOf(client.send(new GetObjectCommand(OBJECT)))
  expect(await statusOf(client.send(new PutObjectCommand({ ...OBJECT, Body: 'x' })))).toBe(200)
  expect(await get()).toBe(200)
  const refused = await until({ what: 'the session to end', seconds: 15 }, async () => {
    const status = await get()
    return status === 200 ? undefined : { status, at: Date.now() }
  })
  expect(refused.status).toBe(403)
  expect(refused.at).toBeGreaterThanOrEqual(given(Credentials?.Expiration).getTime())
  expect(await get()).toBe(403)
  client.destroy()
})
