/*
 * In the account: a function, its role, its log group.
 * May: the function reads and writes the registry, looks roles up, asks IAM whether a caller may pass one, and signs with tenants' keys. It changes no role.
 * Of AWS's services, only the control API may invoke it.
 */

import { accountId, partition } from './account.ts'
import { caKeyAliasPrefix, caKeys } from './ca-keys.ts'
import { concurrencyOf } from './device-function.ts'
import { deviceHostName } from './device-host-name.ts'
import { functionRole, type Statement } from './function-role.ts'
import { nameOf } from './names.ts'
import { branchIndexArn, listingIndexArn, registry } from './registry.ts'
import { settingsOf } from './settings.ts'

const { controlFunction } = settingsOf($app.stage)

/** Only for digests of SHA-256, and only with the keys of tenants' CAs. */
const signing: readonly Statement[] =
  caKeys.length === 0
    ? []
    : [
        {
          Sid: 'SignCertificates',
          Action: ['kms:Sign'],
          Resource: caKeys.map((key) => key.arn),
          Condition: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
        },
        {
          Sid: 'ReadCaKeys',
          Action: ['kms:GetPublicKey'],
          Resource: caKeys.map((key) => key.arn),
        },
      ]

/** It changes the registry and nothing else of the account: roles it only looks at. */
const controlRole = functionRole('control', [
  {
    Sid: 'ReadRegistry',
    Action: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
    Resource: [registry.arn, listingIndexArn, branchIndexArn],
  },
  {
    Sid: 'WriteRegistry',
    Action: [
      'dynamodb:BatchWriteItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:DeleteItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ],
    Resource: registry.arn,
  },
  {
    Sid: 'ResolveRoles',
    Action: ['iam:GetRole'],
    Resource: $interpolate`arn:${partition}:iam::${accountId}:role/*`,
  },
  {
    Sid: 'AskWhetherCallersMayPassRoles',
    Action: ['iam:SimulatePrincipalPolicy'],
    Resource: [
      $interpolate`arn:${partition}:iam::${accountId}:role/*`,
      $interpolate`arn:${partition}:iam::${accountId}:user/*`,
    ],
  },
  ...signing,
])

/** Answers operators, whom IAM has authorized. A REST API waits 29 s. */
export const control = new sst.aws.Function('Control', {
  name: nameOf('control'),
  handler: 'functions/control/control.main.handler',
  description: 'Control plane: the AWS IoT registry API',
  role: controlRole.arn,
  memory: controlFunction.memory,
  timeout: '28 seconds',
  versioning: true,
  concurrency: concurrencyOf(controlFunction),
  environment: {
    THINGPASS_TABLE: registry.name,
    THINGPASS_ACCOUNT_ID: accountId,
    THINGPASS_PARTITION: partition,
    THINGPASS_CREDENTIALS_ENDPOINT: deviceHostName,
    THINGPASS_CA_KEY_ALIAS_PREFIX: caKeyAliasPrefix,
  },
})
