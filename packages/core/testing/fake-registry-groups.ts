import type { TenantId, ThingGroupName } from '../src/names.ts'
import type { GroupMembership } from '../src/records.ts'
import {
  MAX_ATTRIBUTES_OF_A_GROUP,
  MAX_CHILDREN_OF_A_GROUP,
  MAX_GROUP_DEPTH,
  MAX_GROUPS_OF_A_THING,
  type ThingGroupDescription,
  type ThingGroupIdentity,
  type ThingGroupWrites,
} from '../src/registry-writes/thing-groups.ts'
import type { ThingIdentity } from '../src/registry-writes/things.ts'
import {
  closureOf,
  dropEdges,
  type FakeState,
  type FakeWorld,
  keyOf,
  liveGroups,
  refuse,
} from './fake-registry-state.ts'
import { dropTags, setTags, tagsOf } from './fake-registry-tags.ts'
import { attributesAfter, sameAttributes, withoutEmpty } from './fake-registry-things.ts'

type Creating = Parameters<ThingGroupWrites['createThingGroup']>[0]
type MembershipWrites = Pick<
  ThingGroupWrites,
  'addThingToGroup' | 'removeThingFromGroup' | 'updateThingGroupsForThing'
>

const tagged = ({ tenantId, groupName }: ThingGroupIdentity) => ({
  tenantId,
  resource: { kind: 'thing-group', groupName } as const,
})

function outcomeAgain(state: FakeState, there: ThingGroupDescription, input: Creating) {
  const same =
    there.parents[0]?.groupName === input.parentGroupName &&
    there.description === input.description &&
    sameAttributes(there.attributes, withoutEmpty(input.attributes)) &&
    sameAttributes(tagsOf(state, tagged(there)), input.tags ?? new Map())
  return same ? ({ ok: true, groupId: there.groupId } as const) : refuse('thing-group-exists')
}

const childrenOf = ({ groups }: FakeState, groupId: string | undefined) =>
  [...groups.values()].filter(({ parents }) => parents[0] && parents[0].groupId === groupId)

/** Thing groups of a fake registry. */
export function fakeThingGroupWrites(world: FakeWorld): ThingGroupWrites {
  return { ...fakeGroupChanges(world), ...fakeMemberships(world) }
}

function refuseGroup(
  state: FakeState,
  { parentGroupName, attributes }: Creating,
  parent: ThingGroupDescription | undefined,
) {
  if (parentGroupName !== undefined && !parent) return refuse('parent-group-unknown')
  if (parent && parent.parents.length + 1 >= MAX_GROUP_DEPTH) return refuse('group-too-deep')
  const isFull = parent && childrenOf(state, parent.groupId).length >= MAX_CHILDREN_OF_A_GROUP
  if (isFull) return refuse('too-many-child-groups')
  const hasRoom = withoutEmpty(attributes).size <= MAX_ATTRIBUTES_OF_A_GROUP
  return hasRoom ? undefined : refuse('too-many-attributes')
}

function fakeGroupChanges({
  state,
  newId,
  now,
  note,
}: FakeWorld): Omit<ThingGroupWrites, keyof MembershipWrites> {
  const find = ({ tenantId, groupName }: ThingGroupIdentity) =>
    state.groups.get(keyOf(tenantId, groupName))
  const put = (group: ThingGroupDescription, action: string) => {
    state.groups.set(keyOf(group.tenantId, group.groupName), group)
    note(group.tenantId, action, `thinggroup/${group.groupName}`)
  }
  return {
    createThingGroup: async (input) => {
      const { parentGroupName, tags, ...properties } = input
      const there = find(input)
      if (there) return outcomeAgain(state, there, input)
      const parent = state.groups.get(keyOf(input.tenantId, parentGroupName ?? ''))
      const refusal = refuseGroup(state, input, parent)
      if (refusal) return refusal
      const parents = parent ? closureOf([parent]) : []
      const groupId = newId()
      const attributes = withoutEmpty(input.attributes)
      const made = { groupId, parents, attributes, version: 1, createdAt: now() }
      put({ ...properties, ...made }, 'create-thing-group')
      setTags(state, tagged(input), tags)
      return { ok: true, groupId }
    },
    getThingGroup: async (identity) => find(identity),
    updateThingGroup: async ({ description, merge = false, expectedVersion, ...input }) => {
      const group = find(input)
      if (!group) return refuse('thing-group-unknown')
      if ((expectedVersion ?? group.version) !== group.version) return refuse('version-conflict')
      const attributes = attributesAfter(group.attributes, input.attributes, merge)
      if (attributes.size > MAX_ATTRIBUTES_OF_A_GROUP) return refuse('too-many-attributes')
      const version = group.version + 1
      const described = description === undefined ? {} : { description }
      put({ ...group, ...described, attributes, version }, 'update-thing-group')
      return { ok: true, version }
    },
    deleteThingGroup: async ({ expectedVersion, ...identity }) => {
      const { tenantId, groupName } = identity
      const group = find(identity)
      if (!group) return refuse('thing-group-unknown')
      if ((expectedVersion ?? group.version) !== group.version) return refuse('version-conflict')
      if (childrenOf(state, group.groupId).length > 0) return refuse('child-groups-attached')
      state.groups.delete(keyOf(tenantId, groupName))
      dropEdges(state, tenantId, { kind: 'thing-group', groupName })
      dropTags(state, tagged(identity))
      note(tenantId, 'delete-thing-group', `thinggroup/${groupName}`)
      return { ok: true }
    },
  }
}

