import { accountId, partition } from './account.ts'
import { deviceHostName } from './device-host-name.ts'
import { functionRole } from './function-role.ts'
import { nameOf } from './names.ts'
import { registry } from './registry.ts'
import { settingsOf } from './settings.ts'

const { assumableRoles, credentialsFunction, singleTenant } = settingsOf($app.stage)

/** A path means every role below it in this account; an ARN means itself, or every role below it when it ends in `/`. */
const roleArns = assumableRoles.map((role) => {
  const below = role.endsWith('/') ? `${role}*` : role
  return below.startsWith('/')
    ? $interpolate`arn:${partition}:iam::${accountId}:role${below}`
    : below
})

/** The role that the trust policies of users' roles name: its name stays when the function is replaced. */
export const credentialsRole = functionRole('credentials', [
  {
    Sid: 'ReadRegistry',
    Action: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
    Resource: registry.arn,
  },
  {
    // Counters of tenants' budgets, and no other attribute of any record: this function never changes whom it trusts.
    Sid: 'CountBudgets',
    Action: ['dynamodb:UpdateItem'],
    Resource: registry.arn,
    Condition: {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['TENANT#*'] },
      'ForAllValues:StringEquals': {
        'dynamodb:Attributes': ['pk', 'sk', 'arrivalMicros', 'kind'],
      },
    },
  },
  {
    Sid: 'AssumeDeviceRoles',
    Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
    Resource: roleArns,
  },
])

/** Answers devices. An answer leaves within 3 s; the rest of the time is for a cold start. */
export const credentials = new sst.aws.Function('Credentials', {
  name: nameOf('credentials'),
  handler: 'functions/credentials/credentials.main.handler',
  description: 'Exchanges a device certificate for AWS credentials',
  role: credentialsRole.arn,
  memory: credentialsFunction.memory,
  timeout: '6 seconds',
  versioning: true,
  concurrency: {
    ...(credentialsFunction.provisioned && { provisioned: credentialsFunction.provisioned }),
    ...(credentialsFunction.reserved && { reserved: credentialsFunction.reserved }),
  },
  environment: {
    THINGPASS_TABLE: registry.name,
    THINGPASS_ACCOUNT_ID: accountId,
    THINGPASS_PARTITION: partition,
    THINGPASS_HOST_NAMES: deviceHostName,
    ...(singleTenant && { THINGPASS_SINGLE_TENANT: singleTenant }),
  },
})
