import { accountId, partition } from './account.ts'
import type { Statement } from './function-role.ts'
import { COUNT_BUDGETS, READ_REGISTRY } from './registry-access.ts'
import { settingsOf } from './settings.ts'

const { assumableRoles } = settingsOf($app.stage)

/** A path means every role below it in this account; an ARN means itself, or every role below it when it ends in `/`. */
const roleArns = assumableRoles.map((role) => {
  const below = role.endsWith('/') ? `${role}*` : role
  return below.startsWith('/')
    ? $interpolate`arn:${partition}:iam::${accountId}:role${below}`
    : below
})

/** What a function may do that gives devices credentials; each such function has it in a role of its own. */
export const BROKER_STATEMENTS: readonly Statement[] = [
  READ_REGISTRY,
  COUNT_BUDGETS,
  {
    Sid: 'AssumeDeviceRoles',
    Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
    Resource: roleArns,
  },
]
