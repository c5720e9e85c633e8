import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { GroupMembership } from '@thingpass/core/records'
import {
  MAX_ATTRIBUTES_OF_A_GROUP,
  type ThingGroupIdentity,
  type ThingGroupWrites,
} from '@thingpass/core/registry-writes/thing-groups'
import { number, text, textMap } from '../attributes.ts'
import type { ThingGroupItem } from '../items/thing-group.ts'
import { thingGroupChildKey, thingGroupKey } from '../keys.ts'
import { attributesAfter } from './attributes-after.ts'
import { change, refuse } from './plan.ts'
import { readPolicyEdges, removePolicyEdge } from './policy-edges.ts'
import { dropTags } from './tag-items.ts'
import { planGroupCreation } from './thing-group-creation.ts'
import { auditOf, countChild, readThingGroup, summaryOf } from './thing-group-parts.ts'
import type { Registry } from './transaction.ts'

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
    createThingGroup: (input) => registry.change(() => planGroupCreation(registry, input)),
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
