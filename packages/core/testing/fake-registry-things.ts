import type { ThingWrites } from '../src/registry-writes/things.ts'
import {
  closureOf,
  type FakeThing,
  type FakeWorld,
  keyOf,
  liveGroups,
  refuse,
} from './fake-registry-state.ts'

type TypeInput = Parameters<ThingWrites['createThingType']>[0]
type UpdateInput = Parameters<ThingWrites['updateThing']>[0]
type Attributes = ReadonlyMap<string, string>

const withoutEmpty = (attributes: Iterable<readonly [string, string]>): Attributes =>
  new Map([...attributes].filter(([, value]) => value !== ''))

/** Whether two sets of attributes say the same. */
export const sameAttributes = (one: Attributes, other: Attributes): boolean =>
  one.size === other.size && [...one].every(([name, value]) => other.get(name) === value)

/** Thing types of a fake registry. */
export function fakeThingTypeWrites({
  state,
  newId,
  now,
  note,
}: FakeWorld): Pick<ThingWrites, 'createThingType' | 'getThingType'> {
  const properties = ({
    description,
    searchableAttributes,
  }: Omit<TypeInput, 'tenantId' | 'thingTypeName'>) =>
    JSON.stringify([description ?? null, searchableAttributes])
  return {
    createThingType: async (input) => {
      const key = keyOf(input.tenantId, input.thingTypeName)
      const there = state.thingTypes.get(key)
      if (there) {
        const { thingTypeId } = there
        const same = properties(there) === properties(input)
        return same ? { ok: true, thingTypeId } : refuse('thing-type-exists')
      }
      const thingTypeId = newId()
      state.thingTypes.set(key, { ...input, thingTypeId, createdAt: now() })
      note(input.tenantId, 'create-thing-type', `thingtype/${input.thingTypeName}`)
      return { ok: true, thingTypeId }
    },
    getThingType: async ({ tenantId, thingTypeName }) =>
      state.thingTypes.get(keyOf(tenantId, thingTypeName)),
  }
}

function recordAfter(
  { thingTypeName: typeBefore, ...rest }: FakeThing['record'],
  { thingTypeName = typeBefore, attributes = rest.attributes, merge = false }: UpdateInput,
): FakeThing['record'] {
  const kept = merge ? [...rest.attributes] : []
  return {
    ...rest,
    ...(thingTypeName && { thingTypeName }),
    attributes: withoutEmpty(new Map([...kept, ...attributes])),
  }
}

/** Things of a fake registry. */
export function fakeThingWrites(
  world: FakeWorld,
): Omit<ThingWrites, 'createThingType' | 'getThingType'> {
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
      const attributes = withoutEmpty(given)
      const there = state.things.get(keyOf(tenantId, thingName))
      if (there) {
        const same =
          there.record.thingTypeName === thingTypeName &&
          sameAttributes(there.record.attributes, attributes)
        return same ? { ok: true, thingId: there.record.thingId } : refuse('thing-exists')
      }
      const refusal = refuseType(tenantId, thingTypeName)
      if (refusal) return refusal
      const thingId = newId()
      const type = thingTypeName === undefined ? {} : { thingTypeName }
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
