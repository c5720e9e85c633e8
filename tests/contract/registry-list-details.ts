import type { ThingGroupName } from '@thingpass/core/names'
import { describe, expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { CAMERA, FLOOR, HOUSE, LAMP, PUMP, READER } = world
const LAMP_TYPE = world.thingTypeName('lamp')
const none = new Map<string, string>()
const all = { limit: 250 }

/** What lists show and what they leave out. */
export function describeLists(registry: () => world.RegistryUnderTest): void {
  async function seedThings() {
    const { writes } = registry()
    const tenantId = world.newTenant()
    await writes.createThingType({ tenantId, thingTypeName: LAMP_TYPE, searchableAttributes: [] })
    const things = [
      ['a', true, { site: 'north' }],
      ['b', true, { site: 'north-2' }],
      ['c', false, { site: 'north' }],
      ['d', false, { room: 'north' }],
      ['e', true, {}],
    ] as const
    for (const [name, typed, attributes] of things) {
      await writes.createThing({
        ...{ tenantId, thingName: world.thingName(name) },
        ...(typed && { thingTypeName: LAMP_TYPE }),
        attributes: new Map(Object.entries(attributes)),
      })
    }
    return { writes, tenantId }
  }

  test('a thing is listed with its type, attributes and version', async () => {
    const { writes, tenantId } = await seedThings()
    await writes.updateThing({ tenantId, thingName: world.thingName('d'), attributes: none })
    const { items } = await writes.listThings({ tenantId, ...all })
    const attributes = new Map([['site', 'north']])
    const [first] = items
    expect(first).toEqual({ thingName: 'a', thingTypeName: LAMP_TYPE, attributes, version: 1 })
    expect(items[3]).toEqual({ thingName: 'd', attributes: none, version: 2 })
  })

  const site = { name: 'site', value: 'north' }
  test.each([
    ['all', {}, 'abcde'],
    ['a type', { thingTypeName: LAMP_TYPE }, 'abe'],
    ['another type', { thingTypeName: world.thingTypeName('lam') }, ''],
    ['an attribute', { attribute: { ...site, isPrefix: false } }, 'ac'],
    ['the beginning of one', { attribute: { ...site, isPrefix: true } }, 'abc'],
    ['any value of one', { attribute: { name: 'site', value: '', isPrefix: true } }, 'abc'],
    [
      'type and attribute',
      { thingTypeName: LAMP_TYPE, attribute: { ...site, isPrefix: false } },
      'a',
    ],
    ['no such attribute', { attribute: { ...site, name: 'constructor', isPrefix: true } }, ''],
  ])('things are listed by %s', async (_name, filter, names) => {
    const { writes, tenantId } = await seedThings()
    const { items } = await writes.listThings({ tenantId, ...filter, ...all })
    expect(items.map(({ thingName }) => thingName).join('')).toBe(names)
  })

  test('a thing that gets another type, or none, is listed under that one only', async () => {
    const { writes, tenantId } = await seedThings()
    const pumpType = world.thingTypeName('pump')
    await writes.createThingType({ tenantId, thingTypeName: pumpType, searchableAttributes: [] })
    await writes.updateThing({ tenantId, thingName: world.thingName('a'), thingTypeName: pumpType })
    const names = async (thingTypeName: typeof pumpType) =>
      (await writes.listThings({ tenantId, thingTypeName, ...all })).items.map(
        ({ thingName }) => thingName,
      )
    expect(await names(LAMP_TYPE)).toEqual(['b', 'e'])
    expect(await names(pumpType)).toEqual(['a'])
    await writes.updateThing({ tenantId, thingName: world.thingName('b'), thingTypeName: null })
    expect(await names(LAMP_TYPE)).toEqual(['e'])
  })

  test('one thing type is listed by its name, as it is described', async () => {
    const { writes, tenantId } = await seedThings()
    await writes.createThingType({
      ...{ tenantId, thingTypeName: world.thingTypeName('lamp-2'), searchableAttributes: [] },
    })
    const type = await writes.getThingType({ tenantId, thingTypeName: LAMP_TYPE })
    const list = (thingTypeName: typeof LAMP_TYPE, page: object = {}) =>
      writes.listThingTypes({ tenantId, thingTypeName, ...all, ...page })
    expect(await list(LAMP_TYPE)).toEqual({ items: [type] })
    expect(await list(LAMP_TYPE, { after: LAMP_TYPE })).toEqual({ items: [] })
    expect(await list(world.thingTypeName('lam'))).toEqual({ items: [] })
  })

  const ROOM = world.groupName('room')
  const FLOOR_10 = world.groupName('floor-10')
  /** House: floor-1 with a room, floor-10. Yard. A thing in each, named like it. */
  async function seedGroups() {
    const { writes } = registry()
    const tenantId = world.newTenant()
    const groups: readonly (readonly [ThingGroupName, ThingGroupName?])[] = [
      [HOUSE],
      [FLOOR, HOUSE],
      [FLOOR_10, HOUSE],
      [ROOM, FLOOR],
      [world.groupName('yard')],
    ]
    for (const [groupName, parentGroupName] of groups) {
      const parent = parentGroupName && { parentGroupName }
      await writes.createThingGroup({ tenantId, groupName, ...parent, attributes: none })
      const thingName = world.thingName(`in-${groupName}`)
      await writes.createThing({ tenantId, thingName, attributes: none })
      await writes.addThingToGroup({ tenantId, thingName, groupName })
    }
    const list = async (input: object, recursive: boolean) => {
      const part = await writes.listThingGroups({ tenantId, recursive, ...all, ...input })
      return part.ok ? part.items.toSorted() : part.conflict
    }
    const members = async (groupName: ThingGroupName, recursive: boolean) => {
      const part = await writes.listThingsInGroup({ tenantId, groupName, recursive, ...all })
      return part.ok ? part.items.toSorted() : part.conflict
    }
    return { writes, tenantId, list, members }
  }

  test.each([
    ['all', {}, true, ['floor-1', 'floor-10', 'house', 'room', 'yard']],
    ['those without a parent', {}, false, ['house', 'yard']],
    ['all of a prefix', { namePrefix: 'floor-1' }, true, ['floor-1', 'floor-10']],
    ['those without a parent, of a prefix', { namePrefix: 'y' }, false, ['yard']],
    ['those directly below', { parentGroupName: HOUSE }, false, ['floor-1', 'floor-10']],
    ['those directly below, of a prefix', below('floor-10'), false, ['floor-10']],
    ['all below', { parentGroupName: HOUSE }, true, ['floor-1', 'floor-10', 'room']],
    ['all below, of a prefix', below('r'), true, ['room']],
    ['all below one that has a parent', { parentGroupName: FLOOR }, true, ['room']],
    ['none below a leaf', { parentGroupName: ROOM }, true, []],
    ['none directly below a leaf', { parentGroupName: ROOM }, false, []],
    ['an unknown parent', { parentGroupName: READER }, true, 'parent-group-unknown'],
  ])('groups are listed: %s', async (_name, input, recursive, names) => {
    const { list } = await seedGroups()
    expect(await list(input, recursive)).toEqual(names)
  })

  test('things are listed by their group, and by all groups below', async () => {
    const { members } = await seedGroups()
    expect(await members(HOUSE, false)).toEqual(['in-house'])
    expect(await members(HOUSE, true)).toEqual(['in-floor-1', 'in-floor-10', 'in-house', 'in-room'])
    expect(await members(FLOOR, true)).toEqual(['in-floor-1', 'in-room'])
    expect(await members(ROOM, true)).toEqual(['in-room'])
    expect(await members(world.groupName('nobody'), true)).toBe('thing-group-unknown')
  })

  test('a group that is made again lists none of its earlier things, nor does one above it', async () => {
    const { writes, tenantId, members } = await seedGroups()
    const floor = { tenantId, groupName: FLOOR_10 }
    await writes.deleteThingGroup(floor)
    expect(await members(HOUSE, true)).toEqual(['in-floor-1', 'in-house', 'in-room'])
    await writes.createThingGroup({ ...floor, parentGroupName: HOUSE, attributes: none })
    expect(await members(HOUSE, true)).toEqual(['in-floor-1', 'in-house', 'in-room'])
    expect(await members(FLOOR_10, false)).toEqual([])
    await writes.addThingToGroup({ ...floor, thingName: world.thingName('in-floor-10') })
    expect(await members(HOUSE, true)).toContain('in-floor-10')
  })

  test('groups of a thing that is not there', async () => {
    const { writes } = registry()
    const thing = { tenantId: world.newTenant(), thingName: LAMP }
    expect(await writes.listThingGroupsForThing({ ...thing, ...all })).toEqual(
      world.refused('thing-unknown'),
    )
  })

  describe('attachments', () => {
    test('are listed with their type, from both ends, and by it', async () => {
      const { writes } = registry()
      const { tenantId, certificateId } = await world.seed(registry())
      const other = { tenantId, certificateId: world.newCertificateId() }
      const registration = { kind: 'without-ca' } as const
      await writes.registerCertificate({ ...other, registration, status: 'ACTIVE' })
      await writes.createThing({ tenantId, thingName: PUMP, attributes: none })
      const lamp = { tenantId, thingName: LAMP }
      await writes.attachThing({ ...lamp, certificateId, exclusive: true })
      await writes.attachThing({ ...other, ...lamp, exclusive: false })
      await writes.attachThing({ ...other, thingName: PUMP, exclusive: false })
      const principals = (filter: object) =>
        writes.listThingPrincipals({ ...lamp, ...filter, ...all })
      const own = { certificateId, exclusive: true }
      const shared = { certificateId: other.certificateId, exclusive: false }
      expect(await principals({})).toEqual({ ok: true, items: [own, shared] })
      expect(await principals({ exclusive: true })).toEqual({ ok: true, items: [own] })
      expect(await principals({ exclusive: false })).toEqual({ ok: true, items: [shared] })
      const things = (filter: object) => writes.listPrincipalThings({ ...other, ...filter, ...all })
      const items = [LAMP, PUMP].map((thingName) => ({ thingName, exclusive: false }))
      expect(await things({})).toEqual({ ok: true, items })
      expect(await things({ exclusive: false })).toEqual({ ok: true, items })
      expect(await things({ exclusive: true })).toEqual({ ok: true, items: [] })
    })

    test('of what is not there, or another tenant’s, are refused', async () => {
      const { writes } = registry()
      const { certificateId } = await world.seed(registry())
      const tenantId = world.newTenant()
      expect(await writes.listThingPrincipals({ tenantId, thingName: LAMP, ...all })).toEqual(
        world.refused('thing-unknown'),
      )
      expect(await writes.listPrincipalThings({ tenantId, certificateId, ...all })).toEqual(
        world.refused('certificate-unknown'),
      )
      expect(await writes.listTargetsForPolicy({ tenantId, policyName: READER, ...all })).toEqual(
        world.refused('policy-unknown'),
      )
    })
  })

  test('targets of a policy are of three kinds', async () => {
    const { writes } = registry()
    const { tenantId, certificateId } = await world.seed(registry())
    const key = { tenantId, policyName: READER }
    await writes.createThingGroup({ tenantId, groupName: HOUSE, attributes: none })
    await writes.createRoleAlias({
      ...{ tenantId, roleAlias: CAMERA, roleArn: world.ROLE, credentialDurationSeconds: 900 },
    })
    const targets = [
      { kind: 'role-alias', roleAlias: CAMERA },
      { kind: 'certificate', certificateId },
      { kind: 'thing-group', groupName: HOUSE },
    ] as const
    for (const target of targets) await writes.attachPolicy({ ...key, target })
    expect(await writes.listTargetsForPolicy({ ...key, ...all })).toEqual({
      ok: true,
      items: targets,
    })
  })

  test('policies of a group are listed with those of the groups above, each once', async () => {
    const { writes, tenantId } = await seedGroups()
    const names = ['a', 'b', 'c'].map(world.policyName)
    for (const policyName of names) {
      await writes.createPolicy({ tenantId, policyName, document: world.ALLOW })
    }
    const [a, b, c] = names
    const attached: readonly (readonly [ThingGroupName, typeof a])[] = [
      [ROOM, b],
      [FLOOR, c],
      [HOUSE, a],
      [HOUSE, b],
      [FLOOR_10, c],
    ]
    for (const [groupName, policyName] of attached) {
      const target = { kind: 'thing-group', groupName } as const
      await writes.attachPolicy({ tenantId, policyName: policyName!, target })
    }
    const list = async (groupName: ThingGroupName, page: object) => {
      const target = { kind: 'thing-group', groupName } as const
      return writes.listAttachedPolicies({ tenantId, target, ...all, ...page })
    }
    expect(await list(ROOM, {})).toEqual({ ok: true, items: ['b'] })
    expect(await list(ROOM, { recursive: true })).toEqual({ ok: true, items: ['a', 'b', 'c'] })
    expect(await list(HOUSE, { recursive: true })).toEqual({ ok: true, items: ['a', 'b'] })
    const part = { recursive: true, limit: 2, ascending: false }
    expect(await list(ROOM, part)).toEqual({ ok: true, items: ['c', 'b'], next: 'b' })
    expect(await list(ROOM, { ...part, after: 'b' })).toEqual({ ok: true, items: ['a'] })
  })
}

const below = (namePrefix: string) => ({ parentGroupName: HOUSE, namePrefix })