/** Groups of a thing with some more, one after the other, or the refusal of the first that cannot be. */
function joined(
  state: FakeState,
  before: readonly ThingGroupDescription[],
  { tenantId, add }: { readonly tenantId: TenantId; readonly add: readonly ThingGroupName[] },
) {
  let live = before
  for (const groupName of add) {
    const group = state.groups.get(keyOf(tenantId, groupName))
    if (!group) return refuse('thing-group-unknown')
    if (live.includes(group)) continue
    const ids = new Set(closureOf([group]).map(({ groupId }) => groupId))
    if (closureOf(live).some(({ groupId }) => ids.has(groupId))) {
      return refuse('group-of-same-hierarchy')
    }
    if (live.length >= MAX_GROUPS_OF_A_THING) return refuse('too-many-groups')
    live = [...live, group]
  }
  return { ok: true, live } as const
}

function fakeMemberships({ state, note }: FakeWorld): MembershipWrites {
  const find = ({ tenantId, thingName }: ThingIdentity) =>
    state.things.get(keyOf(tenantId, thingName))
  const put = ({ tenantId, thingName }: ThingIdentity, direct: readonly GroupMembership[]) => {
    const thing = find({ tenantId, thingName })
    const places = direct.map(({ groupName, groupId }) => ({ groupName, groupId }))
    if (thing) state.things.set(keyOf(tenantId, thingName), { ...thing, direct: places })
  }
  return {
    addThingToGroup: async ({ groupName, ...identity }) => {
      const thing = find(identity)
      if (!thing) return refuse('thing-unknown')
      const before = liveGroups(state, identity.tenantId, thing.direct)
      const after = joined(state, before, { ...identity, add: [groupName] })
      if (!after.ok) return after
      const changed = after.live.length > before.length
      if (!changed) return { ok: true, changed }
      put(identity, after.live)
      note(identity.tenantId, 'add-thing-to-group', `thinggroup/${groupName}`)
      return { ok: true, changed }
    },
    removeThingFromGroup: async ({ groupName, ...identity }) => {
      const thing = find(identity)
      if (!thing) return refuse('thing-unknown')
      const direct = thing.direct.filter((each) => each.groupName !== groupName)
      const changed = direct.length < thing.direct.length
      if (!changed) return { ok: true, changed }
      put(identity, direct)
      note(identity.tenantId, 'remove-thing-from-group', `thinggroup/${groupName}`)
      return { ok: true, changed }
    },
    updateThingGroupsForThing: async ({ add, remove, ...identity }) => {
      const thing = find(identity)
      if (!thing) return refuse('thing-unknown')
      const before = liveGroups(state, identity.tenantId, thing.direct)
      const kept = before.filter(({ groupName }) => !remove.includes(groupName))
      const after = joined(state, kept, { ...identity, add })
      if (!after.ok) return after
      const names = (groups: readonly GroupMembership[]) =>
        JSON.stringify(groups.map(({ groupName }) => groupName).toSorted())
      const changed = names(before) !== names(after.live)
      if (!changed) return { ok: true, changed }
      put(identity, after.live)
      note(identity.tenantId, 'update-groups-of-thing', `thing/${identity.thingName}`)
      return { ok: true, changed }
    },
  }
}
