import { randomUUID } from 'node:crypto'
import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import { createRegistryWrites } from '@thingpass/aws/registry/registry-writes'
import { findContradictions } from '@thingpass/aws/testing/registry-contradictions'
import { readRegistry } from '@thingpass/aws/testing/registry-walk'
import { startTestTable, type TestTable } from '@thingpass/aws/testing/start-test-table'
import type { RegistryWrites } from '@thingpass/core/registry-writes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as world from './registry-world.ts'

const WRITERS = 20

let table: TestTable
const commands = new Set<string>()

beforeAll(async () => {
  table = await startTestTable()
  table.client.middlewareStack.add(
    (next, context) => async (args) => {
      commands.add(context.commandName ?? 'unknown')
      return next(args)
    },
    { step: 'initialize', name: 'commands' },
  )
  meetEachOther(table.client)
})
afterAll(() => table.stop())

/** The engine runs one transaction at a time; DynamoDB cancels transactions that meet, so every third one is. */
function meetEachOther(client: DynamoDBClient): void {
  let sent = 0
  client.middlewareStack.add(
    (next, context) => async (args) => {
      sent += context.commandName === 'TransactWriteItemsCommand' ? 1 : 0
      const met = context.commandName === 'TransactWriteItemsCommand' && sent % 3 === 0
      if (!met) return next(args)
      throw new TransactionCanceledException({
        $metadata: {},
        message: 'Transaction cancelled',
        CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
      })
    },
    { step: 'initialize', name: 'conflicts' },
  )
}

const writesOf = (actor: string): RegistryWrites =>
  createRegistryWrites({
    client: table.client,
    tableName: table.tableName,
    clock: () => world.NOW,
    newId: randomUUID,
    actor,
  })

/** Runs the acts of twenty writers at once, each writer going on from act to act. */
async function race(
  act: (writes: RegistryWrites, writer: number, turn: number) => Promise<unknown>,
): Promise<readonly unknown[]> {
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    const writes = writesOf(`arn:aws:iam::123456789012:user/writer-${writer}`)
    const outcomes = []
    for (const turn of [0, 1, 2]) outcomes.push(await act(writes, writer, turn))
    return outcomes
  })
  return (await Promise.all(writers)).flat()
}

async function seed() {
  const writes = writesOf('arn:aws:iam::123456789012:user/seed')
  const registry = { writes } as world.RegistryUnderTest
  const seeded = await world.seed(registry)
  const { tenantId } = seeded
  await writes.createThing({ tenantId, thingName: world.PUMP, attributes: new Map() })
  for (const groupName of [world.HOUSE, world.FLOOR]) {
    await writes.createThingGroup({ tenantId, groupName, attributes: new Map() })
  }
  return { writes, ...seeded }
}

async function contradictions(): Promise<readonly string[]> {
  return findContradictions(await readRegistry(table.client, table.tableName))
}

const pick = <Value>(values: readonly Value[], writer: number, turn: number): Value =>
  values[(writer + turn * 7) % values.length]!

test('policies attached, detached and deleted by twenty writers leave no dangling edge', async () => {
  const { tenantId, certificateId } = await seed()
  const names = ['p-1', 'p-2', 'p-3'].map(world.policyName)
  const targets = [
    { kind: 'certificate', certificateId },
    { kind: 'thing-group', groupName: world.HOUSE },
  ] as const
  await race(async (writes, writer, turn) => {
    const policyName = pick(names, writer, turn)
    const input = { tenantId, policyName, target: pick(targets, writer + 1, turn) }
    switch ((writer + turn) % 4) {
      case 0:
        return writes.createPolicy({ tenantId, policyName, document: world.ALLOW })
      case 1:
        return writes.detachPolicy(input)
      case 2:
        return writes.deletePolicy(input)
      default:
        return writes.attachPolicy(input)
    }
  })
  expect(await contradictions()).toEqual([])
}, 60_000)

test('certificates attached, detached, deleted and registered again leave no dangling edge', async () => {
  const { tenantId, certificateId } = await seed()
  const certificate = { tenantId, certificateId }
  const target = { kind: 'certificate', certificateId } as const
  await race(async (writes, writer, turn) => {
    const thingName = pick([world.LAMP, world.PUMP], writer, turn)
    switch ((writer + turn) % 6) {
      case 0:
        return writes.attachThing({ ...certificate, thingName, exclusive: writer % 2 === 0 })
      case 1:
        return writes.detachThing({ ...certificate, thingName })
      case 2:
        await writes.updateCertificateStatus({ ...certificate, status: 'INACTIVE' })
        return writes.deleteCertificate({ ...certificate, force: true })
      case 3:
        return writes.registerCertificate({
          ...certificate,
          registration: { kind: 'without-ca' },
          status: 'ACTIVE',
        })
      case 4:
        return writes.attachPolicy({ tenantId, policyName: world.READER, target })
      default:
        return writes.deleteThing({ tenantId, thingName })
    }
  })
  expect(await contradictions()).toEqual([])
}, 60_000)

