import { randomUUID } from 'node:crypto'
import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { leanRegistryCalls } from '@thingpass/aws/lean/registry-calls'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { decodeAudit } from '@thingpass/aws/registry/items/audit'
import { auditKey } from '@thingpass/aws/registry/keys'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createFactsReader } from '@thingpass/aws/registry/read-facts'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { startTestTable } from '@thingpass/aws/testing/start-test-table'
import { parseRegion } from '@thingpass/core/names'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeMadeAgain } from './registry-again.ts'
import { describeRoleAliases } from './registry-aliases.ts'
import { describeAttachments } from './registry-attachments.ts'
import { describeFacts } from './registry-facts.ts'
import { describeRevocation } from './registry-revocation.ts'
import { NOW, type RegistryUnderTest } from './registry-world.ts'

describe('the DynamoDB registry, read without the SDK', () => {
  let registry: RegistryUnderTest
  beforeAll(async () => {
    registry = await openRegistry()
  })
  afterAll(() => registry.stop())
  // The parts of the contract that read facts; what they write goes through the SDK.
  describeFacts(() => registry)
  describeMadeAgain(() => registry)
  describeAttachments(() => registry)
  describeRoleAliases(() => registry)
  describeRevocation(() => registry)
})

async function openRegistry(): Promise<RegistryUnderTest> {
  const { client, endpoint, tableName, stop } = await startTestTable()
  let now = NOW
  const clock = () => now
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const region = parseRegion('us-east-1')!
  const calls = leanRegistryCalls({ region, endpoint, credentials, clock, random: () => 0 })
  const actor = 'arn:aws:iam::123456789012:user/operator'
  return {
    writes: createRegistryWrites({ client, tableName, clock, newId: randomUUID, actor }),
    readFacts: (query) => {
      const memory = { issuerHints: createIssuerHints(), policyCache: createPolicyCache() }
      return createFactsReader({ calls, tableName, ...memory, clock }).readFacts(query)
    },
    changes: async (tenantId) => {
      const query = new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: auditKey(tenantId, NOW, '').pk } },
      })
      const { Items: items = [] } = await client.send(query)
      return items.map(decodeAudit)
    },
    at: async (time, act) => {
      now = time
      try {
        return await act()
      } finally {
        now = NOW
      }
    },
    stop: async () => {
      calls.close()
      await stop()
    },
  }
}
