import type { ThingGroupName } from '@thingpass/core/names'
import {
  MAX_ATTRIBUTES_OF_A_GROUP,
  MAX_CHILDREN_OF_A_GROUP,
  MAX_GROUP_DEPTH,
  type ThingGroupDescription,
} from '@thingpass/core/registry-writes/thing-groups'
import { refuse, succeed } from '../api-error.ts'
import type { Arns } from '../arn.ts'
import { optional, structure } from '../compound-shape.ts'
import { ATTRIBUTE_PAYLOAD, DESCRIPTION, EXPECTED_VERSION, THING_GROUP_NAME } from '../fields.ts'
import { body, label, needed, query } from '../members.ts'
import { defineOperation } from '../operation.ts'
import { epochSeconds } from '../output.ts'
import { NO_TAGS, TAGS } from '../tag-shape.ts'

const PROPERTIES = structure({
  thingGroupDescription: optional(DESCRIPTION),
  attributePayload: optional(ATTRIBUTE_PAYLOAD),
})

const createThingGroup = defineOperation({
  name: 'CreateThingGroup',
  method: 'POST',
  path: '/thing-groups/{thingGroupName}',
  input: {
    thingGroupName: label(THING_GROUP_NAME),
    parentGroupName: body(THING_GROUP_NAME),
    thingGroupProperties: body(PROPERTIES),
    tags: body(TAGS),
  },
  errors: ['ResourceAlreadyExistsException'],
  run: async (input, { registry, arns, tenant }) => {
    const { thingGroupName: groupName, parentGroupName, tags = NO_TAGS } = input
    const { thingGroupDescription: description, attributePayload } =
      input.thingGroupProperties ?? {}
    const outcome = await registry.createThingGroup({
      ...{ tenantId: tenant.tenantId, groupName, tags },
      ...(parentGroupName === undefined ? {} : { parentGroupName }),
      ...(description === undefined ? {} : { description }),
      attributes: attributePayload?.attributes ?? new Map(),
    })
    const names = namesOf(groupName, arns)
    if (outcome.ok) return succeed({ ...names, thingGroupId: outcome.groupId })
    if (outcome.conflict !== 'thing-group-exists') {
      return refuseContent(outcome.conflict, { groupName, parentGroupName })
    }
    const message = `Thing Group ${groupName} already exists in current account with different properties`
    const resource = { id: groupName, arn: names.thingGroupArn }
    return refuse('ResourceAlreadyExistsException', message, resource)
  },
})

const describeThingGroup = defineOperation({
  name: 'DescribeThingGroup',
  method: 'GET',
  path: '/thing-groups/{thingGroupName}',
  input: { thingGroupName: label(THING_GROUP_NAME) },
  errors: ['ResourceNotFoundException'],
  run: async ({ thingGroupName: groupName }, { registry, arns, tenant }) => {
    const group = await registry.getThingGroup({ tenantId: tenant.tenantId, groupName })
    return group === undefined ? unknownThingGroup(groupName) : succeed(describe(group, arns))
  },
})

const updateThingGroup = defineOperation({
  name: 'UpdateThingGroup',
  method: 'PATCH',
  path: '/thing-groups/{thingGroupName}',
  input: {
    thingGroupName: label(THING_GROUP_NAME),
    thingGroupProperties: needed(body(PROPERTIES)),
    expectedVersion: body(EXPECTED_VERSION),
  },
  errors: ['ResourceNotFoundException', 'VersionConflictException'],
  run: async (input, { registry, tenant }) => {
    const { thingGroupName: groupName, thingGroupProperties, expectedVersion } = input
    const { thingGroupDescription: description, attributePayload } = thingGroupProperties
    const outcome = await registry.updateThingGroup({
      ...{ tenantId: tenant.tenantId, groupName },
      ...(description === undefined ? {} : { description }),
      ...(attributePayload?.attributes && { attributes: attributePayload.attributes }),
      merge: attributePayload?.merge ?? false,
      ...(expectedVersion === undefined ? {} : { expectedVersion }),
    })
    if (outcome.ok) return succeed({ version: outcome.version })
    if (outcome.conflict === 'thing-group-unknown') return unknownThingGroup(groupName)
    if (outcome.conflict === 'version-conflict') return versionConflict(groupName)
    return refuseContent(outcome.conflict, { groupName })
  },
})

