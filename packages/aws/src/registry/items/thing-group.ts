import {
  parseTenantId,
  parseThingGroupName,
  type TenantId,
  type ThingGroupName,
} from '@thingpass/core/names'
import type { GroupMembership } from '@thingpass/core/records'
import { type Item, instant, number, openItem, text, textMap } from '../attributes.ts'
import { thingGroupKey } from '../keys.ts'
import { encodePlace, placeOfGroup } from './branches.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'thing-group'

/** A thing group as it is stored. */
export type ThingGroupItem = {
  readonly tenantId: TenantId
  readonly groupName: ThingGroupName
  readonly groupId: string
  /** Nearest first, at most 6; they cannot be deleted while this group is there, so their ids stay true. */
  readonly parents: readonly GroupMembership[]
  readonly description?: string
  readonly attributes: ReadonlyMap<string, string>
  readonly version: number
  readonly childCount: number
  readonly policyCount: number
  readonly createdAt: Date
}

/** Index key that lists the groups of a tenant. */
export const thingGroupsListing = (tenantId: TenantId): string => `TENANT#${tenantId}#GROUP`

/** Writes a thing group as an item. */
export function encodeThingGroup(item: ThingGroupItem): Item {
  const { pk, sk } = thingGroupKey(item.tenantId, item.groupName)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(thingGroupsListing(item.tenantId)),
    ...encodePlace(placeOfGroup(item.tenantId, item)),
    tenantId: text(item.tenantId),
    groupName: text(item.groupName),
    groupId: text(item.groupId),
    parents: {
      L: item.parents.map(({ groupName, groupId }) => ({
        M: { groupName: text(groupName), groupId: text(groupId) },
      })),
    },
    ...(item.description !== undefined && { description: text(item.description) }),
    attributes: textMap(item.attributes),
    version: number(item.version),
    childCount: number(item.childCount),
    policyCount: number(item.policyCount),
    createdAt: instant(item.createdAt),
  }
}

/**
 * Reads a thing group.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeThingGroup(item: Item): ThingGroupItem {
  const read = openItem(item, KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  const groupName = read.parsed('groupName', parseThingGroupName)
  read.liesAt(thingGroupKey(tenantId, groupName))
  return {
    tenantId,
    groupName,
    groupId: read.parsed('groupId', parseMadeId),
    parents: read.list('parents').map((parent) => ({
      groupName: parent.parsed('groupName', parseThingGroupName),
      groupId: parent.parsed('groupId', parseMadeId),
    })),
    ...(read.has('description') && { description: read.text('description') }),
    attributes: read.textMap('attributes'),
    version: read.integer('version', 1),
    childCount: read.integer('childCount', 0),
    policyCount: read.integer('policyCount', 0),
    createdAt: read.instant('createdAt'),
  }
}
