import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { TenantId } from '@thingpass/core/names'
import type { GroupMembership } from '@thingpass/core/records'
import {
  MAX_ATTRIBUTES_OF_A_GROUP,
  MAX_CHILDREN_OF_A_GROUP,
  MAX_GROUP_DEPTH,
  type ThingGroupIdentity,
  type ThingGroupWrites,
} from '@thingpass/core/registry-writes/thing-groups'
import { number, text, textMap } from '../attributes.ts'
import { decodeThingGroup, encodeThingGroup, type ThingGroupItem } from '../items/thing-group.ts'
import { encodeThingGroupChild } from '../items/thing-group-child.ts'
import { thingGroupChildKey, thingGroupKey } from '../keys.ts'
import { attributesAfter, withoutEmpty } from './attributes-after.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { readPolicyEdges, removePolicyEdge } from './policy-edges.ts'
import { sameAttributes } from './same-attributes.ts'
import { dropTags, putTags, readTags } from './tag-items.ts'
import type { Registry } from './transaction.ts'

type Creating = Parameters<ThingGroupWrites['createThingGroup']>[0]
type Updating = Parameters<ThingGroupWrites['updateThingGroup']>[0]
type Deleting = Parameters<ThingGroupWrites['deleteThingGroup']>[0]

/** Makes the changes of thing groups themselves. */
export function thingGroupWrites(
  registry: Registry,
): Pick<
  ThingGroupWrites,
  'createThingGroup' | 'getThingGroup' | 'updateThingGroup' | 'deleteThingGroup'
> {
  return {
    createThingGroup: (input) => registry.change(() => planCreation(registry, input)),
    getThingGroup: async (identity) => {
      const group = await readThingGroup(registry, identity)
      if (!group) return undefined
      const { childCount: _children, policyCount: _policies, ...description } = group
      return description
    },
    updateThingGroup: (input) => registry.change(() => planUpdate(registry, input)),
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

const summaryOf = ({
  description,
  attributes,
}: {
  readonly description: string | undefined
  readonly attributes: ReadonlyMap<string, string>
}) => ({ description, attributes: JSON.stringify(Object.fromEntries(attributes)) })

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

/** The parent's count of children holds it in place: its id in a child's closure stays true. */
const countChild = (
  registry: Registry,
  parent: GroupMembership,
  { tenantId, by }: { readonly tenantId: TenantId; readonly by: 1 | -1 },
) =>
  registry.update(
    thingGroupKey(tenantId, parent.groupName),
    { add: { childCount: by } },
    {
      equal: { groupId: text(parent.groupId) },
      ...(by === 1 && { below: { childCount: MAX_CHILDREN_OF_A_GROUP } }),
    },
  )

async function planUpdate(registry: Registry, input: Updating) {
  const group = await readThingGroup(registry, input)
  if (!group) return refuse('thing-group-unknown')
  if (!isExpected(group, input)) return refuse('version-conflict')
  const attributes = attributesAfter(group.attributes, input)
  if (attributes.size > MAX_ATTRIBUTES_OF_A_GROUP) return refuse('too-many-attributes')
  const { description = group.description } = input
  const version = group.version + 1
  const update = registry.update(
    thingGroupKey(group.tenantId, group.groupName),
    {
      set: {
        attributes: textMap(attributes),
        version: number(version),
        ...(description !== undefined && { description: text(description) }),
      },
    },
    { equal: { groupId: text(group.groupId), version: number(group.version) } },
  )
  const audit = {
    ...auditOf(input, 'update-thing-group'),
    before: summaryOf({ description: group.description, attributes: group.attributes }),
    after: summaryOf({ description, attributes }),
  }
  return change({ version }, { writes: [update], audit })
}

const isExpected = (
  { version }: ThingGroupItem,
  { expectedVersion = version }: Pick<Updating, 'expectedVersion'>,
): boolean => version === expectedVersion

async function planDeletion(registry: Registry, input: Deleting) {
  const group = await readThingGroup(registry, input)
  if (!group) return refuse('thing-group-unknown')
  if (!isExpected(group, input)) return refuse('version-conflict')
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
        dropTags(registry, key),
        ...(parent ? leaveParent(registry, group, parent) : []),
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

const leaveParent = (
  registry: Registry,
  { tenantId, groupName }: ThingGroupIdentity,
  parent: GroupMembership,
): readonly TransactWriteItem[] => [
  countChild(registry, parent, { tenantId, by: -1 }),
  registry.drop(thingGroupChildKey(tenantId, parent.groupName, groupName)),
]

/** An audit record of a group, begun. */
export const auditOf = ({ tenantId, groupName }: ThingGroupIdentity, action: string) => ({
  tenantId,
  action,
  subject: `thinggroup/${groupName}`,
})
