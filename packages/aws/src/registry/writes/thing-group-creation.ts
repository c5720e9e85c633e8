import type { GroupMembership } from '@thingpass/core/records'
import {
  MAX_ATTRIBUTES_OF_A_GROUP,
  MAX_CHILDREN_OF_A_GROUP,
  MAX_GROUP_DEPTH,
  type ThingGroupWrites,
} from '@thingpass/core/registry-writes/thing-groups'
import { encodeThingGroup, type ThingGroupItem } from '../items/thing-group.ts'
import { encodeThingGroupChild } from '../items/thing-group-child.ts'
import { thingGroupKey } from '../keys.ts'
import { withoutEmpty } from './attributes-after.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { sameAttributes } from './same-attributes.ts'
import { putTags, readTags } from './tag-items.ts'
import { auditOf, countChild, readThingGroup, summaryOf } from './thing-group-parts.ts'
import type { Registry } from './transaction.ts'

type Creating = Parameters<ThingGroupWrites['createThingGroup']>[0]

/** Makes a group, below its parent where it has one. */
export async function planGroupCreation(registry: Registry, input: Creating) {
  const { tenantId, parentGroupName } = input
  const there = await readThingGroup(registry, input)
  if (there) {
    const same = await isSame(registry, there, input)
    return same ? nothingToDo({ groupId: there.groupId }) : refuse('thing-group-exists')
  }
  const parent =
    parentGroupName === undefined
      ? undefined
      : await readThingGroup(registry, { tenantId, groupName: parentGroupName })
  if (parentGroupName !== undefined && !parent) return refuse('parent-group-unknown')
  const full = parent && refuseChild(parent)
  if (full) return full
  const attributes = withoutEmpty(input.attributes)
  if (attributes.size > MAX_ATTRIBUTES_OF_A_GROUP) return refuse('too-many-attributes')
  const groupId = registry.newId()
  return change({ groupId }, writeGroup(registry, { ...input, attributes }, { groupId, parent }))
}

function refuseChild({ parents, childCount }: ThingGroupItem) {
  if (parents.length + 1 >= MAX_GROUP_DEPTH) return refuse('group-too-deep')
  return childCount < MAX_CHILDREN_OF_A_GROUP ? undefined : refuse('too-many-child-groups')
}

function writeGroup(
  registry: Registry,
  input: Creating,
  { groupId, parent }: { readonly groupId: string; readonly parent: ThingGroupItem | undefined },
) {
  const { tenantId, groupName, parentGroupName, description, attributes, tags } = input
  const item = encodeThingGroup({
    tenantId,
    groupName,
    groupId,
    parents: parent ? [membershipOf(parent), ...parent.parents] : [],
    ...(description !== undefined && { description }),
    attributes,
    version: 1,
    childCount: 0,
    policyCount: 0,
    createdAt: registry.now(),
  })
  const row = { tenantId, groupName, groupId }
  return {
    writes: [
      registry.put(item, { missing: true }),
      ...(parent
        ? [
            countChild(registry, membershipOf(parent), { tenantId, by: 1 }),
            registry.put(encodeThingGroupChild({ ...row, parentGroupName: parent.groupName })),
          ]
        : []),
      ...putTags(registry, { key: thingGroupKey(tenantId, groupName), ownerId: groupId }, tags),
    ],
    audit: {
      ...auditOf(input, 'create-thing-group'),
      after: { groupId, parentGroupName, ...summaryOf({ description, attributes }) },
    },
  }
}

const membershipOf = ({ groupName, groupId }: GroupMembership): GroupMembership => ({
  groupName,
  groupId,
})

async function isSame(
  registry: Registry,
  there: ThingGroupItem,
  input: Creating,
): Promise<boolean> {
  const key = thingGroupKey(there.tenantId, there.groupName)
  const { tags } = await readTags(registry, { key, ownerId: there.groupId })
  return (
    there.parents[0]?.groupName === input.parentGroupName &&
    there.description === input.description &&
    sameAttributes(there.attributes, withoutEmpty(input.attributes)) &&
    sameAttributes(tags, input.tags ?? new Map())
  )
}
