import { randomUUID } from 'node:crypto'
import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { decodeAudit } from '@thingpass/aws/registry/items/audit'
import { auditKey } from '@thingpass/aws/registry/keys'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { startTestTable, type TestTable } from '@thingpass/aws/testing/start-test-table'
import type { TenantId } from '@thingpass/core/names'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import { describeRegistry } from './registry.contract.ts'
import { NOW } from './registry-world.ts'

let now = NOW
const clock = () => now
const at = async <Value>(time: Date, act: () => Promise<Value>): Promise<Value> => {
  now = time
  try {
    return await act()
  } finally {
    now = NOW
  }
}

describeRegistry('the fake registry', async () => {
  const registry = createFakeRegistry({ clock })
  return {
    writes: registry,
    readFacts: registry.readFacts,
    changes: async (tenantId) => registry.changes.filter((each) => each.tenantId === tenantId),
    at,
    stop: async () => undefined,
  }
})

describeRegistry('the DynamoDB registry', async () => {
  const table = await startTestTable()
  const { client, tableName } = table
  const actor = 'arn:aws:iam::123456789012:user/operator'
  return {
    writes: createRegistryWrites({ client, tableName, clock, newId: randomUUID, actor }),
    readFacts: (query) => {
      const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
      return createReadFacts({ client, tableName, ...memory, clock }).readFacts(query)
    },
    changes: (tenantId) => auditOf(table, tenantId),
    at,
    stop: table.stop,
  }
})

async function auditOf({ client, tableName }: TestTable, tenantId: TenantId) {
  const { Items: items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: auditKey(tenantId, NOW, '').pk } },
    }),
  )
  return items.map(decodeAudit)
}
