import type { TenantId, ThingTypeName } from '@thingpass/core/names'
import type {
  ThingTypeDescription,
  ThingTypeIdentity,
  ThingTypeProperties,
  ThingTypeWrites,
} from '@thingpass/core/registry-writes/things'
import { decodeThingType, encodeThingType } from '../items/thing-type.ts'
import { thingTypeKey } from '../keys.ts'
import { unchanged } from './expression.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { sameAttributes } from './same-attributes.ts'
import { putTags, readTags } from './tag-items.ts'
import { planTypeDeletion } from './thing-type-deletion.ts'
import type { Registry } from './transaction.ts'

type Creating = Parameters<ThingTypeWrites['createThingType']>[0]
type Updating = Parameters<ThingTypeWrites['updateThingType']>[0]
type Deprecating = Parameters<ThingTypeWrites['deprecateThingType']>[0]

/** Makes the changes of thing types. */
export function thingTypeWrites(registry: Registry): ThingTypeWrites {
  return {
    createThingType: (input) => registry.change(() => planCreation(registry, input)),
    getThingType: (identity) => readThingType(registry, identity),
    updateThingType: (input) => registry.change(() => planUpdate(registry, input)),
    deprecateThingType: (input) => registry.change(() => planDeprecation(registry, input)),
    deleteThingType: (identity) =>
      registry.change(async () =>
        planTypeDeletion(registry, await readThingType(registry, identity)),
      ),
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

/** Reads a thing type of a tenant. */
export async function readThingType(
  registry: Registry,
  { tenantId, thingTypeName }: ThingTypeIdentity,
): Promise<ThingTypeDescription | undefined> {
  const item = await registry.get(thingTypeKey(tenantId, thingTypeName))
  return item && decodeThingType(item)
}

async function planCreation(registry: Registry, { tags, ...input }: Creating) {
  const key = thingTypeKey(input.tenantId, input.thingTypeName)
  const there = await readThingType(registry, input)
  if (there) {
    const { thingTypeId } = there
    const held = await readTags(registry, { key, ownerId: thingTypeId })
    const same =
      propertiesOf(there) === propertiesOf(input) && sameAttributes(held.tags, tags ?? new Map())
    return same ? nothingToDo({ thingTypeId }) : refuse('thing-type-exists')
  }
  const thingTypeId = registry.newId()
  const item = encodeThingType({ ...input, thingTypeId, createdAt: registry.now() })
  return change(
    { thingTypeId },
    {
      writes: [
        registry.put(item, { missing: true }),
        ...putTags(registry, { key, ownerId: thingTypeId }, tags),
      ],
      audit: {
        ...auditOfType(input, 'create-thing-type'),
        after: { thingTypeId, ...summaryOf(input) },
      },
    },
  )
}

const propertiesOf = ({ description, searchableAttributes }: ThingTypeProperties): string =>
  JSON.stringify([description ?? null, searchableAttributes])

async function planUpdate(registry: Registry, input: Updating) {
  const before = await readThingType(registry, input)
  if (!before) return refuse('thing-type-unknown')
  const after = { ...before, ...input }
  if (propertiesOf(before) === propertiesOf(after)) return nothingToDo({ changed: false })
  const audit = {
    ...auditOfType(before, 'update-thing-type'),
    before: summaryOf(before),
    after: summaryOf(after),
  }
  return change({ changed: true }, { writes: [writeOver(registry, before, after)], audit })
}

async function planDeprecation(registry: Registry, { deprecated, ...identity }: Deprecating) {
  const before = await readThingType(registry, identity)
  if (!before) return refuse('thing-type-unknown')
  const { deprecatedAt, ...rest } = before
  if ((deprecatedAt !== undefined) === deprecated) return nothingToDo({ changed: false })
  const after = { ...rest, ...(deprecated && { deprecatedAt: registry.now() }) }
  const audit = {
    ...auditOfType(before, deprecated ? 'deprecate-thing-type' : 'undeprecate-thing-type'),
    before: { deprecated: !deprecated },
    after: { deprecated },
  }
  return change({ changed: true }, { writes: [writeOver(registry, before, after)], audit })
}

/** Writes the type whole, if it is still as it was read. */
const writeOver = (registry: Registry, before: ThingTypeDescription, after: ThingTypeDescription) =>
  registry.put(
    encodeThingType(after),
    unchanged(encodeThingType(before), ['description', 'deprecatedAt']),
  )

const summaryOf = ({ description, searchableAttributes }: ThingTypeProperties) => ({
  description,
  searchableAttributes: searchableAttributes.join(' '),
})

/** An audit record of a thing type, begun. */
const auditOfType = ({ tenantId, thingTypeName }: ThingTypeIdentity, action: string) => ({
  tenantId,
  action,
  subject: `thingtype/${thingTypeName}`,
})
