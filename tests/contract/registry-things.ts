import type { ThingGroupName } from '@thingpass/core/names'
import { expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { FLOOR, HOUSE, LAMP, PUMP, READER } = world

/** Things, thing types and thing groups. */
export function describeThings(registry: () => world.RegistryUnderTest): void {
  const none = new Map<string, string>()

  test('a thing is made again with the same configuration only', async () => {
    const { writes } = registry()
    const thing = { tenantId: world.newTenant(), thingName: LAMP }
    const attributes = new Map([
      ['site', 'north'],
      ['room', ''],
    ])
    const first = await writes.createThing({ ...thing, attributes })
    expect(await writes.createThing({ ...thing, attributes })).toEqual(first)
    expect(
      await writes.createThing({ ...thing, attributes: new Map([['site', 'south']]) }),
    ).toEqual(world.refused('thing-exists'))
    expect(await writes.createThing({ ...thing, attributes: none })).toEqual(
      world.refused('thing-exists'),
    )
    expect(await writes.getThing(thing)).toEqual({
      record: {
        thingName: LAMP,
        thingId: first.ok && first.thingId,
        attributes: new Map([['site', 'north']]),
        groups: [],
      },
      directGroups: [],
      version: 1,
      createdAt: world.NOW_STORED,
      modifiedAt: world.NOW_STORED,
    })
  })

  test('a thing type is made again with the same properties only, and must be there for a thing', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const type = { tenantId, thingTypeName: world.thingTypeName('lamp') }
    const thing = { ...type, thingName: LAMP, attributes: none }
    expect(await writes.createThing(thing)).toEqual(world.refused('thing-type-unknown'))
    const first = await writes.createThingType({
      ...type,
      description: 'a lamp',
      searchableAttributes: ['site'],
    })
    expect(
      await writes.createThingType({
        ...type,
        description: 'a lamp',
        searchableAttributes: ['site'],
      }),
    ).toEqual(first)
    expect(await writes.createThingType({ ...type, searchableAttributes: ['site'] })).toEqual(
      world.refused('thing-type-exists'),
    )
    expect(await writes.getThingType(type)).toEqual({
      ...type,
      thingTypeId: first.ok && first.thingTypeId,
      description: 'a lamp',
      searchableAttributes: ['site'],
      createdAt: world.NOW_STORED,
    })
    expect(await writes.createThing(thing)).toMatchObject(world.done)
    expect(await writes.createThing({ tenantId, thingName: LAMP, attributes: none })).toEqual(
      world.refused('thing-exists'),
    )
    const update = { tenantId, thingName: LAMP }
    expect(
      await writes.updateThing({ ...update, thingTypeName: world.thingTypeName('nobody') }),
    ).toEqual(world.refused('thing-type-unknown'))
    await writes.updateThing({ ...update, attributes: none })
    expect((await writes.getThing(update))?.record.thingTypeName).toBe('lamp')
    await writes.updateThing({ ...update, thingTypeName: null })
    expect((await writes.getThing(update))?.record).not.toHaveProperty('thingTypeName')
  })

  const before = { site: 'north', room: '1' }
  test.each([
    ['attributes replace all', { attributes: { site: 'south' } }, { site: 'south' }],
    ['none replace all', { attributes: {} }, {}],
    [
      'merged attributes add',
      { attributes: { floor: '2' }, merge: true },
      { ...before, floor: '2' },
    ],
    ['an empty value removes', { attributes: { room: '' }, merge: true }, { site: 'north' }],
    ['without attributes nothing changes', {}, before],
    ['merging nothing changes nothing', { attributes: {}, merge: true }, before],
  ])(
    'updating a thing: %s',
    async (_name, {
      attributes,
      ...input
    }: { attributes?: Record<string, string>; merge?: boolean }, after) => {
      const { writes } = registry()
      const thing = { tenantId: world.newTenant(), thingName: LAMP }
      await writes.createThing({ ...thing, attributes: new Map(Object.entries(before)) })
      const update = {
        ...thing,
        ...input,
        ...(attributes && { attributes: new Map(Object.entries(attributes)) }),
      }
      expect(await writes.updateThing(update)).toEqual({ ok: true, version: 2 })
      const read = await writes.getThing(thing)
      expect(read?.record.attributes).toEqual(new Map(Object.entries(after)))
      expect(read?.version).toBe(2)
    },
  )

  test('a thing of another version is left alone', async () => {
    const { writes } = registry()
    const thing = { tenantId: world.newTenant(), thingName: LAMP }
    await writes.createThing({ ...thing, attributes: none })
    const conflict = world.refused('version-conflict')
    expect(await writes.updateThing({ ...thing, attributes: none, expectedVersion: 2 })).toEqual(
      conflict,
    )
    expect(await writes.updateThing({ ...thing, attributes: none, expectedVersion: 1 })).toEqual({
      ok: true,
      version: 2,
    })
    expect(await writes.deleteThing({ ...thing, expectedVersion: 1 })).toEqual(conflict)
    expect(await writes.deleteThing({ ...thing, expectedVersion: 2 })).toEqual(world.done)
    expect(await writes.deleteThing(thing)).toEqual(world.refused('thing-unknown'))
    expect(await writes.updateThing(thing)).toEqual(world.refused('thing-unknown'))
  })

  test('an attached thing is not deleted', async () => {
    const { writes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    await writes.attachThing({ tenantId, certificateId, thingName: LAMP, exclusive: false })
    expect(await writes.deleteThing({ tenantId, thingName: LAMP })).toEqual(
      world.refused('thing-attached'),
    )
  })

  async function chain(
    tenantId: ReturnType<typeof world.newTenant>,
    names: readonly ThingGroupName[],
  ) {
    let parent: { parentGroupName?: ThingGroupName } = {}
    const outcomes = []
    for (const groupName of names) {
      outcomes.push(
        await registry().writes.createThingGroup({
          tenantId,
          groupName,
          ...parent,
          attributes: none,
        }),
      )
      parent = { parentGroupName: groupName }
    }
    return outcomes
  }

  test('a hierarchy of groups is at most seven deep', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const names = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => world.groupName(`level-${n}`))
    const outcomes = await chain(tenantId, names)
    expect(outcomes.slice(0, 7)).toEqual(
      outcomes.slice(0, 7).map(() => expect.objectContaining(world.done)),
    )
    expect(outcomes[7]).toEqual(world.refused('group-too-deep'))
    const deepest = await writes.getThingGroup({ tenantId, groupName: names[6]! })
    expect(deepest?.parents.map((group) => group.groupName)).toEqual(names.slice(0, 6).reverse())
  })

  test('a group is made again with the same parent and properties only', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const group = { tenantId, groupName: FLOOR, parentGroupName: HOUSE, attributes: none }
    expect(await writes.createThingGroup(group)).toEqual(world.refused('parent-group-unknown'))
    expect(await writes.getThingGroup(group)).toBeUndefined()
    await writes.createThingGroup({ tenantId, groupName: HOUSE, attributes: none })
    const first = await writes.createThingGroup(group)
    expect(await writes.createThingGroup(group)).toEqual(first)
    const conflict = world.refused('thing-group-exists')
    expect(await writes.createThingGroup({ ...group, description: 'x' })).toEqual(conflict)
    expect(await writes.createThingGroup({ tenantId, groupName: FLOOR, attributes: none })).toEqual(
      conflict,
    )
    expect(await writes.createThingGroup({ ...group, attributes: new Map([['a', 'b']]) })).toEqual(
      conflict,
    )
    expect(await writes.getThingGroup(group)).toMatchObject({
      version: 1,
      parents: [{ groupName: HOUSE }],
    })
  })

  test('a group goes before its parent, and not in another version', async () => {
    const { writes } = registry()
    const tenantId = world.newTenant()
    await chain(tenantId, [HOUSE, FLOOR])
    const house = { tenantId, groupName: HOUSE }
    const floor = { tenantId, groupName: FLOOR }
    expect(await writes.deleteThingGroup(house)).toEqual(world.refused('child-groups-attached'))
    expect(await writes.deleteThingGroup({ ...floor, expectedVersion: 2 })).toEqual(
      world.refused('version-conflict'),
    )
    expect(await writes.deleteThingGroup({ ...floor, expectedVersion: 1 })).toEqual(world.done)
    expect(await writes.deleteThingGroup(floor)).toEqual(world.refused('thing-group-unknown'))
    expect(await writes.deleteThingGroup(house)).toEqual(world.done)
  })

  test('a group that goes gives its policies free', async () => {
    const { writes } = registry()
    const { tenantId } = await world.seed(registry())
    await chain(tenantId, [HOUSE])
    await writes.attachPolicy({
      tenantId,
      policyName: READER,
      target: { kind: 'thing-group', groupName: HOUSE },
    })
    expect(await writes.deleteThingGroup({ tenantId, groupName: HOUSE })).toEqual(world.done)
    expect(await writes.deletePolicy({ tenantId, policyName: READER })).toEqual(world.done)
  })

  test('a thing is in one group of a hierarchy, and in ten groups at most', async () => {
    const { writes } = registry()
    const { tenantId } = await world.seed(registry())
    const add = (groupName: ThingGroupName) =>
      writes.addThingToGroup({ tenantId, groupName, thingName: LAMP })
    await chain(tenantId, [HOUSE, FLOOR])
    expect(await add(FLOOR)).toEqual(world.changed)
    expect(await add(FLOOR)).toEqual(world.unchanged)
    expect(await add(HOUSE)).toEqual(world.refused('group-of-same-hierarchy'))
    const names = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => world.groupName(`group-${n}`))
    for (const name of names) await chain(tenantId, [name])
    for (const name of names.slice(0, 9)) expect(await add(name)).toEqual(world.changed)
    expect(await add(names[9]!)).toEqual(world.refused('too-many-groups'))
    const remove = { tenantId, groupName: FLOOR, thingName: LAMP }
    expect(await writes.removeThingFromGroup(remove)).toEqual(world.changed)
    expect(await writes.removeThingFromGroup(remove)).toEqual(world.unchanged)
    expect(await add(names[9]!)).toEqual(world.changed)
    const thing = await writes.getThing({ tenantId, thingName: LAMP })
    expect(thing?.directGroups).toEqual(names)
    expect(thing?.record.groups).toHaveLength(10)
  })

  test('groups that went are not in the way of the ten', async () => {
    const { writes } = registry()
    const { tenantId } = await world.seed(registry())
    const names = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => world.groupName(`group-${n}`))
    for (const groupName of names) {
      await chain(tenantId, [groupName])
      await writes.addThingToGroup({ tenantId, groupName, thingName: LAMP })
    }
    await writes.deleteThingGroup({ tenantId, groupName: names[0]! })
    await chain(tenantId, [HOUSE])
    expect(await writes.addThingToGroup({ tenantId, groupName: HOUSE, thingName: LAMP })).toEqual(
      world.changed,
    )
    const thing = await writes.getThing({ tenantId, thingName: LAMP })
    expect(thing?.directGroups).toEqual([...names.slice(1), HOUSE])
  })

  test('thing and group must be there, in the same tenant', async () => {
    const { writes } = registry()
    const { tenantId } = await world.seed(registry())
    const input = { tenantId, groupName: HOUSE, thingName: LAMP }
    expect(await writes.addThingToGroup(input)).toEqual(world.refused('thing-group-unknown'))
    await chain(world.newTenant(), [HOUSE])
    expect(await writes.addThingToGroup(input)).toEqual(world.refused('thing-group-unknown'))
    await chain(tenantId, [HOUSE])
    const unknown = { ...input, thingName: PUMP }
    expect(await writes.addThingToGroup(unknown)).toEqual(world.refused('thing-unknown'))
    expect(await writes.removeThingFromGroup(unknown)).toEqual(world.refused('thing-unknown'))
  })
}
