import { addThing, none, removeThing, thing, type Walk } from './registry-walk-place.ts'
import * as world from './registry-world.ts'

const LAMP_TYPE = world.thingTypeName('lamp')
export const byThingName = ({ thingName }: { thingName: string }) => thingName

/** Lists of things and thing types. */
export const THING_WALKS: Readonly<Record<string, Walk>> = {
  things: {
    add: addThing,
    remove: removeThing,
    list: ({ writes, tenantId }, page) => writes.listThings({ tenantId, ...page }),
    nameOf: byThingName,
  },
  'things of a type': {
    prepare: ({ writes, tenantId }) =>
      writes.createThingType({ tenantId, thingTypeName: LAMP_TYPE, searchableAttributes: [] }),
    add: (it, name) =>
      it.writes.createThing({ ...thing(it, name), thingTypeName: LAMP_TYPE, attributes: none }),
    remove: (it, name) => it.writes.updateThing({ ...thing(it, name), thingTypeName: null }),
    list: ({ writes, tenantId }, page) =>
      writes.listThings({ tenantId, thingTypeName: LAMP_TYPE, ...page }),
    nameOf: byThingName,
  },
  'things with an attribute': {
    prepare: (it) => addThing(it, 'n-00'),
    add: (it, name) =>
      it.writes.createThing({ ...thing(it, name), attributes: new Map([['site', 'north']]) }),
    remove: (it, name) => it.writes.updateThing({ ...thing(it, name), attributes: none }),
    list: ({ writes, tenantId }, page) => {
      const attribute = { name: 'site', value: 'north', isPrefix: false }
      return writes.listThings({ tenantId, attribute, ...page })
    },
    nameOf: byThingName,
  },
  'thing types': {
    add: ({ writes, tenantId }, name) =>
      writes.createThingType({
        tenantId,
        thingTypeName: world.thingTypeName(name),
        searchableAttributes: [],
      }),
    remove: async () => undefined, // a type goes minutes after its deprecation only
    list: ({ writes, tenantId }, page) => writes.listThingTypes({ tenantId, ...page }),
    nameOf: ({ thingTypeName }: { thingTypeName: string }) => thingTypeName,
  },
}
