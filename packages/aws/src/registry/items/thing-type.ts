import { parseTenantId, parseThingTypeName, type TenantId } from '@thingpass/core/names'
import type { ThingTypeDescription } from '@thingpass/core/registry-writes/things'
import { type Item, instant, openItem, text, texts } from '../attributes.ts'
import { thingTypeKey } from '../keys.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'thing-type'

/** Index key that lists the thing types of a tenant. */
export const thingTypesListing = (tenantId: TenantId): string => `TENANT#${tenantId}#TYPE`

/** Writes a thing type as an item. */
export function encodeThingType(item: ThingTypeDescription): Item {
  const { pk, sk } = thingTypeKey(item.tenantId, item.thingTypeName)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    listing: text(thingTypesListing(item.tenantId)),
    tenantId: text(item.tenantId),
    thingTypeName: text(item.thingTypeName),
    thingTypeId: text(item.thingTypeId),
    ...(item.description !== undefined && { description: text(item.description) }),
    searchableAttributes: texts(item.searchableAttributes),
    ...(item.deprecatedAt && { deprecatedAt: instant(item.deprecatedAt) }),
    createdAt: instant(item.createdAt),
  }
}

/**
 * Reads a thing type.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeThingType(item: Item): ThingTypeDescription {
  const read = openItem(item, KIND)
  const tenantId = read.parsed('tenantId', parseTenantId)
  const thingTypeName = read.parsed('thingTypeName', parseThingTypeName)
  read.liesAt(thingTypeKey(tenantId, thingTypeName))
  return {
    tenantId,
    thingTypeName,
    thingTypeId: read.parsed('thingTypeId', parseMadeId),
    ...(read.has('description') && { description: read.text('description') }),
    searchableAttributes: read.texts('searchableAttributes'),
    ...(read.has('deprecatedAt') && { deprecatedAt: read.instant('deprecatedAt') }),
    createdAt: read.instant('createdAt'),
  }
}
