import type { GroupMembership } from '@thingpass/core/records'
import {
  MAX_GROUP_DEPTH,
  type ThingGroupIdentity,
  type ThingGroupWrites,
} from '@thingpass/core/registry-writes/thing-groups'
import { number, text } from '../attributes.ts'
import { decodeThingGroup, encodeThingGroup, type ThingGroupItem } from '../items/thing-group.ts'
import { thingGroupKey } from '../keys.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { readPolicyEdges, removePolicyEdge } from './policy-edges.ts'
import { sameAttributes } from './same-attributes.ts'
import type { Registry } from './transaction.ts'

type Creating = Parameters<ThingGroupWrites['createThingGroup']>[0]
type Deleting = Parameters<ThingGroupWrites['deleteThingGroup']>[0]

/** Makes the changes of thing groups themselves. */
export function thingGroupWrites(
  registry: Registry,
): Pick<ThingGroupWrites, 'createThingGroup' | 'getThingGroup' | 'deleteThingGroup'> {
  return {
    createThingGroup: (input) => registry.change(() => planCreation(registry, input)),
    getThingGroup: async (identity) => {
      const group = await readThingGroup(registry, identity)
      if (!group) return undefined
      const { childCount: _children, policyCount: _policies, ...description } = group
      return description
    },
    deleteThingGroup: (input) => registry.change(() => planDeletion(registry, input)),
  }
}

/** Reads a thing group of a tenant. */
export async function readThingGroup(
  registry: Registry,
  { tenantId, groupName }: ThingGroupIdentity,
): Promise<ThingGroupItem | undefined> {
  const item = await registry.get(thingGroupKey(tenantId, groupName))
  return item && decodeThingGroup(item)
}

async function planCreation(registry: Registry, input: Creating) {
  const { tenantId, groupName, parentGroupName } = input
  const there = await readThingGroup(registry, input)
  if (there) {
    const { groupId } = there
    return isSame(there, input) ? nothingToDo({ groupId }) : refuse('thing-group-exists')
  }
  const parent =
    parentGroupName === undefined
      ? undefined
      : await readThingGroup(registry, { tenantId, groupName: parentGroupName })
  if (parentGroupName !== undefined && !parent) return refuse('parent-group-unknown')
  const parents = parent ? [membershipOf(parent), ...parent.parents] : []
  if (parents.length >= MAX_GROUP_DEPTH) return refuse('group-too-deep')
  const groupId = registry.newId()
  const item = encodeThingGroup({
    tenantId,
    groupName,
    groupId,
    parents,
    ...(input.description !== undefined && { description: input.description }),
    attributes: input.attributes,
    version: 1,
    childCount: 0,
    policyCount: 0,
    createdAt: registry.now(),
  })
  return change(
    { groupId },
    {
      writes: [
        registry.put(item, { missing: true }),
        ...(parent ? [countChild(registry, input, membershipOf(parent), 1)] : []),
      ],
      audit: {
        ...auditOf(input, 'create-thing-group'),
        after: { groupId, parentGroupName },
      },
    },
  )
}

const membershipOf = ({ groupName, groupId }: GroupMembership): GroupMembership => ({
  groupName,
  groupId,
})

const isSame = (there: ThingGroupItem, input: Creating): boolean =>
  there.parents[0]?.groupName === input.parentGroupName &&
  there.description === input.description &&
  sameAttributes(there.attributes, input.attributes)

/** The parent's count of children holds it in place: its id in a child's closure stays true. */
const countChild = (
  registry: Registry,
  { tenantId }: ThingGroupIdentity,
  parent: GroupMembership,
  by: 1 | -1,
) =>
  registry.update(
    thingGroupKey(tenantId, parent.groupName),
    { add: { childCount: by } },
    { equal: { groupId: text(parent.groupId) } },
  )

async function planDeletion(registry: Registry, input: Deleting) {
  const group = await readThingGroup(registry, input)
  if (!group) return refuse('thing-group-unknown')
  const expected = (input.expectedVersion ?? group.version) === group.version
  if (!expected) return refuse('version-conflict')
  if (group.childCount > 0) return refuse('child-groups-attached')
  const key = thingGroupKey(group.tenantId, group.groupName)
  const edges = await readPolicyEdges(registry, key.pk)
  const [parent] = group.parents
  const unchanged = {
    groupId: text(group.groupId),
    version: number(group.version),
    childCount: number(0),
    policyCount: number(edges.length),
  }
  return change(
    {},
    {
      writes: [
        registry.remove(key, { equal: unchanged }),
        ...(parent ? [countChild(registry, input, parent, -1)] : []),
        ...edges.flatMap((edge) => removePolicyEdge(registry, edge)),
      ],
      audit: {
        ...auditOf(input, 'delete-thing-group'),
        before: {
          groupId: group.groupId,
          policies: edges.map(({ policyName }) => policyName).join(' '),
        },
      },
    },
  )
}

/** An audit record of a group, begun. */
export const auditOf = ({ tenantId, groupName }: ThingGroupIdentity, action: string) => ({
  tenantId,
  action,
  subject: `thinggroup/${groupName}`,
})
