import type { WriteRequest } from '@aws-sdk/client-dynamodb'
import type { Item } from '../attributes.ts'

/** Time as pacing needs it: only differences count. */
export type Timer = {
  readonly milliseconds: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** Spreads writes over time. */
export type WritePace = {
  /** Returns when so many write units may be spent. */
  readonly spend: (units: number) => Promise<void>
  /** Counts units that were spent beyond those asked for. */
  readonly owe: (units: number) => void
  /** All units until now. */
  readonly spent: () => number
}

/**
 * Write units that one upload takes in a second. A new on-demand table has 4000 for everybody: the counters of tenants' budgets are in the same table, and
 * an upload must leave room for them. Source: DynamoDB developer guide, on-demand capacity.
 */
const UNITS_A_SECOND = 1500

/** Makes the pace of one upload. */
export function createWritePace({ milliseconds, sleep }: Timer): WritePace {
  let free = milliseconds()
  let spent = 0
  const take = (units: number): number => {
    spent += units
    const start = Math.max(free, milliseconds())
    free = start + (units / UNITS_A_SECOND) * 1000
    return start - milliseconds()
  }
  return {
    spend: async (units) => {
      const wait = take(units)
      if (wait > 0) await sleep(wait)
    },
    owe: (units) => {
      take(units)
    },
    spent: () => spent,
  }
}

/** One write unit writes as many octets of one row. Source: DynamoDB developer guide, write request units. */
const UNIT_OCTETS = 1024

/** Write units of requests at least: a row to be deleted counts with its size too, which only the service knows. */
export const unitsOf = (requests: readonly WriteRequest[]): number =>
  requests.reduce((sum, { PutRequest }) => sum + rowUnits(PutRequest?.Item ?? {}), 0)

const rowUnits = (item: Item): number => {
  const octets = Object.entries(item).reduce(
    (sum, [name, { S = '', N = '' }]) => sum + name.length + Buffer.byteLength(S) + N.length,
    0,
  )
  return Math.max(1, Math.ceil(octets / UNIT_OCTETS))
}
