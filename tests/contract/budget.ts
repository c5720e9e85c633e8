import { parseTenantId } from '@thingpass/core/names'
import type { Clock, TakeFromBudget } from '@thingpass/core/ports'
import type { TenantRecord } from '@thingpass/core/records'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** A budget under test: each call of `open` is one more process that takes from the same tenants. */
export type BudgetUnderTest = {
  readonly open: (clock: Clock) => TakeFromBudget
  readonly stop: () => Promise<void>
}

type Rate = { readonly perSecond: number; readonly burst: number }

const NOON = new Date('2030-01-01T12:00:00Z').getTime()

let tenants = 0

/** A tenant that no test has used before. */
function newTenant(rateLimit: Rate): Parameters<TakeFromBudget>[0] {
  const record: TenantRecord = {
    tenantId: parseTenantId(`budget-${++tenants}`)!,
    status: 'ENABLED',
    roleArnPatterns: [],
    externalId: 'external-id',
    sessionTagKeys: [],
    certificatesWithoutCa: false,
    apiArnPatterns: [],
    defaultThing: 'never',
    inactiveCaRefusesDevices: false,
    authorizerRequiresThing: true,
  }
  return { ...record, rateLimit }
}

/** What every budget does, the fake as well as the real one. */
export function describeBudget(name: string, start: () => Promise<BudgetUnderTest>): void {
  describe(name, () => {
    let budget: BudgetUnderTest
    beforeAll(async () => {
      budget = await start()
    })
    afterAll(() => budget.stop())

    /** A tenant with a process of its own, and a clock that stands still unless it is moved. */
    const tenantWith = (rate: Rate) => {
      const time = { now: NOON }
      const take = budget.open(() => new Date(time.now))
      const tenant = newTenant(rate)
      const once = () => take(tenant, new Date(time.now + 30_000))
      return {
        once,
        many: async (count: number) => {
          let admitted = 0
          for (let index = 0; index < count; index++) if (await once()) admitted++
          return admitted
        },
        pass: (milliseconds: number) => {
          time.now += milliseconds
        },
      }
    }

    test.each([1, 2, 5])('admits a burst of %i at once and not one more', async (burst) => {
      const { many } = tenantWith({ perSecond: 1, burst })
      await expect(many(burst + 3)).resolves.toBe(burst)
    })

    test('admits at least three quarters of a large burst, and never more than it', async () => {
      const admitted = await tenantWith({ perSecond: 40, burst: 40 }).many(60)
      expect(admitted).toBeGreaterThanOrEqual(30)
      expect(admitted).toBeLessThanOrEqual(40)
    })

    test('admits one more for each 1 / rate that passes', async () => {
      const { many, pass } = tenantWith({ perSecond: 2, burst: 3 })
      await many(3)
      pass(499)
      await expect(many(2)).resolves.toBe(0)
      pass(1)
      await expect(many(2)).resolves.toBe(1)
      pass(1000)
      await expect(many(5)).resolves.toBe(2)
    })

    test('saves up no more than the burst', async () => {
      const { many, pass } = tenantWith({ perSecond: 10, burst: 4 })
      await many(4)
      pass(3_600_000)
      await expect(many(9)).resolves.toBe(4)
    })

    test('keeps tenants apart', async () => {
      const noisy = tenantWith({ perSecond: 1, burst: 2 })
      const quiet = tenantWith({ perSecond: 1, burst: 2 })
      await noisy.many(50)
      await expect(quiet.many(2)).resolves.toBe(2)
    })

    test('admits nothing where the burst is below one', async () => {
      await expect(tenantWith({ perSecond: 100, burst: 0.5 }).many(5)).resolves.toBe(0)
    })

    test('admits one each ten seconds at a rate of a tenth', async () => {
      const { many, pass } = tenantWith({ perSecond: 0.1, burst: 1 })
      await expect(many(2)).resolves.toBe(1)
      pass(9999)
      await expect(many(2)).resolves.toBe(0)
      pass(1)
      await expect(many(2)).resolves.toBe(1)
    })

    test('admits no more when many ask at once', async () => {
      const { once } = tenantWith({ perSecond: 1, burst: 5 })
      const outcomes = await Promise.all(Array.from({ length: 20 }, once))
      expect(outcomes.filter(Boolean)).toHaveLength(5)
    })
  })
}
