import {
  AddThingToThingGroupCommand,
  CreateDynamicThingGroupCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DeleteDynamicThingGroupCommand,
  DeleteThingGroupCommand,
  DescribeThingGroupCommand,
  type IoTClient,
  ListThingGroupsCommand,
  ListThingGroupsForThingCommand,
  ListThingsInThingGroupCommand,
  RemoveThingFromThingGroupCommand,
  UpdateDynamicThingGroupCommand,
  UpdateThingGroupCommand,
  UpdateThingGroupsForThingCommand,
} from '@aws-sdk/client-iot'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { arn, errorOf, NOW, pagesOf, sorted, type World } from './control-world.ts'

let last = 0
const newName = () => {
  last += 1
  return `group:${last}`
}
const invalid = (message: string) => ['InvalidRequestException', 400, message]
const missing = (message: string) => ['ResourceNotFoundException', 404, message]

const create = (client: IoTClient, thingGroupName: string, more = {}) =>
  client.send(new CreateThingGroupCommand({ thingGroupName, ...more }))
const attributesOf = (attributes: Record<string, string>) => ({
  thingGroupProperties: { attributePayload: { attributes } },
})
const numbered = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, 'x']))

export function testThingGroups(world: () => World): void {
  const client = () => world().client()
  const read = (thingGroupName: string) =>
    client().send(new DescribeThingGroupCommand({ thingGroupName }))
  const update = (thingGroupName: string, thingGroupProperties: object, expectedVersion?: number) =>
    client().send(
      new UpdateThingGroupCommand({ thingGroupName, thingGroupProperties, expectedVersion }),
    )
  const remove = (thingGroupName: string, expectedVersion?: number) =>
    client().send(new DeleteThingGroupCommand({ thingGroupName, expectedVersion }))
  const conflictOf = (name: string) => [
    'VersionConflictException',
    409,
    `The version for thing group ${name} does not match the expected version.`,
  ]

  describe('thing groups', () => {
    test('are made under a parent, described and deleted', async () => {
      const [root, parent, name] = [newName(), newName(), newName()]
      await create(client(), root)
      await create(client(), parent, { parentGroupName: root })
      const thingGroupArn = arn(`thinggroup/${name}`)
      const attributes = { site: 'p7' }
      const thingGroupProperties = {
        ...{ thingGroupDescription: 'Lamps', attributePayload: { attributes } },
      }
      const made = await create(client(), name, { parentGroupName: parent, thingGroupProperties })
      expect(made).toMatchObject({
        ...{ thingGroupName: name, thingGroupArn, thingGroupId: expect.any(String) },
      })
      const summary = (groupName: string) => ({
        groupName,
        groupArn: arn(`thinggroup/${groupName}`),
      })
      expect(await read(name)).toMatchObject({
        ...{ thingGroupName: name, thingGroupArn, thingGroupId: made.thingGroupId, version: 1 },
        thingGroupProperties,
        thingGroupMetadata: {
          parentGroupName: parent,
          rootToParentThingGroups: [summary(root), summary(parent)],
          creationDate: NOW,
        },
      })
      expect((await read(root)).thingGroupMetadata).toEqual({
        ...{ rootToParentThingGroups: [], creationDate: NOW },
      })
      await remove(name, 1)
      expect(await errorOf(read(name))).toEqual(missing(`Thing group ${name} cannot be found.`))
      await remove(name)
    })

    test('are made again as they are, and not otherwise', async () => {
      const [parent, name] = [newName(), newName()]
      await create(client(), parent)
      const more = { parentGroupName: parent, ...attributesOf({ a: 'b' }) }
      const made = await create(client(), name, more)
      expect((await create(client(), name, more)).thingGroupId).toBe(made.thingGroupId)
      for (const other of [{}, { parentGroupName: parent }, attributesOf({ a: 'b' })]) {
        const thrown = await create(client(), name, other).catch((error: unknown) => error)
        expect(thrown).toMatchObject({
          name: 'ResourceAlreadyExistsException',
          message: `Thing Group ${name} already exists in current account with different properties`,
          resourceId: name,
          resourceArn: arn(`thinggroup/${name}`),
          $metadata: { httpStatusCode: 409 },
        })
      }
    })

    test('are changed under their version, attributes replaced or merged', async () => {
      const name = newName()
      await create(client(), name, attributesOf({ a: '1', b: '2' }))
      const merged = await update(
        name,
        { attributePayload: { attributes: { a: '', c: '3' }, merge: true } },
        1,
      )
      expect(merged.version).toBe(2)
      expect((await read(name)).thingGroupProperties?.attributePayload?.attributes).toEqual({
        ...{ b: '2', c: '3' },
      })
      const more = { thingGroupDescription: 'New', attributePayload: { attributes: { d: '4' } } }
      await update(name, more)
      expect(await read(name)).toMatchObject({ version: 3, thingGroupProperties: more })
      expect(await errorOf(update(name, {}, 1))).toEqual(conflictOf(name))
      expect(await errorOf(remove(name, 1))).toEqual(conflictOf(name))
      expect(await errorOf(update('none', {}))).toEqual(
        missing('Thing group none cannot be found.'),
      )
    })

    test('with child groups are not deleted', async () => {
      const [parent, child] = [newName(), newName()]
      await create(client(), parent)
      await create(client(), child, { parentGroupName: parent })
      expect(await errorOf(remove(parent))).toEqual(
        invalid(
          `Cannot delete thing group : ${parent} when there are still child groups attached to it.`,
        ),
      )
      await remove(child)
      await remove(parent)
    })

    test('are seven levels deep at most', async () => {
      let parentGroupName: string | undefined
      for (let level = 1; level <= 7; level += 1) {
        const name = newName()
        await create(client(), name, { parentGroupName })
        parentGroupName = name
      }
      const name = newName()
      expect(await errorOf(create(client(), name, { parentGroupName }))).toEqual(
        invalid(`Thing group ${name} cannot be created: a hierarchy has at most 7 levels`),
      )
    })

    test('have a hundred child groups at most', async () => {
      const parentGroupName = newName()
      await create(client(), parentGroupName)
      for (let count = 1; count <= 100; count += 1) {
        await create(client(), newName(), { parentGroupName })
      }
      expect(await errorOf(create(client(), newName(), { parentGroupName }))).toEqual(
        invalid(`Thing group ${parentGroupName} can have at most 100 child groups`),
      )
    })

    test('have fifty attributes at most', async () => {
      const name = newName()
      const made = await errorOf(create(client(), newName(), attributesOf(numbered(51))))
      expect(made[2]).toContain('Member must have at most 50 entries')
      await create(client(), name, attributesOf(numbered(50)))
      const one = { attributePayload: { attributes: { more: 'x' }, merge: true } }
      expect(await errorOf(update(name, one))).toEqual(
        invalid(`Thing group ${name} can have at most 50 attributes`),
      )
    })

    test.each([
      [{ parentGroupName: 'nowhere' }, 'Thing group nowhere cannot be found.'],
      [{ parentGroupName: 'a b' }, "at 'parentGroupName'"],
      [{ thingGroupProperties: { thingGroupDescription: 'ü' } }, 'thingGroupDescription'],
      [attributesOf({ 'a b': 'x' }), 'attributePayload.attributes.key'],
    ])('are not made with %j', async (more, message) => {
      const [name, status, text] = await errorOf(create(client(), newName(), more))
      expect([name, status]).toEqual(['InvalidRequestException', 400])
      expect(text).toContain(message)
    })

    test('that are dynamic are left out', async () => {
      const thingGroupName = newName()
      const calls = [
        client().send(new CreateDynamicThingGroupCommand({ thingGroupName, queryString: '*' })),
        client().send(
          new UpdateDynamicThingGroupCommand({ thingGroupName, thingGroupProperties: {} }),
        ),
        client().send(new DeleteDynamicThingGroupCommand({ thingGroupName })),
      ]
      for (const error of await Promise.all(calls.map(errorOf))) {
        expect(error).toEqual(invalid('Dynamic thing groups are not supported here'))
      }
    })
  })

  describe('members of thing groups', () => {
    const newThing = async () => {
      last += 1
      const thingName = `member-${last}`
      await client().send(new CreateThingCommand({ thingName }))
      return thingName
    }
    const newGroup = async (parentGroupName?: string) => {
      const name = newName()
      await create(client(), name, { parentGroupName })
      return name
    }
    const add = (thingName?: string, thingGroupName?: string, more = {}) =>
      client().send(new AddThingToThingGroupCommand({ thingName, thingGroupName, ...more }))
    const takeOut = (thingName?: string, thingGroupName?: string, more = {}) =>
      client().send(new RemoveThingFromThingGroupCommand({ thingName, thingGroupName, ...more }))
    const groupsOf = async (thingName: string) => {
      const command = new ListThingGroupsForThingCommand({ thingName })
      return (await client().send(command)).thingGroups?.map(({ groupName }) => groupName)
    }
    const regroup = (
      thingName: string,
      thingGroupsToAdd: string[],
      thingGroupsToRemove: string[],
    ) =>
      client().send(
        new UpdateThingGroupsForThingCommand({ thingName, thingGroupsToAdd, thingGroupsToRemove }),
      )

    test('come and go, each as often as one likes', async () => {
      const [thing, group] = [await newThing(), await newGroup()]
      await add(thing, group, { overrideDynamicGroups: true })
      await add(thing, group)
      expect(await groupsOf(thing)).toEqual([group])
      await takeOut(thing, group)
      await takeOut(thing, group)
      expect(await groupsOf(thing)).toEqual([])
    })

    test('are named by name, by ARN, or by both alike', async () => {
      const [thing, group, other] = [await newThing(), await newGroup(), await newGroup()]
      const arns = { thingArn: arn(`thing/${thing}`), thingGroupArn: arn(`thinggroup/${group}`) }
      await add(undefined, undefined, arns)
      await add(thing, group, arns)
      expect(await groupsOf(thing)).toEqual([group])
      const group400 = 'Exactly one resource must be named by thingGroupName'
      const thing400 = 'Exactly one resource must be named by thingName'
      const calls = [
        [add(thing, other, arns), group400],
        [add('other', group, arns), thing400],
        [add(thing), group400],
        [takeOut(undefined, group), thing400],
        [add(thing, undefined, { thingGroupArn: arn(`thing/${thing}`) }), group400],
        [add(undefined, group, { thingArn: arn(`thinggroup/${group}`) }), thing400],
        [takeOut(thing, group, { thingArn: 'thing' }), thing400],
        [add(thing, group, { thingArn: arns.thingArn.replace('1234', '4321') }), thing400],
      ] as const
      const errors = await Promise.all(calls.map(([call]) => errorOf(call)))
      for (const [index, [name, status, text]] of errors.entries()) {
        expect([name, status]).toEqual(['InvalidRequestException', 400])
        expect(text).toContain(calls[index]![1])
      }
      await takeOut(undefined, undefined, arns)
      expect(await groupsOf(thing)).toEqual([])
    })

    test('are in one group of a hierarchy', async () => {
      const [thing, root] = [await newThing(), await newGroup()]
      const [one, other] = [await newGroup(root), await newGroup(root)]
      await add(thing, one)
      const error = invalid(`Thing ${thing} is already in a thing group of the same hierarchy`)
      for (const group of [other, root]) expect(await errorOf(add(thing, group))).toEqual(error)
      expect(await errorOf(regroup(thing, [other], []))).toEqual(error)
      await regroup(thing, [other], [one])
      expect(await groupsOf(thing)).toEqual([other])
    })

    test('are in ten groups at most', async () => {
      const thing = await newThing()
      const groups: string[] = []
      for (let count = 1; count <= 10; count += 1) groups.push(await newGroup())
      await regroup(thing, groups, [])
      const more = await newGroup()
      const error = invalid(`Thing ${thing} can be in at most 10 thing groups`)
      expect(await errorOf(add(thing, more))).toEqual(error)
      expect(await errorOf(regroup(thing, [more], []))).toEqual(error)
      await regroup(thing, [more], groups.slice(0, 1))
      expect(await groupsOf(thing)).toEqual(sorted([...groups.slice(1), more]))
    })

    test('are not put into more than a hundred groups at once, nor into none by a name', async () => {
      const thing = await newThing()
      const many = Array.from({ length: 101 }, (_, index) => `group-${index}`)
      for (const [add100, remove100] of [
        [many, []],
        [[], many],
      ]) {
        expect((await errorOf(regroup(thing, add100!, remove100!)))[2]).toContain(
          'Member must have length within [0, 100]',
        )
      }
      const nameless = await errorOf(regroup(thing, ['a b'], []))
      expect(nameless.slice(0, 2)).toEqual(['InvalidRequestException', 400])
    })

    test('and groups that are not there are not found', async () => {
      const [thing, group] = [await newThing(), await newGroup()]
      const noThing = missing('Thing nobody cannot be found.')
      const noGroup = missing('Thing group nowhere cannot be found.')
      expect(await errorOf(add('nobody', group))).toEqual(noThing)
      expect(await errorOf(takeOut('nobody', group))).toEqual(noThing)
      expect(await errorOf(regroup('nobody', [group], []))).toEqual(noThing)
      expect(await errorOf(groupsOf('nobody'))).toEqual(noThing)
      expect(await errorOf(add(thing, 'nowhere'))).toEqual(noGroup)
      expect(await errorOf(takeOut(thing, 'nowhere'))).toEqual(noGroup)
      expect(await errorOf(regroup(thing, ['nowhere'], []))).toEqual(
        missing('One of the thing groups nowhere cannot be found.'),
      )
      const listed = new ListThingsInThingGroupCommand({ thingGroupName: 'nowhere' })
      expect(await errorOf(client().send(listed))).toEqual(noGroup)
    })

    test('leave a group that is deleted, also when it is made again', async () => {
      const [thing, group] = [await newThing(), await newGroup()]
      await add(thing, group)
      await remove(group)
      const noGroup = missing(`Thing group ${group} cannot be found.`)
      expect(await errorOf(takeOut(thing, group))).toEqual(noGroup)
      await create(client(), group)
      expect(await groupsOf(thing)).toEqual([])
    })
  })

  describe('lists of thing groups', () => {
    let alone: IoTClient
    const list = async (more: object = {}) => {
      const { thingGroups = [], nextToken } = await alone.send(new ListThingGroupsCommand(more))
      return [thingGroups.map(({ groupName }) => groupName), nextToken] as const
    }
    const things = async (thingGroupName: string, more: object = {}) => {
      const command = new ListThingsInThingGroupCommand({ thingGroupName, ...more })
      const { things: names = [], nextToken } = await alone.send(command)
      return [names, nextToken] as const
    }

    beforeAll(async () => {
      alone = (await world().newTenant()).client
      const tree = {
        lamps: undefined,
        red: 'lamps',
        'red-led': 'red',
        blue: 'lamps',
        cams: undefined,
      }
      for (const [name, parentGroupName] of Object.entries(tree)) {
        await create(alone, name, { parentGroupName })
      }
      for (const [thingName, thingGroupName] of Object.entries({
        ...{ l1: 'lamps', l2: 'red-led', l3: 'red-led', l4: 'blue' },
      })) {
        await alone.send(new CreateThingCommand({ thingName }))
        await alone.send(new AddThingToThingGroupCommand({ thingName, thingGroupName }))
      }
      await vi.waitFor(async () => expect((await list())[0]).toHaveLength(5))
      await vi.waitFor(async () =>
        expect((await things('lamps', { recursive: true }))[0]).toHaveLength(4),
      )
    })

    test('have names and ARNs', async () => {
      const { thingGroups } = await alone.send(new ListThingGroupsCommand({ maxResults: 1 }))
      expect(thingGroups).toEqual([{ groupName: 'blue', groupArn: arn('thinggroup/blue') }])
      const command = new ListThingGroupsForThingCommand({ thingName: 'l2' })
      expect((await alone.send(command)).thingGroups).toEqual([
        { groupName: 'red-led', groupArn: arn('thinggroup/red-led') },
      ])
    })

    test.each([
      [{}, ['blue', 'cams', 'lamps', 'red', 'red-led']],
      [{ recursive: true }, ['blue', 'cams', 'lamps', 'red', 'red-led']],
      [{ recursive: false }, ['cams', 'lamps']],
      [{ parentGroup: 'lamps' }, ['blue', 'red']],
      [{ parentGroup: 'lamps', recursive: true }, ['blue', 'red', 'red-led']],
      [{ parentGroup: 'lamps', recursive: true, namePrefixFilter: 'red' }, ['red', 'red-led']],
      [{ namePrefixFilter: 'red' }, ['red', 'red-led']],
      [{ parentGroup: 'cams' }, []],
    ])('of %j are %j, also in pages of one', async (filter, names) => {
      expect((await list(filter))[0]).toEqual(names)
      const pages = await pagesOf((nextToken) => list({ ...filter, maxResults: 1, nextToken }))
      expect(pages.flat()).toEqual(names)
    })

    test.each([
      ['lamps', {}, ['l1']],
      ['lamps', { recursive: true }, ['l1', 'l2', 'l3', 'l4']],
      ['red', {}, []],
      ['red', { recursive: true }, ['l2', 'l3']],
      ['red-led', {}, ['l2', 'l3']],
    ])('tell the things of %s with %j, also in pages of one', async (group, more, names) => {
      expect(sorted((await things(group, more))[0])).toEqual(names)
      const pages = await pagesOf((nextToken) =>
        things(group, { ...more, maxResults: 1, nextToken }),
      )
      expect(sorted(pages.flat())).toEqual(names)
    })

    test('have a parent that is there, and tokens of their own', async () => {
      expect(await errorOf(list({ parentGroup: 'nowhere' }))).toEqual(
        missing('Thing group nowhere cannot be found.'),
      )
      const nextToken = 'b3RoZXI='
      const calls = [
        list({ nextToken }),
        things('lamps', { nextToken }),
        alone.send(new ListThingGroupsForThingCommand({ thingName: 'l1', nextToken })),
      ]
      for (const error of await Promise.all(calls.map(errorOf))) {
        expect(error).toEqual(invalid('The marker is not valid'))
      }
    })
  })
}
