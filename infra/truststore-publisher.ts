/*
 * In the account: a function, its role, its log group, and a schedule with a role.
 * May: the function reads CAs from the registry, writes the truststore's object, and updates the one device domain. The schedule invokes the function,
 * and no other service may.
 */

import { accountId, partition, region } from './account.ts'
import { deviceApi, deviceHostName } from './device-api.ts'
import { functionRole } from './function-role.ts'
import { METRIC_NAMESPACE } from './metrics.ts'
import { nameOf } from './names.ts'
import { listingIndexArn, registry } from './registry.ts'
import { settingsOf } from './settings.ts'
import { SEED_KEY, seedArn, TRUSTSTORE_KEY, truststoreArn, truststoreBucket } from './truststore.ts'

const { publisherFunction } = settingsOf($app.stage)

const domainArn = $interpolate`arn:${partition}:apigateway:${region}::/domainnames/${deviceHostName}`

const publisherRole = functionRole('truststore', [
  {
    Sid: 'ReadCas',
    Action: ['dynamodb:GetItem', 'dynamodb:Query'],
    Resource: [registry.arn, listingIndexArn],
  },
  {
    // API Gateway reads the truststore as whoever asks for the update, by version.
    Sid: 'ReadTruststore',
    Action: ['s3:GetObject', 's3:GetObjectVersion'],
    Resource: [truststoreArn, seedArn],
  },
  { Sid: 'WriteTruststore', Action: ['s3:PutObject'], Resource: truststoreArn },
  {
    // The third is asked for, beside the second, where an update concerns mutual TLS. Source: Service Authorization Reference, API Gateway.
    Sid: 'UpdateDomain',
    Action: ['apigateway:GET', 'apigateway:PATCH', 'apigateway:AddCertificateToDomain'],
    Resource: domainArn,
  },
])

/** Publishes the registered CAs. Its time is shorter than the pause between two updates, so that no two overlap. */
export const publisher = new sst.aws.Function('TruststorePublisher', {
  name: nameOf('truststore'),
  handler: 'functions/truststore/truststore.main.handler',
  description: 'Rebuilds the truststore of the device domain',
  role: publisherRole.arn,
  memory: publisherFunction.memory,
  timeout: '25 seconds',
  environment: {
    THINGPASS_TABLE: registry.name,
    THINGPASS_TRUSTSTORE_BUCKET: truststoreBucket.bucket,
    THINGPASS_TRUSTSTORE_KEY: TRUSTSTORE_KEY,
    THINGPASS_TRUSTSTORE_SEED_KEY: SEED_KEY,
    THINGPASS_DEVICE_DOMAIN: deviceHostName,
    THINGPASS_METRIC_NAMESPACE: METRIC_NAMESPACE,
  },
})

const schedulerRole = new aws.iam.Role('TruststoreScheduleRole', {
  name: nameOf('truststore-schedule'),
  assumeRolePolicy: $jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': accountId } }, // for no schedule of another account
      },
    ],
  }),
  inlinePolicies: [
    {
      name: 'least-privilege',
      policy: $jsonStringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'RunPublisher',
            Effect: 'Allow',
            Action: ['lambda:InvokeFunction'],
            Resource: publisher.arn,
          },
        ],
      }),
    },
  ],
})

new aws.scheduler.Schedule(
  'TruststoreSchedule',
  {
    name: nameOf('truststore'),
    scheduleExpression: 'rate(1 minute)',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: publisher.arn,
      roleArn: schedulerRole.arn,
      retryPolicy: { maximumRetryAttempts: 0 }, // the next minute is the retry
    },
  },
  { dependsOn: [deviceApi] }, // there must be a domain to update
)
