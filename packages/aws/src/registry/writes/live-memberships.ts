import type { ThingGroupName } from '@thingpass/core/names'
import type { Membership, ThingItem } from '../items/thing.ts'
import { readThingGroup } from './thing-group-parts.ts'
import type { Registry } from './transaction.ts'

/** The groups that a closure's thing is in itself. */
export const directGroups = (memberships: readonly Membership[]): readonly ThingGroupName[] =>
  memberships
    .filter(({ groupName, through }) => groupName === through)
    .map(({ groupName }) => groupName)

/** The memberships of the groups that are still there: those that went must neither count nor be in the way. */
export async function liveMemberships(
  registry: Registry,
  { tenantId, memberships }: ThingItem,
): Promise<readonly Membership[]> {
  const groups = await Promise.all(
    directGroups(memberships).map((groupName) => readThingGroup(registry, { tenantId, groupName })),
  )
  const idOf = new Map(groups.map((group) => [group?.groupName, group?.groupId]))
  const isLive = ({ groupName, groupId }: Membership) => idOf.get(groupName) === groupId
  const live = new Set(directGroups(memberships.filter(isLive)))
  return memberships.filter(({ through }) => live.has(through))
}
