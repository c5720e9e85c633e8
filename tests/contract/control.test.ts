import { randomUUID } from 'node:crypto'
import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { decodeAudit } from '@thingpass/aws/registry/items/audit'
import { auditKey } from '@thingpass/aws/registry/keys'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createReadFacts } from '@thingpass/aws/registry/read-facts'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { startTestTable } from '@thingpass/aws/testing/start-test-table'
import { createFakeRegistry } from '@thingpass/core/testing/fake-registry'
import { describeControl } from './control.contract.ts'
import { NOW, registryTime } from './control-world.ts'

const clock = () => registryTime.now

describeControl('the control plane over the fake registry', async () => {
  const registry = createFakeRegistry({ clock })
  return {
    registryFor: () => registry,
    readFacts: registry.readFacts,
    changes: async (tenantId) => registry.changes.filter((each) => each.tenantId === tenantId),
    stop: async () => undefined,
  }
})

describeControl('the control plane over DynamoDB', async () => {
  const { client, tableName, stop } = await startTestTable()
  return {
    registryFor: (actor) =>
      createRegistryWrites({ client, tableName, clock, newId: randomUUID, actor }),
    readFacts: (query) => {
      const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
      return createReadFacts({ client, tableName, ...memory, clock }).readFacts(query)
    },
    changes: async (tenantId) => {
      const query = new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: auditKey(tenantId, NOW, '').pk } },
      })
      return ((await client.send(query)).Items ?? []).map(decodeAudit)
    },
    stop,
  }
})
