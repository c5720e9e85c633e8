import type { TenantId, ThingGroupName, ThingTypeName } from '@thingpass/core/names'
import type { GroupMembership } from '@thingpass/core/records'
import { type Item, text } from '../attributes.ts'

/** Where an item stands in the `branches` index. */
export type Place = { readonly branch: string; readonly place: string }

/** Writes a place as attributes. */
export const encodePlace = ({ branch, place }: Place): Item => ({
  branch: text(branch),
  place: text(place),
})

/** Attributes of a place, for taking an item out of the index. */
export const PLACE_ATTRIBUTES = ['branch', 'place'] as const

/** Index key that lists the things of a type, by name. */
export const thingsOfType = (tenantId: TenantId, thingTypeName: ThingTypeName): string =>
  `TENANT#${tenantId}#THINGS-OF-TYPE#${thingTypeName}`

/** Index key that lists the groups without a parent, by name. */
export const rootGroups = (tenantId: TenantId): string => `TENANT#${tenantId}#ROOT-GROUPS`

/** Index key that lists all groups below one without a parent, by their ways down. */
export const groupsBelow = (tenantId: TenantId, rootId: string): string =>
  `TENANT#${tenantId}#GROUPS-BELOW#${rootId}`

/** Index key that lists the things of a whole hierarchy, by the ways down to their groups and their names. */
export const thingsBelow = (tenantId: TenantId, rootId: string): string =>
  `TENANT#${tenantId}#THINGS-BELOW#${rootId}`

/** A group with all above it, nearest first. */
export type GroupChain = GroupMembership & { readonly parents: readonly GroupMembership[] }

/** The root of a group's hierarchy, and the names from below it down to the group: none for the root itself. */
export function wayTo({ groupName, groupId, parents }: GroupChain): {
  readonly rootId: string
  readonly names: readonly ThingGroupName[]
} {
  const rootId = parents.at(-1)?.groupId ?? groupId
  const chain = [groupName, ...parents.map((parent) => parent.groupName)]
  return { rootId, names: chain.toReversed().slice(1) }
}

/** Where a group stands: at most 6 names and 5 separators, 773 characters. */
export function placeOfGroup(tenantId: TenantId, group: GroupChain): Place {
  const { rootId, names } = wayTo(group)
  return names.length === 0
    ? { branch: rootGroups(tenantId), place: group.groupName }
    : { branch: groupsBelow(tenantId, rootId), place: names.join('/') }
}

/** Where a member of a group stands: 902 characters at most. No name contains `/`. */
export function placeOfMember(tenantId: TenantId, group: GroupChain, thingName: string): Place {
  const { rootId, names } = wayTo(group)
  return { branch: thingsBelow(tenantId, rootId), place: `${names.join('/')}/${thingName}` }
}
