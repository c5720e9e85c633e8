import {
  MAX_ATTRIBUTES_OF_A_THING,
  type ThingTypeWrites,
  type ThingWrites,
} from '../src/registry-writes/things.ts'
import {
  closureOf,
  type FakeThing,
  type FakeWorld,
  keyOf,
  liveGroups,
  refuse,
} from './fake-registry-state.ts'

type UpdateInput = Parameters<ThingWrites['updateThing']>[0]
type Attributes = ReadonlyMap<string, string>

/** Attributes with a value. */
export const withoutEmpty = (attributes: Iterable<readonly [string, string]>): Attributes =>
  new Map([...attributes].filter(([, value]) => value !== ''))

/** Whether two sets of attributes say the same. */
export const sameAttributes = (one: Attributes, other: Attributes): boolean =>
  one.size === other.size && [...one].every(([name, value]) => other.get(name) === value)

function recordAfter(
  { thingTypeName: typeBefore, ...rest }: FakeThing['record'],
  { thingTypeName = typeBefore, attributes, merge = false }: UpdateInput,
): FakeThing['record'] {
  return {
    ...rest,
    ...(thingTypeName && { thingTypeName }),
    attributes: attributesAfter(rest.attributes, attributes, merge),
  }
}

/** What attributes become. */
export function attributesAfter(
  before: Attributes,
  given: Attributes | undefined,
  merge: boolean,
): Attributes {
  const kept = merge || given === undefined ? [...before] : []
  return withoutEmpty(new Map([...kept, ...(given ?? [])]))
}

type Configuration = Pick<FakeThing['record'], 'attributes' | 'thingTypeName'>

function outcomeAgain({ record }: FakeThing, { thingTypeName, attributes }: Configuration) {
  const same =
    record.thingTypeName === thingTypeName && sameAttributes(record.attributes, attributes)
  return same ? ({ ok: true, thingId: record.thingId } as const) : refuse('thing-exists')
}

const hasRoom = ({ thingTypeName, attributes }: Configuration): boolean =>
  attributes.size <=
  MAX_ATTRIBUTES_OF_A_THING[thingTypeName === undefined ? 'without-type' : 'with-type']

/** Things of a fake registry. */
export function fakeThingWrites(world: FakeWorld): Omit<ThingWrites, keyof ThingTypeWrites> {
  const { state, newId, now, note } = world
  const refuseType = (tenantId: string, thingTypeName: string | null | undefined) => {
    if (thingTypeName === undefined || thingTypeName === null) return undefined
    const type = state.thingTypes.get(keyOf(tenantId, thingTypeName))
    if (!type) return refuse('thing-type-unknown')
    return type.deprecatedAt ? refuse('thing-type-deprecated') : undefined
  }
  const put = (tenantId: FakeChangeTenant, thing: FakeThing, action: string) => {
    state.things.set(keyOf(tenantId, thing.record.thingName), thing)
    note(tenantId, action, `thing/${thing.record.thingName}`)
  }
  return {
    createThing: async ({ tenantId, thingName, thingTypeName, attributes: given }) => {
      const type = thingTypeName === undefined ? {} : { thingTypeName }
      const attributes = withoutEmpty(given)
      const there = state.things.get(keyOf(tenantId, thingName))
      if (there) return outcomeAgain(there, { ...type, attributes })
      const refusal = refuseType(tenantId, thingTypeName)
      if (refusal) return refusal
      if (!hasRoom({ ...type, attributes })) return refuse('too-many-attributes')
      const thingId = newId()
      const record = { thingName, thingId, ...type, attributes, groups: [] }
      const dates = { createdAt: now(), modifiedAt: now() }
      put(tenantId, { record, direct: [], version: 1, ...dates }, 'create-thing')
      return { ok: true, thingId }
    },
    getThing: async ({ tenantId, thingName }) => {
      const thing = state.things.get(keyOf(tenantId, thingName))
      if (!thing) return undefined
      const { direct, ...description } = thing
      const live = liveGroups(state, tenantId, direct)
      return {
        ...description,
        record: { ...thing.record, groups: closureOf(live) },
        directGroups: live.map(({ groupName }) => groupName),
      }
    },
    updateThing: async (input) => {
      const { tenantId, thingName } = input
      const thing = state.things.get(keyOf(tenantId, thingName))
      if (!thing) return refuse('thing-unknown')
      if ((input.expectedVersion ?? thing.version) !== thing.version)
        return refuse('version-conflict')
      const refusal = refuseType(tenantId, input.thingTypeName)
      if (refusal) return refusal
      const record = recordAfter(thing.record, input)
      if (!hasRoom(record)) return refuse('too-many-attributes')
      const version = thing.version + 1
      put(tenantId, { ...thing, record, version, modifiedAt: now() }, 'update-thing')
      return { ok: true, version }
    },
    deleteThing: async ({ tenantId, thingName, expectedVersion }) => {
      const thing = state.things.get(keyOf(tenantId, thingName))
      if (!thing) return refuse('thing-unknown')
      if ((expectedVersion ?? thing.version) !== thing.version) return refuse('version-conflict')
      const attached = [...state.attachments.values()].some(
        (each) => each.tenantId === tenantId && each.thingName === thingName,
      )
      if (attached) return refuse('thing-attached')
      state.things.delete(keyOf(tenantId, thingName))
      note(tenantId, 'delete-thing', `thing/${thingName}`)
      return { ok: true }
    },
  }
}

type FakeChangeTenant = Parameters<FakeWorld['note']>[0]
