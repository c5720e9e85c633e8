import { expect } from 'vitest'
import { describeRivals, inSeries, type Row, row } from './registry-rivals.ts'
import { none, type Scene } from './registry-scene.ts'
import * as world from './registry-world.ts'

const { FLOOR, HOUSE, READER, changed, done, refused, unchanged } = world

const groupAttributes = async (it: Scene, ...names: readonly string[]) => {
  const group = await it.writes.getThingGroup(it.house)
  expect([...(group?.attributes.keys() ?? [])].toSorted(byBytes)).toEqual(names)
}
const directGroups = async (it: Scene, ...names: readonly string[]) => {
  const thing = await it.writes.getThing(it.lamp)
  expect(thing?.directGroups.toSorted(byBytes)).toEqual(names)
}
const byBytes = (one: string, other: string): number => (one < other ? -1 : 1)

const policy = { kind: 'policy', policyName: READER } as const
const house = { kind: 'thing-group', groupName: HOUSE } as const
const tagKeys = async (it: Scene, ...keys: readonly string[]) =>
  expect(await it.tagsOf(policy)).toEqual(keys)

const dropHouse = (it: Scene) => it.writes.deleteThingGroup(it.house)
const dropType = (it: Scene) => it.writes.deleteThingType(it.type)
const deprecated = (it: Scene) =>
  inSeries(
    () => it.createType(),
    () => it.deprecate(),
  )
const yard = world.groupName('yard')
const createYard = (it: Scene) =>
  it.writes.createThingGroup({ tenantId: it.tenantId, groupName: yard, attributes: none })

