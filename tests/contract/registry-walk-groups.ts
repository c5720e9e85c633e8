import {
  addGroup,
  addThing,
  group,
  none,
  type Place,
  removeGroup,
  removeThing,
  thing,
  type Walk,
} from './registry-walk-place.ts'
import * as world from './registry-world.ts'

const { FLOOR, HOUSE, LAMP } = world

/** Lists of thing groups and of who is in them. */
export const GROUP_WALKS: Readonly<Record<string, Walk>> = {
  'all thing groups': {
    add: addGroup,
    remove: removeGroup,
    list: ({ writes, tenantId }, page) =>
      writes.listThingGroups({ tenantId, recursive: true, ...page }),
  },
  'thing groups without a parent': {
    add: addGroup,
    remove: removeGroup,
    list: ({ writes, tenantId }, page) =>
      writes.listThingGroups({ tenantId, recursive: false, ...page }),
  },
  'thing groups directly below one': {
    prepare: (it) => addGroup(it, HOUSE),
    add: (it, name) =>
      it.writes.createThingGroup({ ...group(it, name), parentGroupName: HOUSE, attributes: none }),
    remove: removeGroup,
    list: ({ writes, tenantId }, page) =>
      writes.listThingGroups({ tenantId, parentGroupName: HOUSE, recursive: false, ...page }),
  },
  'thing groups below one': {
    prepare: async (it) => {
      await addGroup(it, HOUSE)
      await it.writes.createThingGroup({
        ...group(it, FLOOR),
        parentGroupName: HOUSE,
        attributes: none,
      })
    },
    add: (it, name) =>
      it.writes.createThingGroup({
        ...group(it, name),
        parentGroupName: name < 'n-05' ? HOUSE : FLOOR,
        attributes: none,
      }),
    remove: removeGroup,
    list: ({ writes, tenantId }, page) =>
      writes.listThingGroups({
        ...{ tenantId, parentGroupName: HOUSE, namePrefix: 'n-', recursive: true, ...page },
      }),
    unordered: true,
  },
  'things in a group': {
    prepare: (it) => addGroup(it, HOUSE),
    add: async (it, name) => {
      await addThing(it, name)
      await it.writes.addThingToGroup({ ...thing(it, name), groupName: HOUSE })
    },
    remove: (it, name) => it.writes.removeThingFromGroup({ ...thing(it, name), groupName: HOUSE }),
    list: (it, page) =>
      it.writes.listThingsInGroup({ ...group(it, HOUSE), recursive: false, ...page }),
  },
  'things in a group and below': {
    prepare: makeChain(HOUSE, FLOOR),
    add: async (it, name) => {
      await addThing(it, name)
      const groupName = name < 'n-05' ? FLOOR : HOUSE
      await it.writes.addThingToGroup({ ...thing(it, name), groupName })
    },
    remove: removeThing,
    list: (it, page) =>
      it.writes.listThingsInGroup({ ...group(it, HOUSE), recursive: true, ...page }),
    unordered: true,
  },
  'groups of a thing': {
    prepare: (it) => addThing(it, LAMP),
    add: async (it, name) => {
      await addGroup(it, name)
      await it.writes.addThingToGroup({ ...thing(it, LAMP), ...group(it, name) })
    },
    remove: removeGroup,
    list: (it, page) => it.writes.listThingGroupsForThing({ ...thing(it, LAMP), ...page }),
  },
}

/** Makes groups, each below the one before. */
function makeChain(...names: readonly string[]) {
  return async (it: Place) => {
    let parent: { parentGroupName?: ReturnType<typeof world.groupName> } = {}
    for (const name of names) {
      await it.writes.createThingGroup({ ...group(it, name), ...parent, attributes: none })
      parent = { parentGroupName: world.groupName(name) }
    }
  }
}
