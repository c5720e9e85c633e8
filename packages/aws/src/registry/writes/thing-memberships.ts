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
import { auditOf, readThingGroup } from './thing-group-parts.ts'
import { readThing } from './things.ts'
import type { Registry } from './transaction.ts'

type MembershipInput = ThingGroupIdentity & ThingIdentity
type MembershipWrites = Pick<
  ThingGroupWrites,
  'addThingToGroup' | 'removeThingFromGroup' | 'updateThingGroupsForThing'
>
type Updating = Parameters<ThingGroupWrites['updateThingGroupsForThing']>[0]

/** Makes the changes of who is in which group. */
export function thingMembershipWrites(registry: Registry): MembershipWrites {
  return {
    addThingToGroup: (input) => registry.change(() => planAddition(registry, input)),
    removeThingFromGroup: (input) => registry.change(() => planRemoval(registry, input)),
    updateThingGroupsForThing: (input) => registry.change(() => planUpdate(registry, input)),
  }
}

async function planAddition(registry: Registry, input: MembershipInput) {
  const thing = await readThing(registry, input)
  if (!thing) return refuse('thing-unknown')
  const kept = await liveMemberships(registry, thing)
  const joined = await join(registry, kept, { ...input, add: [input.groupName] })
  if (!joined.ok) return joined.refusal
  const [group] = joined.added
  if (!group) return nothingToDo({ changed: false })
  const { thingName } = input
  return change(
    { changed: true },
    {
      writes: writeMemberships(registry, thing, joined),
      audit: {
        ...auditOf(input, 'add-thing-to-group'),
        after: { thingName, groupId: group.groupId },
      },
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
      writes: writeMemberships(registry, thing, { memberships: kept, added: [] }),
      audit: { ...auditOf(input, 'remove-thing-from-group'), before: { thingName } },
    },
  )
}

async function planUpdate(registry: Registry, input: Updating) {
  const thing = await readThing(registry, input)
  if (!thing) return refuse('thing-unknown')
  const live = await liveMemberships(registry, thing)
  const kept = live.filter(({ through }) => !input.remove.includes(through))
  const joined = await join(registry, kept, input)
  if (!joined.ok) return joined.refusal
  const names = (memberships: readonly Membership[]) =>
    directGroups(memberships).toSorted().join(' ')
  const before = { groups: names(live) }
  const after = { groups: names(joined.memberships) }
  if (before.groups === after.groups) return nothingToDo({ changed: false })
  const { tenantId, thingName } = input
  const subject = `thing/${thingName}`
  return change(
    { changed: true },
    {
      writes: writeMemberships(registry, thing, joined),
      audit: { tenantId, action: 'update-groups-of-thing', subject, before, after },
    },
  )
}

/** Memberships, and the groups that are new among them. */
type Joined = {
  readonly memberships: readonly Membership[]
  readonly added: readonly ThingGroupItem[]
}

/**
 * Adds groups to live memberships, one after the other, or refuses for the first that cannot be. A group is read and not
 * held by the transaction, or its members would contend for it: should it go in that moment, its id is nobody's and the
 * membership counts for nothing.
 */
async function join(
  registry: Registry,
  kept: readonly Membership[],
  { tenantId, add }: Pick<Updating, 'tenantId' | 'add'>,
) {
  const groups = await Promise.all(
    add.map((groupName) => readThingGroup(registry, { tenantId, groupName })),
  )
  let joined: Joined = { memberships: kept, added: [] }
  for (const group of groups) {
    if (!group) return { ok: false, refusal: refuse('thing-group-unknown') } as const
    if (directGroups(joined.memberships).includes(group.groupName)) continue
    const refusal = refuseGroup(joined.memberships, group)
    if (refusal) return { ok: false, refusal } as const
    joined = {
      memberships: [...joined.memberships, ...closureOf(group)],
      added: [...joined.added, group],
    }
  }
  return { ok: true, ...joined } as const
}

function refuseGroup(memberships: readonly Membership[], group: ThingGroupItem) {
  const ids = new Set(closureOf(group).map(({ groupId }) => groupId))
  if (memberships.some(({ groupId }) => ids.has(groupId))) return refuse('group-of-same-hierarchy')
  const full = directGroups(memberships).length >= MAX_GROUPS_OF_A_THING
  return full ? refuse('too-many-groups') : undefined
}

const closureOf = ({ groupName, groupId, parents }: ThingGroupItem): readonly Membership[] =>
  [{ groupName, groupId }, ...parents].map((group) => ({ ...group, through: groupName }))

/** Rewrites the closure, if it is still as it was read, and the rows of the groups that are in it now or no more. */
function writeMemberships(
  registry: Registry,
  { tenantId, record: { thingName }, memberships: before }: ThingItem,
  { memberships, added }: Joined,
): readonly TransactWriteItem[] {
  const closure = (of: readonly Membership[]) => ({ groups: encodeMemberships(of) })
  const addedAt = registry.now()
  const still = new Set(directGroups(memberships))
  const gone = directGroups(before).filter((groupName) => !still.has(groupName))
  return [
    registry.update(
      thingKey(tenantId, thingName),
      { set: closure(memberships) },
      { equal: closure(before) },
    ),
    ...gone.map((groupName) => registry.drop(thingMembershipKey(tenantId, thingName, groupName))),
    ...added.map(({ groupName, groupId, parents }) =>
      registry.put(
        encodeThingMembership({ tenantId, thingName, groupName, groupId, addedAt }, parents),
      ),
    ),
  ]
}
