import type {
  AttributeFilter,
  RegistryLists,
  ThingSummary,
} from '@thingpass/core/registry-writes/lists'
import type { Item } from '../attributes.ts'
import { thingsOfType } from '../items/branches.ts'
import { decodeThing, thingsListing } from '../items/thing.ts'
import { decodeThingType, thingTypesListing } from '../items/thing-type.ts'
import { readThingType } from '../writes/thing-types.ts'
import type { Registry } from '../writes/transaction.ts'
import { partOf } from './part-of.ts'
import { type ListSource, listed, readPart } from './read-part.ts'

type ListThings = RegistryLists['listThings']
type ListTypes = RegistryLists['listThingTypes']

/** Makes the lists of things and thing types. */
export function thingLists(
  registry: Registry,
): Pick<RegistryLists, 'listThings' | 'listThingTypes'> {
  return {
    listThings: (input) => readPart(registry, sourceOf(input), input),
    listThingTypes: (input) => listTypes(registry, input),
  }
}

/** Things lie by their type, where they have one, and all by their names; attributes are looked for in what is read. */
function sourceOf(input: Parameters<ListThings>[0]): ListSource<ThingSummary> {
  const { tenantId, thingTypeName, attribute } = input
  const listing = thingsListing(tenantId)
  return {
    ...(thingTypeName === undefined
      ? listed(listing)
      : { shelf: { of: 'branch', key: thingsOfType(tenantId, thingTypeName) }, base: '' }),
    sifted: attribute !== undefined,
    show: (item) => summarize(item, attribute),
  }
}

function summarize(item: Item, filter: AttributeFilter | undefined): ThingSummary | undefined {
  const { record, version } = decodeThing(item)
  if (filter && !matches(record.attributes.get(filter.name), filter)) return undefined
  const { thingName, thingTypeName, attributes } = record
  return { thingName, ...(thingTypeName !== undefined && { thingTypeName }), attributes, version }
}

const matches = (value: string | undefined, filter: AttributeFilter): boolean =>
  filter.isPrefix ? value?.startsWith(filter.value) === true : value === filter.value

async function listTypes(
  registry: Registry,
  input: Parameters<ListTypes>[0],
): ReturnType<ListTypes> {
  const { tenantId, thingTypeName } = input
  if (thingTypeName !== undefined) {
    const type = await readThingType(registry, { tenantId, thingTypeName })
    const { items } = partOf([thingTypeName], input)
    return { items: type && items.length > 0 ? [type] : [] }
  }
  const listing = thingTypesListing(tenantId)
  return readPart(registry, { ...listed(listing), show: decodeThingType }, input)
}
