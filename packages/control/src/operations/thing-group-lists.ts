import { refuse, succeed } from '../api-error.ts'
import { THING_GROUP_NAME, THING_NAME } from '../fields.ts'
import { label, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { readPart, TOKEN_PAGE } from '../pagination.ts'
import { flag } from '../shape.ts'
import { groupSummary, unknownThingGroup } from './thing-groups.ts'
import { unknownThing } from './things.ts'

const listThingGroups = defineOperation({
  name: 'ListThingGroups',
  method: 'GET',
  path: '/thing-groups',
  input: {
    ...TOKEN_PAGE,
    parentGroup: query(THING_GROUP_NAME),
    namePrefixFilter: query(THING_GROUP_NAME),
    recursive: query(flag()),
  },
  errors: ['ResourceNotFoundException'],
  run: async ({ maxResults, nextToken, parentGroup, namePrefixFilter, ...asked }, context) => {
    const { registry, arns, tenant } = context
    // Without parent the groups of the account are listed. Source: AWS IoT developer guide, thing groups.
    const { recursive = parentGroup === undefined } = asked
    const page = await readPart({ size: maxResults, token: nextToken }, (part) =>
      registry.listThingGroups({
        tenantId: tenant.tenantId,
        ...(parentGroup === undefined ? {} : { parentGroupName: parentGroup }),
        ...(namePrefixFilter === undefined ? {} : { namePrefix: namePrefixFilter }),
        recursive,
        ...part,
      }),
    )
    if ('conflict' in page) {
      const message = `Thing group ${parentGroup} cannot be found.`
      return refuse('ResourceNotFoundException', message)
    }
    if (!page.ok) return page
    const thingGroups = page.items.map((groupName) => groupSummary(groupName, arns))
    return succeed({ thingGroups, nextToken: page.token })
  },
})

const listThingsInThingGroup = defineOperation({
  name: 'ListThingsInThingGroup',
  method: 'GET',
  path: '/thing-groups/{thingGroupName}/things',
  input: { thingGroupName: label(THING_GROUP_NAME), recursive: query(flag()), ...TOKEN_PAGE },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingGroupName: groupName, recursive = false, ...request }, context) => {
    const { registry, tenant } = context
    const { tenantId } = tenant
    const { maxResults: size, nextToken: token } = request
    const page = await readPart({ size, token }, (part) =>
      registry.listThingsInGroup({ tenantId, groupName, recursive, ...part }),
    )
    if ('conflict' in page) return unknownThingGroup(groupName)
    return page.ok ? succeed({ things: page.items, nextToken: page.token }) : page
  },
})

const listThingGroupsForThing = defineOperation({
  name: 'ListThingGroupsForThing',
  method: 'GET',
  path: '/things/{thingName}/thing-groups',
  input: { thingName: label(THING_NAME), ...TOKEN_PAGE },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingName, maxResults, nextToken }, { registry, arns, tenant }) => {
    const { tenantId } = tenant
    const page = await readPart({ size: maxResults, token: nextToken }, (part) =>
      registry.listThingGroupsForThing({ tenantId, thingName, ...part }),
    )
    if ('conflict' in page) return unknownThing(thingName)
    if (!page.ok) return page
    const thingGroups = page.items.map((groupName) => groupSummary(groupName, arns))
    return succeed({ thingGroups, nextToken: page.token })
  },
})

/** Lists of thing groups and of their members. */
export const THING_GROUP_LIST_OPERATIONS = [
  listThingGroups,
  listThingsInThingGroup,
  listThingGroupsForThing,
]
