import {
  THING_TYPE_DELETION_DELAY_SECONDS,
  type ThingTypeDescription,
  type ThingTypeIdentity,
} from '@thingpass/core/registry-writes/things'
import type { Item } from '../attributes.ts'
import { thingsOfType } from '../items/branches.ts'
import { decodeThing } from '../items/thing.ts'
import { encodeThingType } from '../items/thing-type.ts'
import { thingKey, thingTypeKey } from '../keys.ts'
import { readPart } from '../lists/read-part.ts'
import { unchanged } from './expression.ts'
import { change, refuse } from './plan.ts'
import { dropTags } from './tag-items.ts'
import type { Registry } from './transaction.ts'

/**
 * Deletes a type that was deprecated for long enough and is no thing's. No thing has been given it since, so the list of
 * its things, which lags by seconds at most, has them all; what it lists is read again, and one that has the type refuses.
 * There is no count to hold instead: every thing made of a type would contend for it.
 */
export async function planTypeDeletion(registry: Registry, type: ThingTypeDescription | undefined) {
  if (!type) return refuse('thing-type-unknown')
  if (!type.deprecatedAt) return refuse('thing-type-not-deprecated')
  const ageMs = registry.now().getTime() - type.deprecatedAt.getTime()
  const settled = ageMs >= THING_TYPE_DELETION_DELAY_SECONDS * 1000
  if (!settled) return refuse('thing-type-deprecated-just-now')
  if (!(await isUnused(registry, type))) return refuse('thing-type-in-use')
  const { tenantId, thingTypeName, thingTypeId } = type
  const key = thingTypeKey(tenantId, thingTypeName)
  const asRead = unchanged(encodeThingType(type), ['description', 'deprecatedAt'])
  return change(
    {},
    {
      writes: [registry.remove(key, asRead), dropTags(registry, key)],
      audit: {
        tenantId,
        action: 'delete-thing-type',
        subject: `thingtype/${thingTypeName}`,
        before: { thingTypeId },
      },
    },
  )
}

/** Whether no thing has the type; a list that could not be read to its end says no. */
async function isUnused(
  registry: Registry,
  { tenantId, thingTypeName }: ThingTypeIdentity,
): Promise<boolean> {
  const hasType = async (item: Item): Promise<true | undefined> => {
    const now = await registry.get(thingKey(tenantId, decodeThing(item).record.thingName))
    return now && decodeThing(now).record.thingTypeName === thingTypeName ? true : undefined
  }
  const shelf = { of: 'branch', key: thingsOfType(tenantId, thingTypeName) } as const
  const { items, next } = await readPart(registry, { shelf, base: '', show: hasType }, { limit: 1 })
  return items.length === 0 && next === undefined
}
