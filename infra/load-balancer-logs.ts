/*
 * In the account, only with the setting `loadBalancer`: a bucket.
 * May: load balancers of this account write to it. It cannot be made public.
 */

import { accountId } from './account.ts'
import { nameOf } from './names.ts'
import { settingsOf } from './settings.ts'

const { isProduction } = settingsOf($app.stage)

/** Below which each kind of log lies in the bucket. */
export const LOG_PREFIXES = ['requests', 'connections'] as const

/**
 * The bucket of the load balancer's logs: which requests came, and of which certificate each connection was. Kept for a month. Load balancers write to
 * no other encryption than S3's own.
 * Source: Application Load Balancer guide, "Enable access logs", "Enable connection logs".
 */
export function declareLoadBalancerLogs(): aws.s3.BucketPolicy {
  const bucket = new aws.s3.Bucket('LoadBalancerLogs', {
    bucketPrefix: nameOf('lb-logs-').toLowerCase().slice(0, 37),
    forceDestroy: !isProduction,
  })
  const privacy = new aws.s3.BucketPublicAccessBlock('LoadBalancerLogsPrivacy', {
    bucket: bucket.bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  })
  new aws.s3.BucketLifecycleConfiguration('LoadBalancerLogsLifecycle', {
    bucket: bucket.bucket,
    rules: [{ id: 'forget-old-logs', status: 'Enabled', filter: {}, expiration: { days: 30 } }],
  })
  const policy = logsPolicy(bucket.arn)
  return new aws.s3.BucketPolicy(
    'LoadBalancerLogsPolicy',
    { bucket: bucket.bucket, policy },
    { dependsOn: [privacy] },
  )
}

/** Load balancers of this account write below the account's own folder, and everybody comes over TLS. */
const logsPolicy = (bucketArn: $util.Output<string>) =>
  $jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'LoadBalancersWriteLogs',
        Effect: 'Allow',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Action: 's3:PutObject',
        Resource: LOG_PREFIXES.map(
          (prefix) => $interpolate`${bucketArn}/${prefix}/AWSLogs/${accountId}/*`,
        ),
      },
      {
        Sid: 'OnlyOverTls',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucketArn, $interpolate`${bucketArn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  })
