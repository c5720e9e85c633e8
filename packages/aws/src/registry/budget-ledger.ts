import { createBudgetStock, type StockOptions } from './budget-stock.ts'

/** What one process holds of one tenant's budget. */
export type BudgetLedger = {
  /**
   * Takes one request: from what is left of a lease, else from a new one. One lease is under way at a time: whoever comes
   * meanwhile waits for it, and shares its failure.
   */
  readonly take: (signal: AbortSignal) => Promise<boolean>
}

/** Makes an empty ledger. */
export function createBudgetLedger(options: StockOptions): BudgetLedger {
  const stock = createBudgetStock(options)
  let waiting = 0
  let leasing: Promise<boolean> | undefined

  const lead = async (signal: AbortSignal): Promise<boolean> => {
    leasing = stock.lease(waiting + 1, signal)
    try {
      return await leasing
    } finally {
      leasing = undefined
    }
  }
  const take: BudgetLedger['take'] = async (signal) => {
    const taken = stock.take()
    if (taken !== undefined) return taken
    if (leasing === undefined) return lead(signal)
    waiting++ // until each goes on by itself: the first of them leases for those who still wait
    try {
      await leasing
    } finally {
      waiting--
    }
    return take(signal)
  }
  return { take }
}
