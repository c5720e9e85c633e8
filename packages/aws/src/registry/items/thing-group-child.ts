import {
  parseTenantId,
  parseThingGroupName,
  type TenantId,
  type ThingGroupName,
} from '@thingpass/core/names'
import { type Item, openItem, text } from '../attributes.ts'
import { thingGroupChildKey } from '../keys.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'thing-group-child'

/** Row of a group for one group directly below it, for the list of them. It is there as long as the child is. */
export type ThingGroupChild = {
  readonly tenantId: TenantId
  readonly parentGroupName: ThingGroupName
  readonly groupName: ThingGroupName
  readonly groupId: string
}

/** Writes the row as an item. */
export function encodeThingGroupChild(row: ThingGroupChild): Item {
  const { pk, sk } = thingGroupChildKey(row.tenantId, row.parentGroupName, row.groupName)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    tenantId: text(row.tenantId),
    parentGroupName: text(row.parentGroupName),
    groupName: text(row.groupName),
    groupId: text(row.groupId),
  }
}

/**
 * Reads the row.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeThingGroupChild(item: Item): ThingGroupChild {
  const read = openItem(item, KIND)
  const row = {
    tenantId: read.parsed('tenantId', parseTenantId),
    parentGroupName: read.parsed('parentGroupName', parseThingGroupName),
    groupName: read.parsed('groupName', parseThingGroupName),
    groupId: read.parsed('groupId', parseMadeId),
  }
  read.liesAt(thingGroupChildKey(row.tenantId, row.parentGroupName, row.groupName))
  return row
}
