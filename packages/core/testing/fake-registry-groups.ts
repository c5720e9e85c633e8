import {
  MAX_GROUP_DEPTH,
  MAX_GROUPS_OF_A_THING,
  type ThingGroupDescription,
  type ThingGroupWrites,
} from '../src/registry-writes/thing-groups.ts'
import {
  closureOf,
  dropEdges,
  type FakeWorld,
  keyOf,
  liveGroups,
  refuse,
} from './fake-registry-state.ts'
import { sameAttributes } from './fake-registry-things.ts'

function outcomeAgain(
  there: ThingGroupDescription,
  {
    parentGroupName,
    description,
    attributes,
  }: {
    readonly parentGroupName: string | undefined
    readonly description: string | undefined
    readonly attributes: ReadonlyMap<string, string>
  },
) {
  const same =
    there.parents[0]?.groupName === parentGroupName &&
    there.description === description &&
    sameAttributes(there.attributes, attributes)
  return same ? ({ ok: true, groupId: there.groupId } as const) : refuse('thing-group-exists')
}

/** Thing groups of a fake registry. */
export function fakeThingGroupWrites({ state, newId, now, note }: FakeWorld): ThingGroupWrites {
  return {
    createThingGroup: async ({ parentGroupName, ...input }) => {
      const { tenantId, groupName, description, attributes } = input
      const there = state.groups.get(keyOf(tenantId, groupName))
      if (there) return outcomeAgain(there, { parentGroupName, description, attributes })
      const parent = state.groups.get(keyOf(tenantId, parentGroupName ?? ''))
      if (parentGroupName !== undefined && !parent) return refuse('parent-group-unknown')
      const parents = parent ? closureOf([parent]) : []
      if (parents.length >= MAX_GROUP_DEPTH) return refuse('group-too-deep')
      const groupId = newId()
      const group = { ...input, groupId, parents, version: 1, createdAt: now() }
      state.groups.set(keyOf(tenantId, groupName), group)
      note(tenantId, 'create-thing-group', `thinggroup/${groupName}`)
      return { ok: true, groupId }
    },
    getThingGroup: async ({ tenantId, groupName }) => state.groups.get(keyOf(tenantId, groupName)),
    deleteThingGroup: async ({ tenantId, groupName, expectedVersion }) => {
      const group = state.groups.get(keyOf(tenantId, groupName))
      if (!group) return refuse('thing-group-unknown')
      if ((expectedVersion ?? group.version) !== group.version) return refuse('version-conflict')
      const isParent = [...state.groups.values()].some(
        (other) => other.tenantId === tenantId && other.parents[0]?.groupName === groupName,
      )
      if (isParent) return refuse('child-groups-attached')
      state.groups.delete(keyOf(tenantId, groupName))
      dropEdges(state, tenantId, { kind: 'thing-group', groupName })
      note(tenantId, 'delete-thing-group', `thinggroup/${groupName}`)
      return { ok: true }
    },
    addThingToGroup: async ({ tenantId, groupName, thingName }) => {
      const thing = state.things.get(keyOf(tenantId, thingName))
      const group = state.groups.get(keyOf(tenantId, groupName))
      if (!thing) return refuse('thing-unknown')
      if (!group) return refuse('thing-group-unknown')
      const live = liveGroups(state, tenantId, thing.direct)
      if (live.includes(group)) return { ok: true, changed: false }
      const ids = new Set(closureOf([group]).map(({ groupId }) => groupId))
      if (closureOf(live).some(({ groupId }) => ids.has(groupId))) {
        return refuse('group-of-same-hierarchy')
      }
      if (live.length >= MAX_GROUPS_OF_A_THING) return refuse('too-many-groups')
      const direct = [...live, group].map(({ groupName: name, groupId }) => ({
        groupName: name,
        groupId,
      }))
      state.things.set(keyOf(tenantId, thingName), { ...thing, direct })
      note(tenantId, 'add-thing-to-group', `thinggroup/${groupName}`)
      return { ok: true, changed: true }
    },
    removeThingFromGroup: async ({ tenantId, groupName, thingName }) => {
      const thing = state.things.get(keyOf(tenantId, thingName))
      if (!thing) return refuse('thing-unknown')
      const direct = thing.direct.filter((each) => each.groupName !== groupName)
      const changed = direct.length < thing.direct.length
      if (!changed) return { ok: true, changed }
      state.things.set(keyOf(tenantId, thingName), { ...thing, direct })
      note(tenantId, 'remove-thing-from-group', `thinggroup/${groupName}`)
      return { ok: true, changed }
    },
  }
}
