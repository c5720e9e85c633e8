import type { AttributeFilter } from '@thingpass/core/registry-writes/lists'
import { refuse, succeed } from '../api-error.ts'
import { ATTRIBUTE_NAME, ATTRIBUTE_VALUE, THING_TYPE_NAME } from '../fields.ts'
import { query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { readPart, TOKEN_PAGE } from '../pagination.ts'
import { flag } from '../shape.ts'

const listThings = defineOperation({
  name: 'ListThings',
  method: 'GET',
  path: '/things',
  input: {
    ...TOKEN_PAGE,
    attributeName: query(ATTRIBUTE_NAME),
    attributeValue: query(ATTRIBUTE_VALUE),
    thingTypeName: query(THING_TYPE_NAME),
    usePrefixAttributeValue: query(flag()),
  },
  errors: [],
  run: async ({ maxResults, nextToken, thingTypeName, ...search }, context) => {
    const { registry, arns, tenant } = context
    const attribute = filterOf(search)
    if (attribute === undefined && search.attributeValue !== undefined) {
      return refuse('InvalidRequestException', 'attributeValue needs an attributeName')
    }
    const page = await readPart({ size: maxResults, token: nextToken }, (part) =>
      registry.listThings({
        tenantId: tenant.tenantId,
        ...(thingTypeName === undefined ? {} : { thingTypeName }),
        ...(attribute === undefined ? {} : { attribute }),
        ...part,
      }),
    )
    if (!page.ok) return page
    const things = page.items.map(({ thingName, attributes, ...thing }) => ({
      thingName,
      thingArn: arns.format({ kind: 'thing', thingName }),
      thingTypeName: thing.thingTypeName,
      attributes: Object.fromEntries(attributes),
      version: thing.version,
    }))
    return succeed({ things, nextToken: page.token })
  },
})

/** Lists of things. */
export const THING_LIST_OPERATIONS = [listThings]

/** A name without a value finds all things that have the attribute. */
function filterOf({
  attributeName: name,
  attributeValue: value,
  usePrefixAttributeValue: isPrefix = false,
}: {
  readonly attributeName: string | undefined
  readonly attributeValue: string | undefined
  readonly usePrefixAttributeValue: boolean | undefined
}): AttributeFilter | undefined {
  if (name === undefined) return undefined
  return value === undefined ? { name, value: '', isPrefix: true } : { name, value, isPrefix }
}
