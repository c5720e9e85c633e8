import type { ThingGroupName } from '@thingpass/core/names'
import type { RegistryLists } from '@thingpass/core/registry-writes/lists'
import { groupsBelow, rootGroups, thingsBelow, wayTo } from '../items/branches.ts'
import { thingsListing } from '../items/thing.ts'
import { decodeThingGroup, type ThingGroupItem, thingGroupsListing } from '../items/thing-group.ts'
import { decodeThingGroupChild } from '../items/thing-group-child.ts'
import {
  decodeThingMembership,
  membersListing,
  type ThingMembership,
} from '../items/thing-membership.ts'
import { thingGroupKey } from '../keys.ts'
import { directGroups, liveMemberships } from '../writes/live-memberships.ts'
import { readThingGroup } from '../writes/thing-group-parts.ts'
import { readThing } from '../writes/things.ts'
import type { Registry } from '../writes/transaction.ts'
import { partOf } from './part-of.ts'
import { type ListSource, listed, readPart } from './read-part.ts'

type ListGroups = RegistryLists['listThingGroups']
type ListMembers = RegistryLists['listThingsInGroup']

/** Makes the lists of thing groups and of who is in them. */
export function thingGroupLists(
  registry: Registry,
): Pick<RegistryLists, 'listThingGroups' | 'listThingsInGroup' | 'listThingGroupsForThing'> {
  return {
    listThingGroups: (input) => listGroups(registry, input),
    listThingsInGroup: (input) => listMembers(registry, input),
    listThingGroupsForThing: async (input) => {
      const thing = await readThing(registry, input)
      if (!thing) return { ok: false, conflict: 'thing-unknown' }
      const live = await liveMemberships(registry, thing)
      return { ok: true, ...partOf(directGroups(live), input) }
    },
  }
}

async function listGroups(
  registry: Registry,
  input: Parameters<ListGroups>[0],
): ReturnType<ListGroups> {
  const { tenantId, parentGroupName: groupName } = input
  if (groupName === undefined) {
    return { ok: true, ...(await readPart(registry, withoutParent(input), input)) }
  }
  const parent = await readThingGroup(registry, { tenantId, groupName })
  if (!parent) return { ok: false, conflict: 'parent-group-unknown' }
  const source = input.recursive ? below(parent, input) : directlyBelow(parent, input)
  return { ok: true, ...(await readPart(registry, source, input)) }
}

type GroupSource = ListSource<ThingGroupName>

const nameOf: GroupSource['show'] = (item) => decodeThingGroup(item).groupName

const withoutParent = ({
  tenantId,
  recursive,
  namePrefix: begins = '',
}: Parameters<ListGroups>[0]): GroupSource =>
  recursive
    ? { ...listed(thingGroupsListing(tenantId)), begins, show: nameOf }
    : { shelf: { of: 'branch', key: rootGroups(tenantId) }, base: '', begins, show: nameOf }

const directlyBelow = (
  { tenantId, groupName }: ThingGroupItem,
  { namePrefix: begins = '' }: Parameters<ListGroups>[0],
): GroupSource => ({
  shelf: { of: 'partition', key: thingGroupKey(tenantId, groupName).pk },
  base: 'CHILD#',
  begins,
  show: (item) => decodeThingGroupChild(item).groupName,
})

/** The way down to a group, as all ways begin that lead further. */
const wayBelow = (names: readonly string[]): string => names.map((name) => `${name}/`).join('')

function below(parent: ThingGroupItem, { namePrefix }: Parameters<ListGroups>[0]): GroupSource {
  const { rootId, names } = wayTo(parent)
  return {
    shelf: { of: 'branch', key: groupsBelow(parent.tenantId, rootId) },
    base: '',
    begins: wayBelow(names),
    sifted: namePrefix !== undefined,
    show: (item) => {
      const { groupName } = decodeThingGroup(item)
      return groupName.startsWith(namePrefix ?? '') ? groupName : undefined
    },
  }
}

async function listMembers(
  registry: Registry,
  input: Parameters<ListMembers>[0],
): ReturnType<ListMembers> {
  const group = await readThingGroup(registry, input)
  if (!group) return { ok: false, conflict: 'thing-group-unknown' }
  const source = input.recursive ? membersBelow(registry, group) : membersOf(group)
  return { ok: true, ...(await readPart(registry, source, input)) }
}

const membersOf = ({ tenantId, groupId }: ThingGroupItem) => ({
  shelf: { of: 'listing', key: membersListing(tenantId, groupId) } as const,
  base: `${thingsListing(tenantId)}#`,
  show: (item: Parameters<typeof decodeThingMembership>[0]) =>
    decodeThingMembership(item).thingName,
})

/** A member of a group that went is still on the way to it: then it does not count. */
function membersBelow(registry: Registry, group: ThingGroupItem) {
  const { rootId, names } = wayTo(group)
  const isLive = liveness(registry)
  return {
    shelf: { of: 'branch', key: thingsBelow(group.tenantId, rootId) } as const,
    base: '',
    begins: wayBelow(names),
    show: async (item: Parameters<typeof decodeThingMembership>[0]) => {
      const membership = decodeThingMembership(item)
      return (await isLive(membership)) ? membership.thingName : undefined
    },
  }
}

/** Whether a membership's group is still there; each group is read once. */
function liveness(registry: Registry) {
  const known = new Map<string, boolean>()
  return async ({ tenantId, groupName, groupId }: ThingMembership): Promise<boolean> => {
    const there = known.get(groupId)
    if (there !== undefined) return there
    const group = await readThingGroup(registry, { tenantId, groupName })
    const live = group?.groupId === groupId
    known.set(groupId, live)
    return live
  }
}
