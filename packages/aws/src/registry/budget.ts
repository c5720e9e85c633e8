import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Clock, TakeFromBudget } from '@thingpass/core/ports'
import { beforeDeadline } from '../deadline.ts'
import { dynamoFault } from '../dynamo-faults.ts'
import { createLeastRecentlyUsed } from '../least-recently-used.ts'
import { type CounterSource, createBudgetCounter } from './budget-counter.ts'
import { type BudgetLedger, createBudgetLedger } from './budget-ledger.ts'
import { budgetTerms } from './budget-terms.ts'
import { sdkRegistryUpdate } from './sdk-registry-calls.ts'

/** Tenants whose leases one process keeps; a forgotten one loses what was left of its lease and no more. */
const LEDGERS = 1000

/** What budgets are kept with. */
export type BudgetDependencies = CounterSource & { readonly clock: Clock }

/** Makes the budgets of a registry that is called through AWS's SDK. */
export function createTakeFromBudget({
  client,
  ...others
}: Omit<BudgetDependencies, 'calls'> & { readonly client: DynamoDBClient }): TakeFromBudget {
  return createBudgets({ ...others, calls: sdkRegistryUpdate(client) })
}

/**
 * Makes the budgets of a registry: never more than burst + rate × window requests of a tenant are admitted in any window,
 * over all processes together. See `budgetTerms`.
 */
export function createBudgets(dependencies: BudgetDependencies): TakeFromBudget {
  const { clock } = dependencies
  const takeLease = createBudgetCounter(dependencies)
  const ledgers = createLeastRecentlyUsed<BudgetLedger>(LEDGERS)

  const ledgerOf = ({ tenantId, rateLimit }: Parameters<TakeFromBudget>[0]): BudgetLedger => {
    const key = JSON.stringify([tenantId, rateLimit.perSecond, rateLimit.burst])
    const known = ledgers.get(key)
    if (known !== undefined) return known
    const ledger = createBudgetLedger({ tenantId, terms: budgetTerms(rateLimit), takeLease, clock })
    ledgers.set(key, ledger)
    return ledger
  }
  return async (tenant, deadline) => {
    const ledger = ledgerOf(tenant)
    try {
      return await beforeDeadline({ deadline, clock }, ledger.take)
    } catch (thrown) {
      throw dynamoFault(thrown, `the budget of tenant ${tenant.tenantId}`)
    }
  }
}
