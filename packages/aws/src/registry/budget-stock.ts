import type { TenantId } from '@thingpass/core/names'
import type { Clock } from '@thingpass/core/ports'
import type { TakeLease } from './budget-counter.ts'
import type { BudgetTerms } from './budget-terms.ts'

/** What is left of the last lease, or of the last refusal. */
export type BudgetStock = {
  /** Takes one request without asking: whether there was room, or `undefined` when nobody knows without asking. */
  readonly take: () => boolean | undefined
  /** Asks for a lease of at least one and, if it is granted, takes one request of it. `demand` is how many are waiting. */
  readonly lease: (demand: number, signal: AbortSignal) => Promise<boolean>
}

/** What a stock is kept with. */
export type StockOptions = {
  readonly tenantId: TenantId
  readonly terms: BudgetTerms
  readonly takeLease: TakeLease
  readonly clock: Clock
}

/** Longest time for which a refusal is repeated without asking: a counter may be brought back before its time. */
const LONGEST_REFUSAL_MICROS = 1_000_000

/** A span of time; a clock that went backwards is outside of it. */
type Span = { readonly fromMicros: number; readonly untilMicros: number }

const NEVER: Span = Object.freeze({ fromMicros: 0, untilMicros: 0 })

const within = ({ fromMicros, untilMicros }: Span, nowMicros: number): boolean =>
  fromMicros <= nowMicros && nowMicros < untilMicros

/** Makes an empty stock. */
export function createBudgetStock(options: StockOptions): BudgetStock {
  const { tenantId, terms, takeLease, clock } = options
  let left = 0
  let size = 1
  let usable = NEVER
  let refused = NEVER
  let seenMicros = 0
  const now = () => clock().getTime() * 1000

  const lease: BudgetStock['lease'] = async (demand, signal) => {
    const nowMicros = now()
    size = nextSize(Math.min(size, terms.largestLease), { left, inTime: within(usable, nowMicros) })
    left = 0
    const wanted = Math.min(terms.largestLease, Math.max(size, demand))
    const answer = await takeLease({ tenantId, terms, wanted, nowMicros, seenMicros, signal })
    seenMicros = answer.arrivalMicros
    const granted = answer.granted > 0
    if (granted) {
      left = answer.granted - 1
      usable = { fromMicros: nowMicros, untilMicros: nowMicros + terms.lifeMicros }
    } else {
      refused = { fromMicros: nowMicros, untilMicros: roomAgain(terms, seenMicros, nowMicros) }
    }
    return granted
  }
  const take = (): boolean | undefined => {
    if (within(refused, now())) return false
    if (!(left > 0 && within(usable, now()))) return undefined
    left--
    return true
  }
  return { take, lease }
}

/** Doubles the lease after one that was used up in time, halves it after one of which something was left over. */
function nextSize(
  size: number,
  lease: { readonly left: number; readonly inTime: boolean },
): number {
  if (lease.left > 0) return Math.ceil(size / 2)
  return lease.inTime ? size * 2 : size
}

/** When one request will fit again if nobody else takes it. */
function roomAgain(terms: BudgetTerms, arrivalMicros: number, nowMicros: number): number {
  const fits = arrivalMicros + terms.costMicros - terms.toleranceMicros
  return Math.min(fits, nowMicros + LONGEST_REFUSAL_MICROS)
}
