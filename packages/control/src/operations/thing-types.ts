import type { ThingTypeName } from '@thingpass/core/names'
import type {
  ThingTypeDescription,
  ThingTypeProperties,
} from '@thingpass/core/registry-writes/things'
import { refuse, succeed } from '../api-error.ts'
import type { Arns } from '../arn.ts'
import { listOf, optional, structure, unsupportedList, type ValueOf } from '../compound-shape.ts'
import { ATTRIBUTE_NAME, DESCRIPTION, THING_TYPE_NAME } from '../fields.ts'
import { body, label, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { readPart, TOKEN_PAGE } from '../pagination.ts'
import { flag } from '../shape.ts'
import { NO_TAGS, TAGS } from '../tag-shape.ts'

/** Source: AWS IoT quotas, searchable attributes of a thing type. */
const MOST_SEARCHABLE = 3

const PROPERTY_FIELDS = {
  thingTypeDescription: optional(DESCRIPTION),
  searchableAttributes: optional(listOf(ATTRIBUTE_NAME, 0, MOST_SEARCHABLE)),
  mqtt5Configuration: optional(
    structure({ propagatingAttributes: optional(unsupportedList('MQTT 5 configurations')) }),
  ),
}
const PROPERTIES = structure(PROPERTY_FIELDS)

const createThingType = defineOperation({
  name: 'CreateThingType',
  method: 'POST',
  path: '/thing-types/{thingTypeName}',
  input: {
    thingTypeName: label(THING_TYPE_NAME),
    thingTypeProperties: body(PROPERTIES),
    tags: body(TAGS),
  },
  errors: ['ResourceAlreadyExistsException'],
  run: async ({ thingTypeName, thingTypeProperties, tags = NO_TAGS }, context) => {
    const { registry, arns, tenant } = context
    const outcome = await registry.createThingType({
      ...{ tenantId: tenant.tenantId, thingTypeName, searchableAttributes: [], tags },
      ...propertiesOf(thingTypeProperties),
    })
    const thingTypeArn = arns.format({ kind: 'thing-type', thingTypeName })
    if (outcome.ok)
      return succeed({ thingTypeName, thingTypeArn, thingTypeId: outcome.thingTypeId })
    const message = `Thing type ${thingTypeName} already exists in account with different properties`
    const resource = { id: thingTypeName, arn: thingTypeArn }
    return refuse('ResourceAlreadyExistsException', message, resource)
  },
})

const describeThingType = defineOperation({
  name: 'DescribeThingType',
  method: 'GET',
  path: '/thing-types/{thingTypeName}',
  input: { thingTypeName: label(THING_TYPE_NAME) },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingTypeName }, { registry, arns, tenant }) => {
    const type = await registry.getThingType({ tenantId: tenant.tenantId, thingTypeName })
    if (type === undefined) return unknownThingType(thingTypeName)
    return succeed({ ...describe(type, arns), thingTypeId: type.thingTypeId })
  },
})

const updateThingType = defineOperation({
  name: 'UpdateThingType',
  method: 'PATCH',
  path: '/thing-types/{thingTypeName}',
  input: { thingTypeName: label(THING_TYPE_NAME), thingTypeProperties: body(PROPERTIES) },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingTypeName, thingTypeProperties }, { registry, tenant }) => {
    const properties = propertiesOf(thingTypeProperties)
    const identity = { tenantId: tenant.tenantId, thingTypeName }
    const outcome = await registry.updateThingType({ ...identity, ...properties })
    return outcome.ok ? succeed() : unknownThingType(thingTypeName)
  },
})

const deprecateThingType = defineOperation({
  name: 'DeprecateThingType',
  method: 'POST',
  path: '/thing-types/{thingTypeName}/deprecate',
  input: { thingTypeName: label(THING_TYPE_NAME), undoDeprecate: body(flag()) },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingTypeName, undoDeprecate = false }, { registry, tenant }) => {
    const identity = { tenantId: tenant.tenantId, thingTypeName }
    const outcome = await registry.deprecateThingType({ ...identity, deprecated: !undoDeprecate })
    return outcome.ok ? succeed() : unknownThingType(thingTypeName)
  },
})

/** The second is AWS's text, which Terraform waits on; its words for the others are not known. */
const DELETE_CONFLICTS = {
  'thing-type-not-deprecated': 'Please deprecate the thing type, wait for 5 minutes and then retry',
  'thing-type-deprecated-just-now': 'Please wait for 5 minutes after deprecation and then retry',
  'thing-type-in-use': 'There are still things associated with it',
} as const

const deleteThingType = defineOperation({
  name: 'DeleteThingType',
  method: 'DELETE',
  path: '/thing-types/{thingTypeName}',
  input: { thingTypeName: label(THING_TYPE_NAME) },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingTypeName }, { registry, tenant }) => {
    const outcome = await registry.deleteThingType({ tenantId: tenant.tenantId, thingTypeName })
    if (outcome.ok) return succeed()
    if (outcome.conflict === 'thing-type-unknown') return unknownThingType(thingTypeName)
    const why = DELETE_CONFLICTS[outcome.conflict]
    return refuse('InvalidRequestException', `Cannot delete thing type : ${thingTypeName}. ${why}`)
  },
})

const listThingTypes = defineOperation({
  name: 'ListThingTypes',
  method: 'GET',
  path: '/thing-types',
  input: { ...TOKEN_PAGE, thingTypeName: query(THING_TYPE_NAME) },
  errors: [],
  run: async ({ maxResults, nextToken, thingTypeName }, { registry, arns, tenant }) => {
    const only = thingTypeName === undefined ? {} : { thingTypeName }
    const page = await readPart({ size: maxResults, token: nextToken }, (part) =>
      registry.listThingTypes({ tenantId: tenant.tenantId, ...only, ...part }),
    )
    if (!page.ok) return page
    const thingTypes = page.items.map((type) => describe(type, arns))
    return succeed({ thingTypes, nextToken: page.token })
  },
})

/** Thing types. */
export const THING_TYPE_OPERATIONS = [
  createThingType,
  describeThingType,
  updateThingType,
  deprecateThingType,
  deleteThingType,
  listThingTypes,
]

/** The thing type is not there, or is another tenant's. */
export function unknownThingType(thingTypeName: ThingTypeName) {
  return refuse('ResourceNotFoundException', `Thing type ${thingTypeName} cannot be found.`)
}

function propertiesOf(
  sent: ValueOf<typeof PROPERTY_FIELDS> | undefined,
): Partial<ThingTypeProperties> {
  const { thingTypeDescription: description, searchableAttributes } = sent ?? {}
  return {
    ...(description === undefined ? {} : { description }),
    ...(searchableAttributes === undefined ? {} : { searchableAttributes }),
  }
}

function describe(type: ThingTypeDescription, arns: Arns): object {
  const { thingTypeName, deprecatedAt, createdAt } = type
  const deprecation = deprecatedAt && { deprecationDate: epochSeconds(deprecatedAt) }
  return {
    thingTypeName,
    thingTypeArn: arns.format({ kind: 'thing-type', thingTypeName }),
    thingTypeProperties: {
      thingTypeDescription: type.description,
      searchableAttributes: type.searchableAttributes,
    },
    thingTypeMetadata: {
      deprecated: deprecatedAt !== undefined,
      ...deprecation,
      creationDate: epochSeconds(createdAt),
    },
  }
}
