import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import {
  MAX_GROUPS_OF_A_THING,
  type ThingGroupIdentity,
  type ThingGroupWrites,
} from '@thingpass/core/registry-writes/thing-groups'
import type { ThingIdentity } from '@thingpass/core/registry-writes/things'
import { encodeMemberships, type Membership, type ThingItem } from '../items/thing.ts'
import type { ThingGroupItem } from '../items/thing-group.ts'
import { encodeThingMembership } from '../items/thing-membership.ts'
import { thingKey, thingMembershipKey } from '../keys.ts'
import { directGroups, liveMemberships } from './live-memberships.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { auditOf, readThingGroup } from './thing-groups.ts'
import { readThing } from './things.ts'
import type { Registry } from './transaction.ts'

type MembershipInput = ThingGroupIdentity & ThingIdentity

/** Makes the changes of who is in which group. */
export function thingMembershipWrites(
  registry: Registry,
): Pick<ThingGroupWrites, 'addThingToGroup' | 'removeThingFromGroup'> {
  return {
    addThingToGroup: (input) => registry.change(() => planAddition(registry, input)),
    removeThingFromGroup: (input) => registry.change(() => planRemoval(registry, input)),
  }
}

/**
 * The group is read and not held by the transaction, or a group's members would contend for it: should it go in that
 * moment, its id is nobody's and the membership counts for nothing.
 */
async function planAddition(registry: Registry, input: MembershipInput) {
  const [thing, group] = await Promise.all([
    readThing(registry, input),
    readThingGroup(registry, input),
  ])
  if (!thing) return refuse('thing-unknown')
  if (!group) return refuse('thing-group-unknown')
  const kept = await liveMemberships(registry, thing)
  if (directGroups(kept).includes(group.groupName)) return nothingToDo({ changed: false })
  const added = closureOf(group)
  const ids = new Set(added.map(({ groupId }) => groupId))
  if (kept.some(({ groupId }) => ids.has(groupId))) return refuse('group-of-same-hierarchy')
  if (directGroups(kept).length >= MAX_GROUPS_OF_A_THING) return refuse('too-many-groups')
  const { tenantId, thingName, groupName } = input
  const { groupId } = group
  const row = { tenantId, thingName, groupName, groupId, addedAt: registry.now() }
  return change(
    { changed: true },
    {
      writes: [
        ...writeClosure(registry, thing, [...kept, ...added]),
        registry.put(encodeThingMembership(row)),
      ],
      audit: { ...auditOf(input, 'add-thing-to-group'), after: { thingName, groupId } },
    },
  )
}

async function planRemoval(registry: Registry, input: MembershipInput) {
  const thing = await readThing(registry, input)
  if (!thing) return refuse('thing-unknown')
  const kept = thing.memberships.filter(({ through }) => through !== input.groupName)
  if (kept.length === thing.memberships.length) return nothingToDo({ changed: false })
  const { thingName } = input
  return change(
    { changed: true },
    {
      writes: writeClosure(registry, thing, kept),
      audit: { ...auditOf(input, 'remove-thing-from-group'), before: { thingName } },
    },
  )
}

const closureOf = ({ groupName, groupId, parents }: ThingGroupItem): readonly Membership[] =>
  [{ groupName, groupId }, ...parents].map((group) => ({ ...group, through: groupName }))

/** Rewrites the closure, if it is still as it was read, and clears the rows of the groups that are in it no more. */
function writeClosure(
  registry: Registry,
  thing: ThingItem,
  memberships: readonly Membership[],
): readonly TransactWriteItem[] {
  const { tenantId, record } = thing
  const closure = (of: readonly Membership[]) => ({ groups: encodeMemberships(of) })
  const still = new Set(directGroups(memberships))
  const gone = directGroups(thing.memberships).filter((groupName) => !still.has(groupName))
  return [
    registry.update(
      thingKey(tenantId, record.thingName),
      { set: closure(memberships) },
      { equal: closure(thing.memberships) },
    ),
    ...gone.map((groupName) =>
      registry.drop(thingMembershipKey(tenantId, record.thingName, groupName)),
    ),
  ]
}
