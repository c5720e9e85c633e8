import {
  DescribeThingGroupCommand,
  ListThingGroupsCommand,
  ListThingsInThingGroupCommand,
} from '@aws-sdk/client-iot'
import { gather, listAll, pageOf, type ReadCollection } from './fleet-reader.ts'
import type { RecordOf } from './fleet-record.ts'
import { groupsByDepth } from './groups-by-depth.ts'
import { type IotSource, needed, PAGE_SIZE, sorted } from './iot-source.ts'
import { readTags } from './read-tags.ts'

/** Reads thing groups, parents first: a page for each depth, so there is no cursor. */
export function readThingGroups(source: IotSource): ReadCollection {
  return async function* () {
    const names = await listGroups(source)
    const groups = await Promise.all(names.map((name) => readGroup(source, name)))
    for (const level of groupsByDepth(groups)) {
      yield pageOf(level.map((record) => ({ key: record.name, record })))
    }
  }
}

async function listGroups({ client, call }: IotSource): Promise<readonly string[]> {
  const groups = await gather(async (nextToken) => {
    const command = new ListThingGroupsCommand({ nextToken, maxResults: PAGE_SIZE })
    const answer = await call(() => client.send(command))
    return { items: answer.thingGroups ?? [], next: answer.nextToken }
  })
  return groups.map(({ groupName }) => needed(groupName, 'groupName')).toSorted()
}

async function readGroup(source: IotSource, name: string): Promise<RecordOf<'thing-group'>> {
  const { client, call } = source
  const command = new DescribeThingGroupCommand({ thingGroupName: name })
  const { thingGroupArn, thingGroupProperties, thingGroupMetadata, queryString } = await call(() =>
    client.send(command),
  )
  const parent = thingGroupMetadata?.parentGroupName
  const description = thingGroupProperties?.thingGroupDescription
  return {
    kind: 'thing-group',
    name,
    ...(parent === undefined ? {} : { parent }),
    ...(description === undefined || description === '' ? {} : { description }),
    attributes: sorted(thingGroupProperties?.attributePayload?.attributes),
    ...(queryString === undefined ? {} : { query: queryString }),
    tags: await readTags(source, needed(thingGroupArn, 'thingGroupArn')),
  }
}

/** Reads which things are in which group, directly. */
export function readGroupMembers(source: IotSource): ReadCollection {
  return async function* () {
    for (const group of await listGroups(source)) {
      for await (const { items } of listAll((token) => listMembers(source, group, token))) {
        yield pageOf(
          items.map((thing) => ({
            key: `${group} ${thing}`,
            record: { kind: 'thing-group-member', group, thing },
          })),
        )
      }
    }
  }
}

async function listMembers(
  { client, call }: IotSource,
  thingGroupName: string,
  nextToken: string | undefined,
) {
  const command = new ListThingsInThingGroupCommand({
    thingGroupName,
    nextToken,
    maxResults: PAGE_SIZE,
  })
  const answer = await call(() => client.send(command))
  return { items: answer.things ?? [], next: answer.nextToken }
}

/** The names of the things that are in a group directly. */
export function membersOf(source: IotSource, group: string): Promise<readonly string[]> {
  return gather((token) => listMembers(source, group, token))
}
