import { beforeDeadline } from '../deadline.ts'
import { createBudgetStock, type StockOptions } from './budget-stock.ts'

/** What one process holds of one tenant's budget. */
export type BudgetLedger = {
  /**
   * Takes one request: from what is left of a lease, else from a new one. One lease is under way at a time: whoever comes
   * meanwhile waits for it, and if it fails tries once more as long as its own signal has not aborted.
   */
  readonly take: (signal: AbortSignal) => Promise<boolean>
}

/** What a ledger is kept with. */
export type LedgerOptions = StockOptions & {
  /** Milliseconds that a lease may take; `LEASE_MILLISECONDS` when absent. */
  readonly leaseMilliseconds?: number
}

/**
 * Longest time for a lease, in milliseconds. Not the time that is left to whoever asked for it: others wait for it too, and
 * must not fail because the first of them was about to give up.
 */
const LEASE_MILLISECONDS = 2000

/** Makes an empty ledger. */
export function createBudgetLedger(options: LedgerOptions): BudgetLedger {
  const { clock, leaseMilliseconds = LEASE_MILLISECONDS } = options
  const stock = createBudgetStock(options)
  let waiting = 0
  let leasing: Promise<boolean> | undefined

  const lead = async (): Promise<boolean> => {
    const demand = waiting + 1
    const deadline = new Date(clock().getTime() + leaseMilliseconds)
    leasing = beforeDeadline({ deadline, clock }, (signal) => stock.lease(demand, signal))
    try {
      return await leasing
    } finally {
      leasing = undefined
    }
  }
  const attempt = async (signal: AbortSignal, mayRetry: boolean): Promise<boolean> => {
    signal.throwIfAborted()
    const taken = stock.take()
    if (taken !== undefined) return taken
    if (leasing === undefined) return lead()
    waiting++ // until each goes on by itself: the first of them leases for those who still wait
    const failure = await failureOf(leasing)
    waiting--
    if (failure !== undefined && !mayRetry) throw failure.thrown
    return attempt(signal, mayRetry && failure === undefined)
  }
  return { take: (signal) => attempt(signal, true) }
}

async function failureOf(
  work: Promise<unknown>,
): Promise<{ readonly thrown: unknown } | undefined> {
  try {
    await work
    return undefined
  } catch (thrown) {
    return { thrown }
  }
}
