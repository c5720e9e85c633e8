/*
 * In the account: a KMS key and its alias for each of the setting `signingTenants`; none by default.
 * May: the control function signs with them. Administrators of the account can neither sign nor let others, except by changing the key's policy, which
 * CloudTrail shows.
 */

import { accountId, partition } from './account.ts'
import { functionRoleArn } from './function-role.ts'
import { nameOf } from './names.ts'
import { settingsOf } from './settings.ts'

const { isProduction, signingTenants } = settingsOf($app.stage)

/** Aliases of the keys begin with this; the tenant follows. */
export const caKeyAliasPrefix = `alias/${nameOf('ca-')}`

/** What administrators of the account may do, if IAM lets them: everything but to sign, or to let somebody sign past this policy. */
const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
]

/**
 * The account's root stands for "whom IAM allows", and it must be named: a key whose policy names nobody who is left can never be administered or
 * deleted again. But it is named for administration alone. Only the control function's role may sign, and only where its own policy
 * allows it, too; no IAM policy of any other principal can. The role is named by a condition, because a principal would have to exist first.
 * Source: KMS Developer Guide, "Default key policy", "Key policies" (allows access to the account and enables IAM policies).
 */
const root = { AWS: $interpolate`arn:${partition}:iam::${accountId}:root` }
const keyPolicy = $jsonStringify({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Administer',
      Effect: 'Allow',
      Principal: root,
      Action: ADMINISTRATION,
      Resource: '*', // of a key policy: this key
    },
    {
      Sid: 'ControlFunctionSigns',
      Effect: 'Allow',
      Principal: root,
      Action: ['kms:GetPublicKey', 'kms:Sign'],
      Resource: '*',
      Condition: { ArnEquals: { 'aws:PrincipalArn': functionRoleArn('control') } },
    },
  ],
})

/** A key per tenant that this deployment signs certificates for. No key ever leaves KMS, and none signs for two tenants. */
export const caKeys = signingTenants.map((tenantId) => {
  const key = new aws.kms.Key(
    `CaKey-${tenantId}`,
    {
      description: `Signs the device certificates of tenant ${tenantId}`,
      customerMasterKeySpec: 'ECC_NIST_P256',
      keyUsage: 'SIGN_VERIFY',
      policy: keyPolicy,
      deletionWindowInDays: 30,
    },
    { retainOnDelete: isProduction },
  )
  new aws.kms.Alias(`CaKeyAlias-${tenantId}`, {
    name: `${caKeyAliasPrefix}${tenantId}`,
    targetKeyId: key.keyId,
  })
  return key
})
