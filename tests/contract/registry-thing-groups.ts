import type { ThingGroupName } from '@thingpass/core/names'
import { expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { FLOOR, HOUSE, LAMP } = world
const none = new Map<string, string>()
const YARD = world.groupName('yard')

/** Changes of thing groups, and of several groups of one thing at once. */
export function describeThingGroups(registry: () => world.RegistryUnderTest): void {
  async function seedGroup(attributes: Record<string, string> = {}) {
    const { writes } = registry()
    const house = { tenantId: world.newTenant(), groupName: HOUSE }
    await writes.createThingGroup({
      ...house,
      description: 'a house',
      attributes: new Map(Object.entries(attributes)),
    })
    return { writes, house }
  }

  const before = { site: 'north', room: '1' }
  test.each([
    ['attributes replace all', { attributes: { site: 'south' } }, { site: 'south' }],
    ['merged attributes add', { attributes: { a: 'b' }, merge: true }, { ...before, a: 'b' }],
    ['an empty value removes', { attributes: { room: '' }, merge: true }, { site: 'north' }],
    ['without attributes they stay', {}, before],
  ])(
    'updating a group: %s',
    async (_name, {
      attributes,
      ...input
    }: { attributes?: Record<string, string>; merge?: boolean }, after) => {
      const { writes, house } = await seedGroup({ ...before, nothing: '' })
      const given = attributes && { attributes: new Map(Object.entries(attributes)) }
      expect(await writes.updateThingGroup({ ...house, ...input, ...given })).toEqual({
        ok: true,
        version: 2,
      })
      expect(await writes.getThingGroup(house)).toMatchObject({
        description: 'a house',
        attributes: new Map(Object.entries(after)),
        version: 2,
      })
    },
  )

  test('a group of another version is left alone', async () => {
    const { writes, house } = await seedGroup()
    const update = (expectedVersion: number) =>
      writes.updateThingGroup({ ...house, description: 'new', expectedVersion })
    expect(await update(2)).toEqual(world.refused('version-conflict'))
    expect(await update(1)).toEqual({ ok: true, version: 2 })
    expect(await writes.getThingGroup(house)).toMatchObject({ description: 'new', version: 2 })
    expect(await writes.deleteThingGroup({ ...house, expectedVersion: 1 })).toEqual(
      world.refused('version-conflict'),
    )
    expect(await writes.deleteThingGroup({ ...house, expectedVersion: 2 })).toEqual(world.done)
    expect(await update(2)).toEqual(world.refused('thing-group-unknown'))
  })

  const attributes = (count: number) =>
    new Map(Array.from({ length: count }, (_, n) => [`a-${n}`, '1'] as const))

  test('a group has fifty attributes at most', async () => {
    const { writes, house } = await seedGroup()
    const floor = { tenantId: house.tenantId, groupName: FLOOR }
    const tooMany = world.refused('too-many-attributes')
    const create = (count: number) =>
      writes.createThingGroup({ ...floor, attributes: attributes(count) })
    expect(await create(51)).toEqual(tooMany)
    expect(await create(50)).toMatchObject(world.done)
    const more = new Map([['b', '1']])
    expect(await writes.updateThingGroup({ ...floor, attributes: more, merge: true })).toEqual(
      tooMany,
    )
    expect(await writes.updateThingGroup({ ...floor, attributes: attributes(51) })).toEqual(tooMany)
    expect(await writes.updateThingGroup({ ...floor, attributes: more })).toMatchObject(world.done)
  })

  test('a group has a hundred groups directly below it at most', async () => {
    const { writes, house } = await seedGroup()
    const { tenantId } = house
    const create = (n: number) =>
      writes.createThingGroup({
        tenantId,
        groupName: world.groupName(`floor-${n}`),
        parentGroupName: HOUSE,
        attributes: none,
      })
    for (let n = 1; n <= 100; n += 1) await create(n)
    expect(await create(101)).toEqual(world.refused('too-many-child-groups'))
    await writes.deleteThingGroup({ tenantId, groupName: world.groupName('floor-7') })
    expect(await create(101)).toMatchObject(world.done)
    expect(await create(102)).toEqual(world.refused('too-many-child-groups'))
  })

  /** House with a floor, a yard, and a thing. */
  async function seedThing() {
    const { writes } = registry()
    const { tenantId } = await world.seed(registry())
    const create = (groupName: ThingGroupName, parentGroupName?: ThingGroupName) =>
      writes.createThingGroup({
        ...{ tenantId, groupName, attributes: none },
        ...(parentGroupName && { parentGroupName }),
      })
    await create(HOUSE)
    await create(FLOOR, HOUSE)
    await create(YARD)
    const update = (add: readonly ThingGroupName[], remove: readonly ThingGroupName[] = []) =>
      writes.updateThingGroupsForThing({ tenantId, thingName: LAMP, add, remove })
    const groups = async () => {
      const thing = await writes.getThing({ tenantId, thingName: LAMP })
      return thing?.directGroups.toSorted()
    }
    return { writes, tenantId, create, update, groups }
  }

  test('a thing changes several groups at once', async () => {
    const { update, groups } = await seedThing()
    expect(await update([HOUSE, YARD])).toEqual(world.changed)
    expect(await groups()).toEqual([HOUSE, YARD])
    expect(await update([HOUSE, YARD])).toEqual(world.unchanged)
    expect(await update([FLOOR], [HOUSE])).toEqual(world.changed)
    expect(await groups()).toEqual([FLOOR, YARD])
    expect(await update([YARD], [YARD])).toEqual(world.unchanged)
    expect(await update([], [FLOOR, YARD, HOUSE])).toEqual(world.changed)
    expect(await groups()).toEqual([])
    expect(await update([], [FLOOR])).toEqual(world.unchanged)
    expect(await update([YARD, YARD])).toEqual(world.changed)
  })

  test('of groups that cannot all be, none is changed', async () => {
    const { writes, tenantId, create, update, groups } = await seedThing()
    await update([YARD])
    expect(await update([HOUSE, FLOOR], [YARD])).toEqual(world.refused('group-of-same-hierarchy'))
    expect(await update([HOUSE, world.groupName('nobody')], [YARD])).toEqual(
      world.refused('thing-group-unknown'),
    )
    const many = Array.from({ length: 10 }, (_, n) => world.groupName(`g-${n}`))
    for (const name of many) await create(name)
    expect(await update(many)).toEqual(world.refused('too-many-groups'))
    expect(await groups()).toEqual([YARD])
    expect(await update(many, [YARD])).toEqual(world.changed)
    expect(
      await writes.updateThingGroupsForThing({
        ...{ tenantId, thingName: world.thingName('nobody'), add: [YARD], remove: [] },
      }),
    ).toEqual(world.refused('thing-unknown'))
  })
}
