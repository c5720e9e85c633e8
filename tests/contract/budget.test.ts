import { createTakeFromBudget } from '@thingpass/aws/registry/budget'
import { startTestTable } from '@thingpass/aws/testing/start-test-table'
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