test('groups joined, left, deleted and made again leave closures whole', async () => {
  const { tenantId } = await seed()
  await race(async (writes, writer, turn) => {
    const groupName = pick([world.HOUSE, world.FLOOR], writer, turn)
    const thingName = pick([world.LAMP, world.PUMP], writer + 1, turn)
    switch ((writer + turn) % 5) {
      case 0:
        return writes.removeThingFromGroup({ tenantId, groupName, thingName })
      case 1:
        return writes.deleteThingGroup({ tenantId, groupName })
      case 2:
        return writes.createThingGroup({
          tenantId,
          groupName: world.FLOOR,
          parentGroupName: world.HOUSE,
          attributes: new Map(),
        })
      default:
        return writes.addThingToGroup({ tenantId, groupName, thingName })
    }
  })
  expect(await contradictions()).toEqual([])
}, 60_000)

test('of twenty exclusive attachments to different things one is made', async () => {
  const { writes, tenantId, certificateId } = await seed()
  const things = Array.from({ length: WRITERS }, (_, n) => world.thingName(`thing-${n}`))
  for (const thingName of things) {
    await writes.createThing({ tenantId, thingName, attributes: new Map() })
  }
  const outcomes = await Promise.all(
    things.map((thingName) =>
      writes.attachThing({ tenantId, certificateId, thingName, exclusive: true }),
    ),
  )
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await contradictions()).toEqual([])
}, 60_000)

test('no update of twenty is lost: attributes merged at once are all there', async () => {
  const { writes, tenantId } = await seed()
  const thingTypeName = world.thingTypeName('lamp')
  await writes.createThingType({ tenantId, thingTypeName, searchableAttributes: [] })
  await writes.updateThing({ tenantId, thingName: world.LAMP, thingTypeName })
  const names = Array.from({ length: WRITERS }, (_, n) => `attribute-${n}`)
  const outcomes = await Promise.all(
    names.map((name) =>
      writes.updateThing({
        tenantId,
        thingName: world.LAMP,
        attributes: new Map([[name, '1']]),
        merge: true,
      }),
    ),
  )
  const versions = outcomes.map((outcome) => outcome.ok && outcome.version)
  expect(new Set(versions).size).toBe(WRITERS)
  const thing = await writes.getThing({ tenantId, thingName: world.LAMP })
  expect(new Set(thing?.record.attributes.keys())).toEqual(new Set(names))
}, 60_000)

test('five versions at most, however many are made at once, and each id once', async () => {
  const { writes, tenantId } = await seed()
  const key = { tenantId, policyName: world.READER }
  const outcomes = await race((mine, _writer, turn) =>
    turn === 1
      ? mine.deletePolicyVersion({ ...key, versionId: '2' })
      : mine.createPolicyVersion({
          ...key,
          document: world.DENY,
          setAsDefault: turn === 2,
          rendersAsSessionPolicy: true,
        }),
  )
  const ids = outcomes.flatMap((outcome) =>
    typeof outcome === 'object' && outcome !== null && 'versionId' in outcome
      ? [outcome.versionId]
      : [],
  )
  expect(new Set(ids).size).toBe(ids.length)
  expect((await writes.listPolicyVersions(key))?.length).toBeLessThanOrEqual(5)
  expect(await contradictions()).toEqual([])
}, 60_000)

test('a key that two tenants claim at once belongs to one', async () => {
  const { writes } = await seed()
  const publicKeySha256 = world.newDigest()
  const cas = Array.from({ length: WRITERS }, () => ({
    ...world.newCa(world.newTenant()),
    publicKeySha256,
  }))
  const outcomes = await Promise.all(cas.map((ca) => writes.registerCa(ca)))
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await contradictions()).toEqual([])
}, 60_000)

test('an alias is never unscoped by a change that was under way', async () => {
  const { writes, tenantId } = await seed()
  const alias = { tenantId, roleAlias: world.CAMERA }
  await writes.createRoleAlias({ ...alias, roleArn: world.ROLE, credentialDurationSeconds: 3600 })
  const profile = {
    tags: new Map(),
    transitiveTagKeys: [],
    requireThingName: true,
    longDuration: 'clamp',
  } as const
  const target = { kind: 'role-alias', roleAlias: world.CAMERA } as const
  await race(async (mine, writer, turn) => {
    if (writer === 0) return mine.attachPolicy({ tenantId, policyName: world.READER, target })
    if (writer % 2 === 0) return mine.putSessionProfile({ ...alias, profile })
    return mine.updateRoleAlias({ ...alias, credentialDurationSeconds: 900 + turn })
  })
  expect(await writes.getSessionProfile(alias)).toMatchObject({ scope: 'session-policy' })
  expect(await contradictions()).toEqual([])
}, 60_000)

