import type { TenantId } from '../src/names.ts'
import type {
  AttributeFilter,
  ListInput,
  ListPart,
  RegistryLists,
} from '../src/registry-writes/lists.ts'
import type { ThingGroupDescription } from '../src/registry-writes/thing-groups.ts'
import { fakePage } from './fake-registry-page.ts'
import {
  type FakeState,
  type FakeThing,
  type FakeWorld,
  keyOf,
  liveGroups,
  refuse,
} from './fake-registry-state.ts'

/** Takes a part of a list, in byte order of the keys. */
export function fakePart<Item>(
  items: Iterable<Item>,
  keyOfItem: (item: Item) => string,
  input: ListInput,
): ListPart<Item> {
  const { items: part, more } = fakePage(items, keyOfItem, input)
  const last = part.at(-1)
  return { items: part, ...(more && last !== undefined && { next: keyOfItem(last) }) }
}

type ThingLists = Pick<
  RegistryLists,
  | 'listThings'
  | 'listThingTypes'
  | 'listThingGroups'
  | 'listThingsInGroup'
  | 'listThingGroupsForThing'
>

/** What belongs to one tenant of a map whose keys begin with the tenant. */
export const ownedBy = <Value>(records: ReadonlyMap<string, Value>, tenantId: TenantId): Value[] =>
  [...records].filter(([key]) => key.startsWith(keyOf(tenantId, ''))).map(([, value]) => value)

const hasAttribute = ({ record }: FakeThing, filter: AttributeFilter | undefined): boolean => {
  if (filter === undefined) return true
  const value = record.attributes.get(filter.name)
  if (value === undefined) return false
  return filter.isPrefix ? value.startsWith(filter.value) : value === filter.value
}

/** Where a group stands below the root of its hierarchy. */
const pathOf = ({ groupName, parents }: ThingGroupDescription): string =>
  [groupName, ...parents.map((parent) => parent.groupName)].toReversed().slice(1).join('/')

const isBelow = (group: ThingGroupDescription, groupId: string): boolean =>
  group.parents.some((parent) => parent.groupId === groupId)

/** Lists of things, types and groups in a fake registry. */
export function fakeThingLists({ state }: FakeWorld): ThingLists {
  return {
    listThings: async ({ tenantId, thingTypeName, attribute, ...page }) => {
      const things = ownedBy(state.things, tenantId)
        .filter(({ record }) => (thingTypeName ?? record.thingTypeName) === record.thingTypeName)
        .filter((thing) => hasAttribute(thing, attribute))
        .map(({ record: { thingId: _id, groups: _groups, ...summary }, version }) => ({
          ...summary,
          version,
        }))
      return fakePart(things, ({ thingName }) => thingName, page)
    },
    listThingTypes: async ({ tenantId, thingTypeName, ...page }) => {
      const types = ownedBy(state.thingTypes, tenantId).filter(
        (type) => (thingTypeName ?? type.thingTypeName) === type.thingTypeName,
      )
      return fakePart(types, (type) => type.thingTypeName, page)
    },
    ...fakeGroupLists(state),
  }
}

function fakeGroupLists(state: FakeState): Omit<ThingLists, 'listThings' | 'listThingTypes'> {
  return {
    listThingGroups: async ({ parentGroupName, namePrefix = '', recursive, ...input }) => {
      const { tenantId } = input
      const parent = state.groups.get(keyOf(tenantId, parentGroupName ?? ''))
      if (parentGroupName !== undefined && !parent) return refuse('parent-group-unknown')
      const groups = ownedBy(state.groups, tenantId)
        .filter((group) =>
          recursive
            ? !parent || isBelow(group, parent.groupId)
            : group.parents[0]?.groupId === parent?.groupId,
        )
        .filter(({ groupName }) => groupName.startsWith(namePrefix))
      const key = (group: ThingGroupDescription) =>
        recursive && parent ? pathOf(group) : group.groupName
      const { items, ...rest } = fakePart(groups, key, input)
      return { ok: true, items: items.map(({ groupName }) => groupName), ...rest }
    },
    listThingsInGroup: async ({ tenantId, groupName, recursive, ...page }) => {
      const group = state.groups.get(keyOf(tenantId, groupName))
      if (!group) return refuse('thing-group-unknown')
      const members = ownedBy(state.things, tenantId).flatMap(({ record: { thingName }, direct }) =>
        liveGroups(state, tenantId, direct)
          .filter((each) => each === group || (recursive && isBelow(each, group.groupId)))
          .map((each) => ({ thingName, place: `${pathOf(each)}/${thingName}` })),
      )
      const key = (member: (typeof members)[number]) =>
        recursive ? member.place : member.thingName
      const { items, ...rest } = fakePart(members, key, page)
      return { ok: true, items: items.map(({ thingName }) => thingName), ...rest }
    },
    listThingGroupsForThing: async ({ tenantId, thingName, ...page }) => {
      const thing = state.things.get(keyOf(tenantId, thingName))
      if (!thing) return refuse('thing-unknown')
      const names = liveGroups(state, tenantId, thing.direct).map(({ groupName }) => groupName)
      return { ok: true, ...fakePart(names, (name) => name, page) }
    },
  }
}