const rows: Readonly<Record<string, Row>> = {
  'update a group: another updates it': row(
    (it) => it.mergeIntoHouse('one'),
    (it) => it.mergeIntoHouse('two'),
    { ok: true, version: 3 },
    { after: (it) => groupAttributes(it, 'one', 'two') },
  ),
  'update a group of one version: another updates it': row(
    (it) => it.mergeIntoHouse('one', 1),
    (it) => it.mergeIntoHouse('two'),
    refused('version-conflict'),
    { after: (it) => groupAttributes(it, 'two') },
  ),
  'update a group: it goes': row(
    (it) => it.mergeIntoHouse('one'),
    dropHouse,
    refused('thing-group-unknown'),
  ),
  'update a group: it is made again': row(
    (it) => it.mergeIntoHouse('one'),
    async (it) => {
      await dropHouse(it)
      const attributes = new Map([['two', '1']])
      await it.writes.createThingGroup({ ...it.house, attributes })
    },
    { ok: true, version: 2 },
    { after: (it) => groupAttributes(it, 'one', 'two') },
  ),
  'update a group: a policy is attached': row(
    (it) => it.mergeIntoHouse('one'),
    (it) => it.attach('group'),
    { ok: true, version: 2 },
  ),
  'create a group: another takes the last place': row(
    (it) => it.createFloor(),
    (it) => addFloors(it, 100, 100),
    refused('too-many-child-groups'),
    { before: (it) => addFloors(it, 1, 99) },
  ),
  'create a group: another creates it alike': row(
    (it) => it.createFloor(),
    (it) => it.createFloor(),
    { ok: true, groupId: expect.any(String) },
  ),
  'delete a child: another deletes it': row(
    (it) => it.writes.deleteThingGroup(it.floor),
    (it) => it.writes.deleteThingGroup(it.floor),
    refused('thing-group-unknown'),
    { before: (it) => it.createFloor() },
  ),
  'delete a child: it is made again': row(
    (it) => it.writes.deleteThingGroup(it.floor),
    (it) =>
      inSeries(
        () => it.writes.deleteThingGroup(it.floor),
        () => it.createFloor(),
      ),
    done,
    { before: (it) => it.createFloor() },
  ),
  'change groups: the thing joins another': row(
    (it) => it.regroup([yard], [HOUSE]),
    (it) => it.join(FLOOR),
    changed,
    {
      before: async (it) => {
        await it.writes.createThingGroup({ ...it.floor, attributes: none })
        await createYard(it)
        await it.join()
      },
      after: (it) => directGroups(it, FLOOR, yard),
    },
  ),
  'change groups: the thing joins one of the hierarchy': row(
    (it) => it.regroup([FLOOR]),
    (it) => it.join(),
    refused('group-of-same-hierarchy'),
    { before: (it) => it.createFloor(), after: (it) => directGroups(it, HOUSE) },
  ),
  'change groups: one of them goes': row((it) => it.regroup([HOUSE, yard]), dropHouse, changed, {
    before: createYard,
    after: (it) => directGroups(it, yard),
  }),
  'change groups: the thing is made again': row(
    (it) => it.regroup([], [HOUSE]),
    (it) => it.remakeThing(),
    unchanged,
    { before: (it) => it.join() },
  ),
  'update a thing: another adds its last attribute': row(
    (it) => it.merge('three'),
    (it) => it.merge('four'),
    refused('too-many-attributes'),
    {
      before: (it) =>
        inSeries(
          () => it.merge('one'),
          () => it.merge('two'),
        ),
    },
  ),
  'update a thing: it loses its type': row(
    (it) => it.merge('four'),
    (it) => it.setTypeOf(null),
    refused('too-many-attributes'),
    {
      before: async (it) => {
        await it.createType()
        await it.setTypeOf(it.type.thingTypeName)
        for (const name of ['one', 'two', 'three']) await it.merge(name)
      },
    },
  ),
  'create a type: another creates it alike': row(
    (it) => it.createType(),
    (it) => it.createType(),
    { ok: true, thingTypeId: expect.any(String) },
  ),
  'update a type: another updates it': row(
    (it) => it.writes.updateThingType({ ...it.type, description: 'a lamp' }),
    (it) => it.writes.updateThingType({ ...it.type, searchableAttributes: ['site'] }),
    changed,
    {
      before: (it) => it.createType(),
      after: async (it) =>
        expect(await it.writes.getThingType(it.type)).toMatchObject({
          description: 'a lamp',
          searchableAttributes: ['site'],
        }),
    },
  ),
  'update a type: it is deprecated': row(
    (it) => it.writes.updateThingType({ ...it.type, description: 'a lamp' }),
    (it) => it.deprecate(),
    changed,
    {
      before: (it) => it.createType(),
      after: async (it) =>
        expect(await it.writes.getThingType(it.type)).toHaveProperty('deprecatedAt'),
    },
  ),
  'deprecate a type: another does': row(
    (it) => it.deprecate(),
    (it) => it.deprecate(),
    unchanged,
    { before: (it) => it.createType() },
  ),
  'deprecate a type: it is updated': row(
    (it) => it.deprecate(),
    (it) => it.writes.updateThingType({ ...it.type, description: 'a lamp' }),
    changed,
    {
      before: (it) => it.createType(),
      after: async (it) =>
        expect(await it.writes.getThingType(it.type)).toHaveProperty('description'),
    },
  ),
  'delete a type: it is deprecated no more': row(
    dropType,
    (it) => it.deprecate(false),
    refused('thing-type-not-deprecated'),
    { before: deprecated, laterSeconds: 300 },
  ),
  'delete a type: it is deprecated anew': row(
    dropType,
    (it) =>
      inSeries(
        () => it.deprecate(false),
        () => it.deprecate(),
      ),
    refused('thing-type-deprecated-just-now'),
    { before: deprecated, laterSeconds: 300 },
  ),
  'delete a type: another deletes it': row(dropType, dropType, refused('thing-type-unknown'), {
    before: deprecated,
    laterSeconds: 300,
  }),
  'delete a type: it is made again': row(
    dropType,
    (it) =>
      inSeries(
        () => dropType(it),
        () => it.createType(),
      ),
    refused('thing-type-not-deprecated'),
    { before: deprecated, laterSeconds: 300 },
  ),
  'delete a type: it is updated': row(
    dropType,
    (it) => it.writes.updateThingType({ ...it.type, description: 'a lamp' }),
    done,
    { before: deprecated, laterSeconds: 300 },
  ),
  'set the default that was judged: the policy is made again': row(
    (it) => it.setDefault('2', false),
    (it) =>
      inSeries(
        () => it.dropVersion('2'),
        it.remakePolicy,
        () => it.addVersion(false),
        () => it.attach('alias'),
      ),
    refused('policy-changed'),
    { before: (it) => it.addVersion(false) },
  ),
  'tag: another tags': row(
    (it) => it.tag(policy, 'one'),
    (it) => it.tag(policy, 'two'),
    changed,
    { after: (it) => tagKeys(it, 'one', 'two') },
  ),
  'tag: another tags what had tags': row(
    (it) => it.tag(policy, 'one'),
    (it) => it.tag(policy, 'two'),
    changed,
    { before: (it) => it.tag(policy, 'three'), after: (it) => tagKeys(it, 'one', 'three', 'two') },
  ),
  'tag: another takes the last place': row(
    (it) => it.tag(policy, 'one'),
    (it) => it.tag(policy, 'two'),
    refused('too-many-tags'),
    { before: (it) => it.tag(policy, ...Array.from({ length: 49 }, (_, n) => `t-${n}`)) },
  ),
  'tag: the policy goes': row(
    (it) => it.tag(policy, 'one'),
    (it) => it.writes.deletePolicy(it.key),
    refused('resource-unknown'),
  ),
  'tag: the policy is made again': row(
    (it) => it.tag(policy, 'one'),
    (it) => it.remakePolicy(),
    changed,
    { after: (it) => tagKeys(it, 'one') },
  ),
  'tag: the tagged policy is made again': row(
    (it) => it.tag(policy, 'one'),
    (it) => it.remakePolicy(),
    changed,
    { before: (it) => it.tag(policy, 'two'), after: (it) => tagKeys(it, 'one') },
  ),
  'untag: another untags': row(
    (it) => it.untag(policy, 'one'),
    (it) => it.untag(policy, 'one'),
    unchanged,
    { before: (it) => it.tag(policy, 'one') },
  ),
  'untag: another tags': row(
    (it) => it.untag(policy, 'one'),
    (it) => it.tag(policy, 'two'),
    changed,
    { before: (it) => it.tag(policy, 'one'), after: (it) => tagKeys(it, 'two') },
  ),
  'delete a policy: it is tagged': row(
    (it) => it.writes.deletePolicy(it.key),
    (it) => it.tag(policy, 'one'),
    done,
  ),
  'delete a group: it is tagged': row(dropHouse, (it) => it.tag(house, 'one'), done),
  'delete an alias: it is tagged': row(
    (it) => it.dropAlias(),
    (it) => it.tag({ kind: 'role-alias', roleAlias: world.CAMERA }, 'one'),
    done,
  ),
  'delete a type: it is tagged': row(
    dropType,
    (it) => it.tag({ kind: 'thing-type', thingTypeName: it.type.thingTypeName }, 'one'),
    done,
    { before: deprecated, laterSeconds: 300 },
  ),
}

async function addFloors(it: Scene, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) {
    const groupName = world.groupName(`floor-no-${n}`)
    await it.writes.createThingGroup({
      ...{ tenantId: it.tenantId, groupName, parentGroupName: HOUSE, attributes: none },
    })
  }
}

describeRivals(rows)
