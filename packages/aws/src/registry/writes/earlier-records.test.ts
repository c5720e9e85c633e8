import { randomUUID } from 'node:crypto'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import {
  type CertificateId,
  parseCertificateId,
  parsePolicyName,
  parseTenantId,
  parseThingName,
} from '@thingpass/core/names'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestTable, type TestTable } from '../../../testing/start-test-table.ts'
import type { Item } from '../attributes.ts'
import { encodePolicyEdge } from '../items/policy-edge.ts'
import { encodeTags } from '../items/resource-tags.ts'
import { encodeThingEdge } from '../items/thing-edge.ts'
import { policyKey } from '../keys.ts'
import { createRegistryWrites } from '../registry-writes.ts'

const NOON = new Date('2026-06-01T12:00:00Z')
const tenantId = parseTenantId('acme')!
const otherTenant = parseTenantId('other')!
const thingName = parseThingName('lamp-1')!
const policyName = parsePolicyName('reader')!

let table: TestTable
let writes: RegistryWrites
let made = 0
let certificateId: CertificateId
let ids: {
  readonly registrationId: string
  readonly thingId: string
  readonly generationId: string
}

beforeAll(async () => {
  table = await startTestTable()
  const { client, tableName } = table
  const actor = 'arn:aws:iam::123456789012:user/operator'
  writes = createRegistryWrites({ client, tableName, clock: () => NOON, newId: randomUUID, actor })
})
afterAll(() => table.stop())

/** A certificate of its own for each test; thing and policy are there already. */
beforeEach(async () => {
  made += 1
  certificateId = parseCertificateId(String(made).padStart(64, '0'))!
  const registered = await writes.registerCertificate({
    tenantId,
    certificateId,
    registration: { kind: 'without-ca' },
    status: 'INACTIVE',
  })
  const thing = await writes.createThing({ tenantId, thingName, attributes: new Map() })
  await writes.createPolicy({ tenantId, policyName, document: '{}' })
  const policy = await writes.getPolicy({ tenantId, policyName })
  ids = {
    registrationId: registered.ok ? registered.registrationId : '',
    thingId: thing.ok ? thing.thingId : '',
    generationId: policy?.generationId ?? '',
  }
})

const put = (item: Item) =>
  table.client.send(new PutItemCommand({ TableName: table.tableName, Item: item }))

const inconsistent = expect.objectContaining({ code: 'REGISTRY_INCONSISTENT' })
const faultOf = (outcome: Promise<unknown>) => outcome.catch((thrown: unknown) => thrown)

const EARLIER = 'of-an-earlier-record'

test.each([
  ['registration', { registrationId: EARLIER }],
  ['thing', { thingId: EARLIER }],
  ['tenant', { tenantId: otherTenant }],
])('a thing edge of another %s is a fault, not an attachment', async (_name, changes) => {
  const edge = {
    tenantId,
    certificateId,
    thingName,
    ...ids,
    exclusive: false,
    attachedAt: NOON,
    ...changes,
  }
  await put(encodeThingEdge(edge, 'certificate'))
  const input = { tenantId, certificateId, thingName }
  expect(await faultOf(writes.attachThing({ ...input, exclusive: false }))).toEqual(inconsistent)
  expect(await faultOf(writes.detachThing(input))).toEqual(inconsistent)
})

test.each([
  ['policy', { generationId: EARLIER }],
  ['registration', { registrationId: EARLIER }],
  ['tenant', { tenantId: otherTenant }],
])('a policy edge of another %s is a fault, not an attachment', async (_name, changes) => {
  const all = { tenantId, ...ids, ...changes }
  const edge = {
    tenantId: all.tenantId,
    target: { kind: 'certificate', certificateId, registrationId: all.registrationId },
    policyName,
    generationId: all.generationId,
    attachedAt: NOON,
  } as const
  await put(encodePolicyEdge(edge, 'target'))
  const input = { tenantId, policyName, target: { kind: 'certificate', certificateId } } as const
  expect(await faultOf(writes.attachPolicy(input))).toEqual(inconsistent)
  expect(await faultOf(writes.detachPolicy(input))).toEqual(inconsistent)
})

test('a certificate is not deleted over the edge of an earlier registration', async () => {
  const target = { kind: 'certificate', certificateId, registrationId: EARLIER } as const
  const { generationId } = ids
  const edge = { tenantId, target, policyName, generationId, attachedAt: NOON }
  await put(encodePolicyEdge(edge, 'target'))
  const deletion = writes.deleteCertificate({ tenantId, certificateId, force: true })
  expect(await faultOf(deletion)).toEqual(inconsistent)
})

const all = { limit: 250 }
const none = { ok: true, items: [] }

test('thing edges of earlier records are in no list', async () => {
  const edge = { tenantId, certificateId, thingName, ...ids, exclusive: false, attachedAt: NOON }
  await put(encodeThingEdge({ ...edge, registrationId: EARLIER }, 'certificate'))
  await put(encodeThingEdge({ ...edge, thingId: EARLIER }, 'thing'))
  expect(await writes.listPrincipalThings({ tenantId, certificateId, ...all })).toEqual(none)
  expect(await writes.listThingPrincipals({ tenantId, thingName, ...all })).toEqual(none)
})

test('policy edges of earlier records are in no list', async () => {
  const { registrationId, generationId } = ids
  const target = { kind: 'certificate', certificateId, registrationId } as const
  const edge = { tenantId, target, policyName, generationId, attachedAt: NOON }
  const earlier = { ...target, registrationId: EARLIER }
  await put(encodePolicyEdge({ ...edge, target: earlier }, 'target'))
  await put(encodePolicyEdge({ ...edge, generationId: EARLIER }, 'policy'))
  const listed = { kind: 'certificate', certificateId } as const
  expect(await writes.listAttachedPolicies({ tenantId, target: listed, ...all })).toEqual(none)
  expect(await writes.listTargetsForPolicy({ tenantId, policyName, ...all })).toEqual(none)
})

test('tags of an earlier record are none, and are written over', async () => {
  const identity = { tenantId, resource: { kind: 'policy', policyName } } as const
  const tags = new Map([['old', '1']])
  await put(encodeTags(policyKey(tenantId, policyName), { ownerId: EARLIER, tags }))
  expect(await writes.listTags(identity)).toEqual({ ok: true, tags: new Map() })
  expect(await writes.untagResource({ ...identity, tagKeys: ['old'] })).toMatchObject({
    changed: false,
  })
  const added = new Map([['new', '2']])
  expect(await writes.tagResource({ ...identity, tags: added })).toMatchObject({ changed: true })
  expect(await writes.listTags(identity)).toEqual({ ok: true, tags: added })
})