test('groups, tags and memberships that twenty writers change at once stay whole', async () => {
  const { writes, tenantId } = await seed()
  const names = ['g-1', 'g-2', 'g-3', 'g-4'].map(world.groupName)
  await race(async (mine, writer, turn) => {
    const groupName = pick(names, writer, turn)
    const parentGroupName = pick([world.HOUSE, ...names], writer + 1, turn)
    const thingName = pick([world.LAMP, world.PUMP], writer, turn)
    const resource = { kind: 'thing-group', groupName } as const
    switch ((writer + turn) % 7) {
      case 0:
      case 1:
        return mine.createThingGroup({
          ...{ tenantId, groupName, parentGroupName, attributes: new Map() },
          tags: new Map([['made-by', `${writer}`]]),
        })
      case 2:
        return mine.deleteThingGroup({ tenantId, groupName })
      case 3:
        return mine.tagResource({ tenantId, resource, tags: new Map([[`w-${writer}`, '']]) })
      case 4:
        return mine.updateThingGroup({
          ...{ tenantId, groupName, attributes: new Map([[`w-${writer}`, '1']]), merge: true },
        })
      default: {
        const remove = [pick(names, writer + 2, turn), world.HOUSE]
        return mine.updateThingGroupsForThing({ tenantId, thingName, add: [groupName], remove })
      }
    }
  })
  expect(await contradictions()).toEqual([])
  const listed = await writes.listThingGroups({ tenantId, recursive: true, limit: 250 })
  for (const groupName of listed.ok ? listed.items : []) {
    const group = await writes.getThingGroup({ tenantId, groupName })
    const below = await writes.listThingGroups({
      ...{ tenantId, parentGroupName: groupName, recursive: true, limit: 250 },
    })
    expect(group).toBeDefined()
    expect(below).toMatchObject({ ok: true })
  }
}, 60_000)

test('no tag of twenty is lost', async () => {
  const { writes, tenantId } = await seed()
  const resource = { kind: 'policy', policyName: world.READER } as const
  const keys = Array.from({ length: WRITERS }, (_, n) => `tag-${n}`)
  await Promise.all(
    keys.map((key) => writes.tagResource({ tenantId, resource, tags: new Map([[key, '']]) })),
  )
  const listed = await writes.listTags({ tenantId, resource })
  expect(listed.ok && new Set(listed.tags.keys())).toEqual(new Set(keys))
}, 60_000)

test('of twenty children that take the last place one is made', async () => {
  const { writes, tenantId } = await seed()
  const create = (n: number) =>
    writes.createThingGroup({
      ...{ tenantId, groupName: world.groupName(`child-${n}`), parentGroupName: world.HOUSE },
      attributes: new Map(),
    })
  for (let n = 1; n <= 99; n += 1) await create(n)
  const outcomes = await Promise.all(Array.from({ length: WRITERS }, (_, n) => create(100 + n)))
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await contradictions()).toEqual([])
}, 60_000)

test('what is listed while it is attached and detached is there or was', async () => {
  const { writes, tenantId, certificateId } = await seed()
  const target = { kind: 'certificate', certificateId } as const
  const key = { tenantId, policyName: world.READER }
  await race(async (mine, writer, turn) => {
    const [thingName, limit] = [pick([world.LAMP, world.PUMP], writer, turn), 1 + (turn % 2)]
    switch ((writer + turn) % 4) {
      case 0:
        await mine.attachThing({ tenantId, certificateId, thingName, exclusive: false })
        return mine.attachPolicy({ ...key, target })
      case 1:
        await mine.detachThing({ tenantId, certificateId, thingName })
        return mine.detachPolicy({ ...key, target })
      case 2:
        await mine.listPrincipalThings({ tenantId, certificateId, limit })
        return mine.listTargetsForPolicy({ ...key, limit })
      default:
        await mine.listThingPrincipals({ tenantId, thingName, limit })
        return mine.listAttachedPolicies({ tenantId, target, limit })
    }
  })
  expect(await contradictions()).toEqual([])
  const things = await writes.listPrincipalThings({ tenantId, certificateId, limit: 250 })
  const certificate = await writes.listThingPrincipals({
    ...{ tenantId, thingName: world.LAMP, limit: 250 },
  })
  const attached = things.ok && things.items.some(({ thingName }) => thingName === world.LAMP)
  expect(certificate).toMatchObject({ ok: true, items: attached ? [{ certificateId }] : [] })
}, 60_000)

test('no change and no list reads but by key, and none writes outside of a transaction', () => {
  commands.delete('ScanCommand') // the walk of the tests themselves
  expect(commands).toEqual(new Set(['GetItemCommand', 'QueryCommand', 'TransactWriteItemsCommand']))
})
