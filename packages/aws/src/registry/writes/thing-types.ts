import type { TenantId, ThingTypeName } from '@thingpass/core/names'
import type {
  ThingTypeDescription,
  ThingTypeIdentity,
  ThingTypeProperties,
  ThingWrites,
} from '@thingpass/core/registry-writes/things'
import { decodeThingType, encodeThingType } from '../items/thing-type.ts'
import { thingTypeKey } from '../keys.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import type { Registry } from './transaction.ts'

/** Makes the changes of thing types. */
export function thingTypeWrites(
  registry: Registry,
): Pick<ThingWrites, 'createThingType' | 'getThingType'> {
  return {
    createThingType: (input) => registry.change(() => planCreation(registry, input)),
    getThingType: (identity) => readThingType(registry, identity),
  }
}

/**
 * The refusal of a type that a thing cannot be given; undefined when it can, or when none is asked for. The type is read
 * and not held by the transaction, or all things of one type would contend for it: a type goes only minutes after its
 * deprecation, longer than any change takes.
 */
export async function refuseType(
  registry: Registry,
  tenantId: TenantId,
  thingTypeName: ThingTypeName | undefined,
) {
  if (thingTypeName === undefined) return undefined
  const type = await readThingType(registry, { tenantId, thingTypeName })
  if (!type) return refuse('thing-type-unknown')
  return type.deprecatedAt ? refuse('thing-type-deprecated') : undefined
}

async function readThingType(
  registry: Registry,
  { tenantId, thingTypeName }: ThingTypeIdentity,
): Promise<ThingTypeDescription | undefined> {
  const item = await registry.get(thingTypeKey(tenantId, thingTypeName))
  return item && decodeThingType(item)
}

async function planCreation(registry: Registry, input: ThingTypeIdentity & ThingTypeProperties) {
  const there = await readThingType(registry, input)
  if (there) {
    const { thingTypeId } = there
    const same = propertiesOf(there) === propertiesOf(input)
    return same ? nothingToDo({ thingTypeId }) : refuse('thing-type-exists')
  }
  const thingTypeId = registry.newId()
  const item = encodeThingType({ ...input, thingTypeId, createdAt: registry.now() })
  return change(
    { thingTypeId },
    {
      writes: [registry.put(item, { missing: true })],
      audit: {
        tenantId: input.tenantId,
        action: 'create-thing-type',
        subject: `thingtype/${input.thingTypeName}`,
        after: { thingTypeId, searchableAttributes: input.searchableAttributes.join(' ') },
      },
    },
  )
}

const propertiesOf = ({ description, searchableAttributes }: ThingTypeProperties): string =>
  JSON.stringify([description ?? null, searchableAttributes])
