import {
  parseTenantId,
  parseThingGroupName,
  parseThingName,
  type TenantId,
  type ThingName,
} from '@thingpass/core/names'
import type { GroupMembership } from '@thingpass/core/records'
import { type Item, instant, openItem, text } from '../attributes.ts'
import { thingMembershipKey } from '../keys.ts'
import { encodePlace, type GroupChain, placeOfMember } from './branches.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'thing-membership'

/** A thing's place in one group, for the list of that group's things. What counts for a request is the thing's own closure. */
export type ThingMembership = GroupMembership & {
  readonly tenantId: TenantId
  readonly thingName: ThingName
  readonly addedAt: Date
}

/** Index key that lists the things in a group; it names the group's id, so a group made again under the name starts empty. */
export const membersListing = (tenantId: TenantId, groupId: string): string =>
  `TENANT#${tenantId}#MEMBERS#${groupId}`

/** Writes a membership as an item; the group's parents say where it stands in the list of their things. */
export function encodeThingMembership(item: ThingMembership, parents: GroupChain['parents']): Item {
  const { pk, sk } = thingMembershipKey(item.tenantId, item.thingName, item.groupName)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(membersListing(item.tenantId, item.groupId)),
    ...encodePlace(placeOfMember(item.tenantId, { ...item, parents }, item.thingName)),
    tenantId: text(item.tenantId),
    thingName: text(item.thingName),
    groupName: text(item.groupName),
    groupId: text(item.groupId),
    addedAt: instant(item.addedAt),
  }
}

/**
 * Reads a membership.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeThingMembership(item: Item): ThingMembership {
  const read = openItem(item, KIND)
  const membership = {
    tenantId: read.parsed('tenantId', parseTenantId),
    thingName: read.parsed('thingName', parseThingName),
    groupName: read.parsed('groupName', parseThingGroupName),
    groupId: read.parsed('groupId', parseMadeId),
    addedAt: read.instant('addedAt'),
  }
  read.liesAt(thingMembershipKey(membership.tenantId, membership.thingName, membership.groupName))
  return membership
}
