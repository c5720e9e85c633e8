import { beforeAll, expect, test } from 'vitest'
import { actionsCarriedBy } from './calls-of.ts'
import { HANDLERS } from './handlers.ts'
import { withLoadBalancer } from './load-balancer-setting.ts'
import { SIGNING } from './mutations-ca-keys.ts'
import type { ProgramState } from './program-state.ts'
import { runVariants } from './run-variants.ts'
import { only, statementsOf } from './statements.ts'

let state: ProgramState
beforeAll(async () => {
  const id = 'all that can be'
  const edits = [withLoadBalancer(), SIGNING]
  state = (await runVariants([{ id, stage: 'dev', edits }])).stateOf(id)
}, 120_000)

/** What functions carry in one module with what they use, and never call; their roles must not allow it. */
const NEVER_CALLED: Readonly<Record<string, readonly string[]>> = {
  Authorizer: ['dynamodb:UpdateItem'], // budgets are the credentials functions'
  Whoami: ['dynamodb:UpdateItem'],
  TruststorePublisher: [
    'dynamodb:BatchWriteItem',
    'dynamodb:ConditionCheckItem',
    'dynamodb:DeleteItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
  ],
}

const ROLES: Readonly<Record<string, string>> = { TruststorePublisher: 'TruststoreRole' }

test.each(Object.entries(HANDLERS))(
  '%s: its role allows each call that its code makes, and no other',
  async (name, handler) => {
    const carried = await actionsCarriedBy(handler)
    const role = only(state, 'aws:iam/role:Role', ROLES[name] ?? `${name}Role`)
    const allowed = statementsOf(role).flatMap(({ Action }) => Action)
    const made = carried.filter((action) => !NEVER_CALLED[name]?.includes(action))
    const own = allowed.filter((action) => !action.startsWith('logs:'))
    expect([...new Set(own)].toSorted()).toEqual(made)
  },
)
