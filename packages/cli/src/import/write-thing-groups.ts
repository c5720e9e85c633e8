import {
  AddThingToThingGroupCommand,
  CreateThingGroupCommand,
  ListThingGroupsCommand,
} from '@aws-sdk/client-iot'
import { createUnlessKnown, type OpenDestination, tagList } from './destination.ts'
import { gather } from './fleet-reader.ts'
import type { RecordOf } from './fleet-record.ts'
import { type IotSource, needed, PAGE_SIZE } from './iot-source.ts'
import { membersOf } from './read-thing-groups.ts'

/** Writes thing groups; parents come first. */
export function openThingGroups(target: IotSource): OpenDestination {
  const { client, call } = target
  return async () => {
    const known = new Set(await groupNames(target))
    return createUnlessKnown<RecordOf<'thing-group'>>(
      known,
      ({ name }) => name,
      ({ name, parent, description, attributes, tags }) => {
        const command = new CreateThingGroupCommand({
          thingGroupName: name,
          parentGroupName: parent,
          thingGroupProperties: {
            thingGroupDescription: description,
            attributePayload: { attributes },
          },
          tags: tagList(tags),
        })
        return call(() => client.send(command))
      },
    )
  }
}

async function groupNames({ client, call }: IotSource): Promise<readonly string[]> {
  const groups = await gather(async (nextToken) => {
    const command = new ListThingGroupsCommand({ nextToken, maxResults: PAGE_SIZE })
    const answer = await call(() => client.send(command))
    return { items: answer.thingGroups ?? [], next: answer.nextToken }
  })
  return groups.map(({ groupName }) => needed(groupName, 'groupName'))
}

/** Puts things into their groups. */
export function openGroupMembers(target: IotSource): OpenDestination {
  const { client, call } = target
  return async () => {
    const known = new Set<string>()
    for (const group of await groupNames(target)) {
      for (const thing of await membersOf(target, group)) known.add(`${group} ${thing}`)
    }
    return createUnlessKnown<RecordOf<'thing-group-member'>>(
      known,
      ({ group, thing }) => `${group} ${thing}`,
      async ({ group: thingGroupName, thing: thingName }) => {
        if (known.has(`${thingGroupName} ${thingName}`)) return
        const command = new AddThingToThingGroupCommand({ thingGroupName, thingName })
        await call(() => client.send(command))
      },
    )
  }
}
