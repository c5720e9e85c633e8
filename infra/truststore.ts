/*
 * In the account: one versioned bucket with two objects.
 * May: the publisher reads both and writes one; API Gateway reads that one, as whoever updates the domain. The bucket cannot be made public.
 */

import { nameOf } from './names.ts'
import { settingsOf } from './settings.ts'
import { makeKeylessCa } from './truststore-seed.ts'

const { isProduction } = settingsOf($app.stage)

/** Where the CA certificates lie that API Gateway lets devices in by. Not public, not without TLS, every version kept. */
export const truststoreBucket = new aws.s3.Bucket('Truststore', {
  bucketPrefix: nameOf('truststore-').toLowerCase().slice(0, 37),
  forceDestroy: !isProduction,
})

const versioning = new aws.s3.BucketVersioning('TruststoreVersioning', {
  bucket: truststoreBucket.bucket,
  versioningConfiguration: { status: 'Enabled' },
})

const privacy = new aws.s3.BucketPublicAccessBlock('TruststorePrivacy', {
  bucket: truststoreBucket.bucket,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
})

new aws.s3.BucketPolicy(
  'TruststorePolicy',
  {
    bucket: truststoreBucket.bucket,
    policy: $jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'OnlyOverTls',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [truststoreBucket.arn, $interpolate`${truststoreBucket.arn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    }),
  },
  { dependsOn: [privacy] },
)

new aws.s3.BucketLifecycleConfiguration(
  'TruststoreLifecycle',
  {
    bucket: truststoreBucket.bucket,
    rules: [
      {
        id: 'forget-old-truststores',
        status: 'Enabled',
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays: 400, newerNoncurrentVersions: 50 },
      },
    ],
  },
  { dependsOn: [versioning] },
)

/** What the publisher writes. */
export const TRUSTSTORE_KEY = 'truststore.pem'
/** What the publisher publishes while no CA is registered. */
export const SEED_KEY = 'seed.pem'

const content = makeKeylessCa(new Date())
/** The deployment writes an object once. Whatever stands in it later is the publisher's: a deployment that wrote again would undo it. */
const onceOnly = { dependsOn: [versioning], ignoreChanges: ['content', 'contentType', 'tags'] }

const seed = new aws.s3.BucketObjectv2(
  'TruststoreSeed',
  {
    bucket: truststoreBucket.bucket,
    key: SEED_KEY,
    content,
    contentType: 'application/x-pem-file',
  },
  onceOnly,
)

const truststore = new aws.s3.BucketObjectv2(
  'TruststorePem',
  {
    bucket: truststoreBucket.bucket,
    key: TRUSTSTORE_KEY,
    content,
    contentType: 'application/x-pem-file',
  },
  { ...onceOnly, dependsOn: [versioning, seed] },
)

/** The truststore as API Gateway names it. */
export const truststoreUri = $interpolate`s3://${truststoreBucket.bucket}/${TRUSTSTORE_KEY}`
/** The version that a domain is made with. */
export const seedVersion = truststore.versionId
/** The two objects, for policies. */
export const truststoreArn = $interpolate`${truststoreBucket.arn}/${TRUSTSTORE_KEY}`
export const seedArn = $interpolate`${truststoreBucket.arn}/${SEED_KEY}`
