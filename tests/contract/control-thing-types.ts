import {
  CreateThingCommand,
  CreateThingTypeCommand,
  DeleteThingCommand,
  DeleteThingTypeCommand,
  DeprecateThingTypeCommand,
  DescribeThingTypeCommand,
  ListThingTypesCommand,
  UpdateThingTypeCommand,
} from '@aws-sdk/client-iot'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { arn, errorOf, NOW, pagesOf, registryTime, type World } from './control-world.ts'

let last = 0
const newName = () => {
  last += 1
  return `type:${last}`
}

export function testThingTypes(world: () => World): void {
  const client = () => world().client()
  const create = (thingTypeName: string, thingTypeProperties = {}) =>
    client().send(new CreateThingTypeCommand({ thingTypeName, thingTypeProperties }))
  const read = (thingTypeName: string) =>
    client().send(new DescribeThingTypeCommand({ thingTypeName }))
  const update = (thingTypeName: string, thingTypeProperties: object) =>
    client().send(new UpdateThingTypeCommand({ thingTypeName, thingTypeProperties }))
  const deprecate = (thingTypeName: string, undoDeprecate?: boolean) =>
    client().send(new DeprecateThingTypeCommand({ thingTypeName, undoDeprecate }))
  const remove = (thingTypeName: string) =>
    client().send(new DeleteThingTypeCommand({ thingTypeName }))
  const invalid = (message: string) => ['InvalidRequestException', 400, message]

  afterEach(() => {
    registryTime.now = NOW
  })

  describe('thing types', () => {
    const PROPERTIES = { thingTypeDescription: 'A lamp', searchableAttributes: ['site', 'floor'] }

    test('are made and described', async () => {
      const thingTypeName = newName()
      const thingTypeArn = arn(`thingtype/${thingTypeName}`)
      const made = await create(thingTypeName, PROPERTIES)
      expect(made).toMatchObject({ thingTypeName, thingTypeArn, thingTypeId: expect.any(String) })
      const described = await read(thingTypeName)
      expect(described).toMatchObject({
        ...{ thingTypeName, thingTypeArn, thingTypeId: made.thingTypeId },
        thingTypeProperties: PROPERTIES,
      })
      expect(described.thingTypeMetadata).toEqual({ deprecated: false, creationDate: NOW })
    })

    test('are made again as they are, and not otherwise', async () => {
      const thingTypeName = newName()
      const made = await create(thingTypeName, PROPERTIES)
      expect((await create(thingTypeName, PROPERTIES)).thingTypeId).toBe(made.thingTypeId)
      const thrown = await create(thingTypeName).catch((error: unknown) => error)
      expect(thrown).toMatchObject({
        name: 'ResourceAlreadyExistsException',
        message: `Thing type ${thingTypeName} already exists in account with different properties`,
        resourceId: thingTypeName,
        resourceArn: arn(`thingtype/${thingTypeName}`),
        $metadata: { httpStatusCode: 409 },
      })
    })

    test('are changed in what is named', async () => {
      const thingTypeName = newName()
      await create(thingTypeName, PROPERTIES)
      await update(thingTypeName, { thingTypeDescription: 'A bright lamp' })
      await update(thingTypeName, { mqtt5Configuration: { propagatingAttributes: [] } })
      expect((await read(thingTypeName)).thingTypeProperties).toEqual({
        ...PROPERTIES,
        thingTypeDescription: 'A bright lamp',
      })
    })

    test('are deprecated and taken back, and given to no thing meanwhile', async () => {
      const thingTypeName = newName()
      const newThing = () =>
        client().send(new CreateThingCommand({ thingName: `of-${thingTypeName}`, thingTypeName }))
      await create(thingTypeName)
      await deprecate(thingTypeName)
      expect((await read(thingTypeName)).thingTypeMetadata).toEqual({
        ...{ deprecated: true, deprecationDate: NOW, creationDate: NOW },
      })
      expect(await errorOf(newThing())).toEqual(
        invalid(`Can not create new thing with depreated thing type:${thingTypeName}`),
      )
      await deprecate(thingTypeName, true)
      expect((await read(thingTypeName)).thingTypeMetadata).toEqual({
        ...{ deprecated: false, creationDate: NOW },
      })
      await newThing()
    })

    test('are deleted five minutes after they were deprecated', async () => {
      const thingTypeName = newName()
      const why = (text: string) => invalid(`Cannot delete thing type : ${thingTypeName}. ${text}`)
      await create(thingTypeName)
      expect(await errorOf(remove(thingTypeName))).toEqual(
        why('Please deprecate the thing type, wait for 5 minutes and then retry'),
      )
      await deprecate(thingTypeName)
      const early = why('Please wait for 5 minutes after deprecation and then retry')
      expect(await errorOf(remove(thingTypeName))).toEqual(early)
      registryTime.now = new Date(NOW.getTime() + 299_000)
      expect(await errorOf(remove(thingTypeName))).toEqual(early)
      registryTime.now = new Date(NOW.getTime() + 300_000)
      await remove(thingTypeName)
      expect(await errorOf(read(thingTypeName))).toEqual([
        'ResourceNotFoundException',
        404,
        `Thing type ${thingTypeName} cannot be found.`,
      ])
    })

    test('are not deleted while a thing is of them', async () => {
      const thingTypeName = newName()
      const thingName = `holds-${last}`
      await create(thingTypeName)
      await client().send(new CreateThingCommand({ thingName, thingTypeName }))
      await deprecate(thingTypeName)
      registryTime.now = new Date(NOW.getTime() + 300_000)
      expect(await errorOf(remove(thingTypeName))).toEqual(
        invalid(
          `Cannot delete thing type : ${thingTypeName}. There are still things associated with it`,
        ),
      )
      await client().send(new DeleteThingCommand({ thingName }))
      await vi.waitFor(() => remove(thingTypeName), { timeout: 5000, interval: 50 })
    })

    test('that are not there are not found', async () => {
      const missing = ['ResourceNotFoundException', 404, 'Thing type none cannot be found.']
      const calls = [read('none'), update('none', {}), deprecate('none'), remove('none')]
      for (const error of await Promise.all(calls.map(errorOf))) expect(error).toEqual(missing)
    })

    test.each([
      [{ thingTypeDescription: 'ü' }, 'thingTypeProperties.thingTypeDescription'],
      [{ thingTypeDescription: 'x'.repeat(2029) }, 'less than or equal to 2028'],
      [{ searchableAttributes: ['a', 'b', 'c', 'd'] }, 'length within [0, 3]'],
      [{ searchableAttributes: ['a b'] }, 'thingTypeProperties.searchableAttributes.1.member'],
      [
        { mqtt5Configuration: { propagatingAttributes: [{ userPropertyKey: 'k' }] } },
        'MQTT 5 configurations are not supported here',
      ],
    ])('are neither made nor changed with %j', async (properties, message) => {
      const thingTypeName = newName()
      const made = await errorOf(create(thingTypeName, properties))
      expect(made.slice(0, 2)).toEqual(['InvalidRequestException', 400])
      expect(made[2]).toContain(message)
      await create(thingTypeName)
      expect(await errorOf(update(thingTypeName, properties))).toEqual(made)
    })

    test('are listed in pages, or one of them', async () => {
      const { client: alone } = await world().newTenant()
      const names = ['a', 'b', 'c']
      for (const thingTypeName of names) {
        await alone.send(new CreateThingTypeCommand({ thingTypeName }))
      }
      const list = async (more: object) => {
        const { thingTypes = [], nextToken } = await alone.send(new ListThingTypesCommand(more))
        return [thingTypes.map((type) => type.thingTypeName), nextToken] as const
      }
      await vi.waitFor(async () => expect((await list({}))[0]).toEqual(names))
      expect(await pagesOf((nextToken) => list({ maxResults: 2, nextToken }))).toEqual([
        ['a', 'b'],
        ['c'],
      ])
      const { thingTypes } = await alone.send(new ListThingTypesCommand({ thingTypeName: 'b' }))
      expect(thingTypes).toEqual([
        {
          ...{ thingTypeName: 'b', thingTypeArn: arn('thingtype/b') },
          thingTypeProperties: { searchableAttributes: [] },
          thingTypeMetadata: { deprecated: false, creationDate: NOW },
        },
      ])
    })
  })
}
