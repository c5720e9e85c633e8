import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import {
  parseTenantId,
  parseThingGroupName,
  parseThingName,
  parseThingTypeName,
  type TenantId,
  type ThingGroupName,
} from '@thingpass/core/names'
import type { GroupMembership, ThingRecord } from '@thingpass/core/records'
import {
  type Item,
  type ItemReader,
  instant,
  number,
  openItem,
  text,
  textMap,
} from '../attributes.ts'
import { thingKey } from '../keys.ts'
import { encodePlace, thingsOfType } from './branches.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'thing'

/** A group of a thing's closure, and the direct group that it was reached through (itself, for a direct group). */
export type Membership = GroupMembership & { readonly through: ThingGroupName }

/** A thing as it is stored. */
export type ThingItem = {
  /** `groups` is the closure as it was written; which of them are live, `liveGroups` says. */
  readonly record: ThingRecord
  readonly tenantId: TenantId
  readonly memberships: readonly Membership[]
  /** Raised by each change of type or attributes. */
  readonly version: number
  /** How many certificates it is attached to. */
  readonly principalCount: number
  readonly createdAt: Date
  readonly modifiedAt: Date
}

/**
 * The groups of a closure that count now. A group that was deleted (no record, or one with another id) takes with it the
 * parents that the thing was in through it: nobody rewrites its members when a group goes.
 */
export function liveGroups(
  memberships: readonly Membership[],
  isLive: (group: GroupMembership) => boolean,
): readonly GroupMembership[] {
  const live = memberships.filter(isLive)
  const direct = new Set(
    live.filter((each) => each.groupName === each.through).map((each) => each.groupName),
  )
  return live
    .filter((each) => direct.has(each.through))
    .map(({ groupName, groupId }) => ({ groupName, groupId }))
}

/** Index key that lists the things of a tenant. */
export const thingsListing = (tenantId: TenantId): string => `TENANT#${tenantId}#THING`

/** Writes a thing as an item. `record.groups` follows from `memberships`. */
export function encodeThing(item: ThingItem): Item {
  const { record, tenantId } = item
  const { pk, sk } = thingKey(tenantId, record.thingName)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(thingsListing(tenantId)),
    tenantId: text(tenantId),
    thingName: text(record.thingName),
    thingId: text(record.thingId),
    ...encodeType(tenantId, record),
    attributes: textMap(record.attributes),
    groups: encodeMemberships(item.memberships),
    version: number(item.version),
    principalCount: number(item.principalCount),
    createdAt: instant(item.createdAt),
    modifiedAt: instant(item.modifiedAt),
  }
}

/** Writes a thing's type, where it has one, with the place it has in the list of the type's things. */
export const encodeType = (
  tenantId: TenantId,
  { thingName, thingTypeName }: Pick<ThingRecord, 'thingName' | 'thingTypeName'>,
): Item =>
  thingTypeName === undefined
    ? {}
    : {
        thingTypeName: text(thingTypeName),
        ...encodePlace({ branch: thingsOfType(tenantId, thingTypeName), place: thingName }),
      }

/** Writes a closure as the thing's `groups` attribute. */
export const encodeMemberships = (memberships: readonly Membership[]): AttributeValue => ({
  L: memberships.map(({ groupName, groupId, through }) => ({
    M: { groupName: text(groupName), groupId: text(groupId), through: text(through) },
  })),
})

/**
 * Reads a thing.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeThing(item: Item): ThingItem {
  const read = openItem(item, KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  const thingName = read.parsed('thingName', parseThingName)
  read.liesAt(thingKey(tenantId, thingName))
  const memberships = read.list('groups').map(decodeMembership)
  return {
    record: {
      thingName,
      thingId: read.parsed('thingId', parseMadeId),
      ...(read.has('thingTypeName') && {
        thingTypeName: read.parsed('thingTypeName', parseThingTypeName),
      }),
      attributes: read.textMap('attributes'),
      groups: memberships.map(({ groupName, groupId }) => ({ groupName, groupId })),
    },
    tenantId,
    memberships,
    version: read.integer('version', 1),
    principalCount: read.integer('principalCount', 0),
    createdAt: read.instant('createdAt'),
    modifiedAt: read.instant('modifiedAt'),
  }
}

const decodeMembership = (read: ItemReader): Membership => ({
  groupName: read.parsed('groupName', parseThingGroupName),
  groupId: read.parsed('groupId', parseMadeId),
  through: read.parsed('through', parseThingGroupName),
})
