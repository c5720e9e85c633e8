import type { Statement } from './function-role.ts'
import { registry } from './registry.ts'

/** To read what is known of one device, by its keys: neither lists nor indexes. */
export const READ_REGISTRY: Statement = {
  Sid: 'ReadRegistry',
  Action: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
  Resource: registry.arn,
}

/** Counters of tenants' budgets, and no other attribute of any record: who has this never changes whom it trusts. */
export const COUNT_BUDGETS: Statement = {
  Sid: 'CountBudgets',
  Action: ['dynamodb:UpdateItem'],
  Resource: registry.arn,
  Condition: {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['TENANT#*'] },
    'ForAllValues:StringEquals': {
      'dynamodb:Attributes': ['pk', 'sk', 'arrivalMicros', 'kind'],
    },
  },
}