const deleteThingGroup = defineOperation({
  name: 'DeleteThingGroup',
  method: 'DELETE',
  path: '/thing-groups/{thingGroupName}',
  input: { thingGroupName: label(THING_GROUP_NAME), expectedVersion: query(EXPECTED_VERSION) },
  errors: ['VersionConflictException'],
  run: async ({ thingGroupName: groupName, expectedVersion }, { registry, tenant }) => {
    const expected = expectedVersion === undefined ? {} : { expectedVersion }
    const identity = { tenantId: tenant.tenantId, groupName }
    const outcome = await registry.deleteThingGroup({ ...identity, ...expected })
    // AWS's model has no error for a group that is not there.
    if (outcome.ok || outcome.conflict === 'thing-group-unknown') return succeed()
    if (outcome.conflict === 'version-conflict') return versionConflict(groupName)
    const message = `Cannot delete thing group : ${groupName} when there are still child groups attached to it.`
    return refuse('InvalidRequestException', message)
  },
})

/** Thing groups; static ones only. */
export const THING_GROUP_OPERATIONS = [
  createThingGroup,
  describeThingGroup,
  updateThingGroup,
  deleteThingGroup,
]

/** The thing group is not there, or is another tenant's. */
export function unknownThingGroup(groupName: ThingGroupName) {
  return refuse('ResourceNotFoundException', `Thing group ${groupName} cannot be found.`)
}

/** A group as lists name it. */
export function groupSummary(groupName: ThingGroupName, arns: Arns) {
  return { groupName, groupArn: arns.format({ kind: 'thing-group', groupName }) }
}

function namesOf(groupName: ThingGroupName, arns: Arns) {
  const thingGroupArn = arns.format({ kind: 'thing-group', groupName })
  return { thingGroupName: groupName, thingGroupArn }
}

function versionConflict(groupName: ThingGroupName) {
  const message = `The version for thing group ${groupName} does not match the expected version.`
  return refuse('VersionConflictException', message)
}

type ContentConflict =
  | 'parent-group-unknown'
  | 'group-too-deep'
  | 'too-many-child-groups'
  | 'too-many-attributes'

/** Why a group cannot be as it is wanted. AWS's model has no other error for any of these; its words are not known. */
function refuseContent(
  conflict: ContentConflict,
  names: { readonly groupName: ThingGroupName; readonly parentGroupName?: string | undefined },
) {
  const { groupName, parentGroupName } = names
  const message = {
    'parent-group-unknown': `Thing group ${parentGroupName} cannot be found.`,
    'group-too-deep': `Thing group ${groupName} cannot be created: a hierarchy has at most ${MAX_GROUP_DEPTH} levels`,
    'too-many-child-groups': `Thing group ${parentGroupName} can have at most ${MAX_CHILDREN_OF_A_GROUP} child groups`,
    'too-many-attributes': `Thing group ${groupName} can have at most ${MAX_ATTRIBUTES_OF_A_GROUP} attributes`,
  }[conflict]
  return refuse('InvalidRequestException', message)
}

function describe(group: ThingGroupDescription, arns: Arns): object {
  const { groupName, groupId, parents, attributes } = group
  const [parent] = parents
  return {
    ...namesOf(groupName, arns),
    thingGroupId: groupId,
    version: group.version,
    thingGroupProperties: {
      thingGroupDescription: group.description,
      attributePayload: { attributes: Object.fromEntries(attributes) },
    },
    thingGroupMetadata: {
      parentGroupName: parent?.groupName,
      rootToParentThingGroups: parents
        .toReversed()
        .map((ancestor) => groupSummary(ancestor.groupName, arns)),
      creationDate: epochSeconds(group.createdAt),
    },
  }
}
