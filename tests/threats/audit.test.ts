import { createDynamoClient } from '@thingpass/aws/clients'
import { readRegistry } from '@thingpass/aws/testing/registry-walk'
import { parsePolicyName, parseTenantId } from '@thingpass/core/names'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { KEYS, REGION, TABLE } from '../faults/device-world.ts'
import { done, given } from '../support/fleet.ts'
import { SECRET, type Sent, startThreatStage, type ThreatStage } from './stage.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 }) // whole stacks, on machines that do other things, too

let stage: ThreatStage
let pem: string
beforeAll(async () => {
  stage = await startThreatStage()
  const device = { thing: 'audited', policies: ['camera-credentials'] }
  pem = (await stage.fleet().addDevice(device)).certificatePem
})
afterAll(() => stage.close())

const requests: readonly (readonly [string, number, Sent])[] = [
  ['is granted', 200, {}],
  ['is refused', 403, { alias: 'demo-admin' }],
  ['names nothing', 404, { path: '/' }],
  [
    'has no certificate',
    403,
    {
      edit: (event) => ({
        ...event,
        requestContext: { ...event.requestContext, authentication: undefined },
      }),
    },
  ],
  [
    'is for another host',
    403,
    {
      edit: (event) => ({ ...event, requestContext: { ...event.requestContext, domainName: 'x' } }),
    },
  ],
  [
    'is of another method',
    405,
    {
      edit: (event) => ({
        ...event,
        requestContext: {
          ...event.requestContext,
          http: { ...event.requestContext.http, method: 'PUT' },
        },
      }),
    },
  ],
  ['is no event at all', 500, { edit: () => ({ requestContext: { requestId: 'r' } }) }],
]

describe('T40: a request that', () => {
  test.each(requests)(
    '%s leaves one audit record, kept before the answer is there',
    async (_, status, sent) => {
      const order: string[] = []
      const handler = stage.openHandler({
        writeAudit: async (record) => {
          await new Promise((resolve) => setImmediate(resolve))
          order.push(`audited ${record.status}`)
        },
      })
      const answer = await handler.ask(pem, sent)
      order.push(`answered ${answer.status}`)
      expect(order).toEqual([`audited ${status}`, `answered ${status}`])
    },
  )

  test.each(requests)(
    '%s is answered with nothing where the record cannot be kept',
    async (_, _status, sent) => {
      const { ask } = stage.openHandler({
        writeAudit: () => Promise.reject(new Error('disk full')),
      })
      const answer = await ask(pem, sent)
      expect(answer).toMatchObject({ status: 500, body: '{"message":"Internal Failure"}' })
      expect(JSON.stringify(answer)).not.toContain(SECRET)
    },
  )
})

test('T40: versions of a policy are added and never rewritten, and each change says who made it', async () => {
  const tenantId = given(parseTenantId('default'))
  const policyName = given(parsePolicyName('versioned'))
  const { registry } = stage.stack
  const textOf = (number: number) =>
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:${number}","Resource":"*"}]}`
  await done(registry.createPolicy({ tenantId, policyName, document: textOf(1) }))
  const seen = new Map<string, string>()
  for (let number = 2; number <= 12; number++) {
    const { versions } = await registryNow()
    for (const { policyName: of, versionId, document } of versions) {
      if (of !== policyName) continue
      expect(seen.get(versionId) ?? document).toBe(document)
      seen.set(versionId, document)
    }
    if (number > 5) {
      const versionId = String(number - 5) as never
      await done(registry.deletePolicyVersion({ tenantId, policyName, versionId }))
    }
    const made = {
      tenantId,
      policyName,
      document: textOf(number),
      setAsDefault: true,
      rendersAsSessionPolicy: true,
    }
    expect(await done(registry.createPolicyVersion(made))).toMatchObject({
      versionId: String(number),
    })
  }
  const { audits } = await registryNow()
  const ofPolicy = audits.filter(({ subject }) => subject.includes('versioned'))
  expect(ofPolicy).toHaveLength(1 + 11 + 7)
  expect(new Set(ofPolicy.map(({ actor }) => actor))).toEqual(
    new Set(['arn:aws:iam::123456789012:user/default']),
  )
})

async function registryNow() {
  const options = { region: REGION, endpoint: stage.stack.dynamodbUrl, credentials: KEYS }
  const client = createDynamoClient(options)
  try {
    return await readRegistry(client, TABLE)
  } finally {
    client.destroy()
  }
}
