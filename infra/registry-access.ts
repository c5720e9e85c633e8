import type { Statement } from './function-role.ts'
import { registry } from './registry.ts'

/** To read what is known of one device, by its keys: neither lists nor indexes. */
export const READ_REGISTRY: Statement = {
  Sid: 'ReadRegistry',
  Action: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
  Resource: registry.arn,
}

/**
 * Counters of tenants' budgets, and no other attribute of any record: who has this never changes whom it trusts. A condition for all values of a key
 * also holds where the key is absent, so each has to be there.
 */
export const COUNT_BUDGETS: Statement = {
  Sid: 'CountBudgets',
  Action: ['dynamodb:UpdateItem'],
  Resource: registry.arn,
  Condition: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['TENANT#*'] },
    'ForAllValues:StringEquals': {
      'dynamodb:Attributes': ['pk', 'sk', 'arrivalMicros'],
    },
    Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
  },
}
