import { type BudgetStock, createBudgetStock, type StockOptions } from './budget-stock.ts'

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
  let leasing: Promise<unknown> | undefined

  const lead = async (signal: AbortSignal): Promise<boolean> => {
    const taken = stock.lease(waiting + 1, signal)
    leasing = taken
    try {
      return await taken
    } finally {
      leasing = undefined
    }
  }
  const wait = async (lease: Promise<unknown>): Promise<void> => {
    waiting++
    try {
      await lease
    } finally {
      waiting--
    }
  }
  return {
    take: async (signal) =>
      (await fromStock(stock, () => leasing && wait(leasing))) ?? lead(signal),
  }
}

/** Takes from the stock while leases are under way; `undefined` when it is empty and none is. */
async function fromStock(
  stock: BudgetStock,
  nextLease: () => Promise<void> | undefined,
): Promise<boolean | undefined> {
  const taken = stock.take()
  if (taken !== undefined) return taken
  const lease = nextLease()
  if (lease === undefined) return undefined
  await lease
  return fromStock(stock, nextLease)
}
