import { randomUUID } from 'node:crypto'
import { leanRegistryCalls } from '@thingpass/aws/lean/registry-calls'
import { createIssuerHints } from '@thingpass/aws/registry/issuer-hint'
import { createPolicyCache } from '@thingpass/aws/registry/policy-cache'
import { createFactsReader } from '@thingpass/aws/registry/read-facts'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { startTestTable } from '@thingpass/aws/testing/start-test-table'
import { parseRegion } from '@thingpass/core/names'
import { afterAll, beforeAll, describe } from 'vitest'
import { describeFacts } from './registry-facts.ts'
import { NOW, type RegistryUnderTest } from './registry-world.ts'

describe('the DynamoDB registry, read without the SDK', () => {
  let registry: RegistryUnderTest
  beforeAll(async () => {
    registry = await openRegistry()
  })
  afterAll(() => registry.stop())
  describeFacts(() => registry)
})

async function openRegistry(): Promise<RegistryUnderTest> {
  const { client, endpoint, tableName, stop } = await startTestTable()
  const clock = () => NOW
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
    changes: async () => [],
    at: (_, act) => act(),
    stop: async () => {
      calls.close()
      await stop()
    },
  }
}
