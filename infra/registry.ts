/*
 * In the account: one DynamoDB table with two indexes.
 * May: the functions that meet devices read items by their keys (credentials, authorizer, whoami) and two of them count budgets; the control function
 * reads and writes all of it; the publisher reads CAs and lists. Nobody else by us: IAM of the account decides on people.
 */

import { settingsOf } from './settings.ts'

const { isProduction } = settingsOf($app.stage)

/**
 * The registry's one table: everything that Thingpass knows. Paid by request, encrypted at rest, restorable to any second of the last
 * 35 days. Keys, index and expiry are those of `packages/aws/src/registry/table.ts`.
 */
export const registry = new sst.aws.Dynamo('Registry', {
  fields: { pk: 'string', sk: 'string', listing: 'string', branch: 'string', place: 'string' },
  primaryIndex: { hashKey: 'pk', rangeKey: 'sk' },
  globalIndexes: {
    listing: { hashKey: 'listing', rangeKey: 'pk' },
    branches: { hashKey: 'branch', rangeKey: 'place' },
  },
  ttl: 'expiresAt',
  deletionProtection: isProduction,
  transform: {
    table: {
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true }, // a KMS key of AWS's own for DynamoDB, and its use shows in CloudTrail
    },
  },
})

/** The table's indexes, which only lists read. */
export const listingIndexArn = $interpolate`${registry.arn}/index/listing`
export const branchIndexArn = $interpolate`${registry.arn}/index/branches`
