import { expect, test } from 'vitest'
import * as world from './registry-world.ts'

const { LAMP, PUMP } = world
const LAMP_TYPE = world.thingTypeName('lamp')
const none = new Map<string, string>()

/** The life of a thing type, and how many attributes a thing has with one and without. */
export function describeThingTypes(registry: () => world.RegistryUnderTest): void {
  async function seedType() {
    const { writes, at } = registry()
    const type = { tenantId: world.newTenant(), thingTypeName: LAMP_TYPE }
    await writes.createThingType({ ...type, description: 'a lamp', searchableAttributes: ['site'] })
    const deprecate = (deprecated: boolean) => writes.deprecateThingType({ ...type, deprecated })
    const deleteLater = (seconds: number) =>
      at(new Date(world.NOW_STORED.getTime() + seconds * 1000), () => writes.deleteThingType(type))
    return { writes, at, type, deprecate, deleteLater }
  }

  test('a type is updated in what is given', async () => {
    const { writes, type } = await seedType()
    const update = (changes: object) => writes.updateThingType({ ...type, ...changes })
    expect(await update({ searchableAttributes: ['room'] })).toEqual(world.changed)
    expect(await writes.getThingType(type)).toMatchObject({
      description: 'a lamp',
      searchableAttributes: ['room'],
    })
    expect(await update({ description: 'lamps' })).toEqual(world.changed)
    expect(await update({ description: 'lamps' })).toEqual(world.unchanged)
    expect(await update({})).toEqual(world.unchanged)
    expect(await writes.getThingType(type)).toMatchObject({
      description: 'lamps',
      searchableAttributes: ['room'],
    })
  })

  test('a type is deprecated with its date, which it keeps, and is so no more', async () => {
    const { writes, at, type, deprecate } = await seedType()
    expect(await deprecate(false)).toEqual(world.unchanged)
    expect(await deprecate(true)).toEqual(world.changed)
    const later = new Date(world.NOW.getTime() + 60_000)
    expect(await at(later, () => deprecate(true))).toEqual(world.unchanged)
    expect(await writes.getThingType(type)).toMatchObject({ deprecatedAt: world.NOW_STORED })
    await writes.updateThingType({ ...type, description: 'old' })
    expect(await writes.getThingType(type)).toMatchObject({ deprecatedAt: world.NOW_STORED })
    expect(await deprecate(false)).toEqual(world.changed)
    expect(await writes.getThingType(type)).not.toHaveProperty('deprecatedAt')
  })

  test('a deprecated type is given to no thing, and things that have it keep it', async () => {
    const { writes, type, deprecate } = await seedType()
    const lamp = { ...type, thingName: LAMP }
    const pump = { tenantId: type.tenantId, thingName: PUMP }
    await writes.createThing({ ...lamp, attributes: none })
    await writes.createThing({ ...pump, attributes: none })
    await deprecate(true)
    const refusal = world.refused('thing-type-deprecated')
    const thing = { ...type, thingName: world.thingName('new'), attributes: none }
    expect(await writes.createThing(thing)).toEqual(refusal)
    expect(await writes.updateThing({ ...pump, thingTypeName: LAMP_TYPE })).toEqual(refusal)
    const { tenantId, thingName } = lamp
    expect(await writes.updateThing({ tenantId, thingName, attributes: none })).toMatchObject(
      world.done,
    )
    expect((await writes.getThing(lamp))?.record.thingTypeName).toBe(LAMP_TYPE)
    await deprecate(false)
    expect(await writes.createThing(thing)).toMatchObject(world.done)
  })

  test('a type goes five minutes after its deprecation, and not without', async () => {
    const { writes, type, deprecate, deleteLater } = await seedType()
    expect(await deleteLater(1000)).toEqual(world.refused('thing-type-not-deprecated'))
    await deprecate(true)
    expect(await deleteLater(299)).toEqual(world.refused('thing-type-deprecated-just-now'))
    expect(await deleteLater(-300)).toEqual(world.refused('thing-type-deprecated-just-now'))
    expect(await deleteLater(300)).toEqual(world.done)
    expect(await writes.getThingType(type)).toBeUndefined()
    expect(await deleteLater(300)).toEqual(world.refused('thing-type-unknown'))
  })

  test('a type that has things stays until the last of them is without it', async () => {
    const { writes, type, deprecate, deleteLater } = await seedType()
    const things = ['a', 'b', 'c', 'd', 'e'].map((name) => ({
      tenantId: type.tenantId,
      thingName: world.thingName(name),
    }))
    for (const thing of things) await writes.createThing({ ...thing, ...type, attributes: none })
    await deprecate(true)
    const [first, ...others] = things
    for (const thing of others) {
      expect(await deleteLater(300)).toEqual(world.refused('thing-type-in-use'))
      await writes.deleteThing(thing)
    }
    expect(await deleteLater(300)).toEqual(world.refused('thing-type-in-use'))
    await writes.updateThing({ ...first!, thingTypeName: null })
    expect(await deleteLater(300)).toEqual(world.done)
  })

  test('a type of that name in another tenant is not in the way', async () => {
    const { writes, deprecate, deleteLater } = await seedType()
    const other = await seedType()
    await writes.createThing({ ...other.type, thingName: LAMP, attributes: none })
    await deprecate(true)
    expect(await deleteLater(300)).toEqual(world.done)
  })

  test('a type that is not there is unknown, whatever is asked of it', async () => {
    const { writes } = registry()
    const type = { tenantId: world.newTenant(), thingTypeName: LAMP_TYPE }
    const unknown = world.refused('thing-type-unknown')
    expect(await writes.updateThingType({ ...type, description: 'x' })).toEqual(unknown)
    expect(await writes.deprecateThingType({ ...type, deprecated: true })).toEqual(unknown)
    expect(await writes.deleteThingType(type)).toEqual(unknown)
  })

  const attributes = (count: number, from = 0) =>
    new Map(Array.from({ length: count }, (_, n) => [`a-${from + n}`, '1'] as const))
  const tooMany = world.refused('too-many-attributes')

  test.each([
    ['without a type', false, 3],
    ['with a type', true, 50],
  ])('a thing %s has a bounded number of attributes', async (_name, typed, most) => {
    const { writes, type } = await seedType()
    const thing = { tenantId: type.tenantId, thingName: LAMP }
    const create = (count: number) =>
      writes.createThing({
        ...thing,
        ...(typed && { thingTypeName: LAMP_TYPE }),
        attributes: attributes(count),
      })
    expect(await create(most + 1)).toEqual(tooMany)
    expect(await writes.getThing(thing)).toBeUndefined()
    expect(await create(most)).toMatchObject(world.done)
    const update = (given: ReadonlyMap<string, string>, merge: boolean) =>
      writes.updateThing({ ...thing, attributes: given, merge })
    expect(await update(attributes(1, most), true)).toEqual(tooMany)
    expect(await update(attributes(most + 1), false)).toEqual(tooMany)
    expect((await writes.getThing(thing))?.version).toBe(1)
    const swap = new Map([...attributes(1, most), ['a-0', '']] as const)
    expect(await update(swap, true)).toMatchObject(world.done)
    expect(await update(attributes(most, 100), false)).toMatchObject(world.done)
  })

  test('a thing with four attributes does not lose its type', async () => {
    const { writes, type } = await seedType()
    const thing = { tenantId: type.tenantId, thingName: LAMP }
    await writes.createThing({ ...thing, thingTypeName: LAMP_TYPE, attributes: attributes(4) })
    expect(await writes.updateThing({ ...thing, thingTypeName: null })).toEqual(tooMany)
    const fewer = { ...thing, thingTypeName: null, attributes: attributes(3) }
    expect(await writes.updateThing(fewer)).toMatchObject(world.done)
  })
}
