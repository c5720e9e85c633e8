import type { Clock, TakeFromBudget } from '../src/ports.ts'

/** Makes budgets in memory: per tenant, as many requests as the burst, refilled at the rate, counted one by one. */
export function createFakeBudget({ clock }: { readonly clock: Clock }): TakeFromBudget {
  const buckets = new Map<string, { readonly tokens: number; readonly at: number }>()
  return async ({ tenantId, rateLimit: { perSecond, burst } }) => {
    const now = clock().getTime()
    const { tokens, at } = buckets.get(tenantId) ?? { tokens: burst, at: now }
    const refilled = Math.min(burst, tokens + (Math.max(0, now - at) / 1000) * perSecond)
    const room = refilled >= 1
    buckets.set(tenantId, { tokens: room ? refilled - 1 : refilled, at: now })
    return room
  }
}
