import { leanRegistryCalls } from '@thingpass/aws/lean/registry-calls'
import { createBudgets, createTakeFromBudget } from '@thingpass/aws/registry/budget'
import { startTestTable } from '@thingpass/aws/testing/start-test-table'
import { parseRegion } from '@thingpass/core/names'
import { createFakeBudget } from '@thingpass/core/testing/fake-budget'
import { describeBudget } from './budget.ts'

describeBudget('the fake budget', async () => ({
  open: (clock) => createFakeBudget({ clock }),
  stop: async () => undefined,
}))

describeBudget('the registry budget', async () => {
  const { client, tableName, stop } = await startTestTable()
  return { open: (clock) => createTakeFromBudget({ client, tableName, clock }), stop }
})

describeBudget('the registry budget, called without the SDK', async () => {
  const { endpoint, tableName, stop } = await startTestTable()
  const calls = leanRegistryCalls({
    region: parseRegion('us-east-1')!,
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    clock: () => new Date(),
    random: () => 0,
  })
  const close = async () => {
    calls.close()
    await stop()
  }
  return { open: (clock) => createBudgets({ calls, tableName, clock }), stop: close }
})
