import {
  THING_TYPE_DELETION_DELAY_SECONDS,
  type ThingTypeDescription,
  type ThingTypeIdentity,
  type ThingTypeProperties,
  type ThingTypeWrites,
} from '../src/registry-writes/things.ts'
import { ownedBy } from './fake-registry-lists.ts'
import { type FakeWorld, keyOf, refuse } from './fake-registry-state.ts'
import { dropTags, setTags, tagsOf } from './fake-registry-tags.ts'
import { sameAttributes } from './fake-registry-things.ts'

const propertiesOf = ({ description, searchableAttributes }: ThingTypeProperties): string =>
  JSON.stringify([description ?? null, searchableAttributes])

const tagged = ({ tenantId, thingTypeName }: ThingTypeIdentity) => ({
  tenantId,
  resource: { kind: 'thing-type', thingTypeName } as const,
})

/** Thing types of a fake registry. */
export function fakeThingTypeWrites({ state, newId, now, note }: FakeWorld): ThingTypeWrites {
  const find = ({ tenantId, thingTypeName }: ThingTypeIdentity) =>
    state.thingTypes.get(keyOf(tenantId, thingTypeName))
  const put = (type: ThingTypeDescription, action: string) => {
    state.thingTypes.set(keyOf(type.tenantId, type.thingTypeName), type)
    note(type.tenantId, action, `thingtype/${type.thingTypeName}`)
  }
  const refuseDeletion = (type: ThingTypeDescription) => {
    if (!type.deprecatedAt) return refuse('thing-type-not-deprecated')
    const ageMs = now().getTime() - type.deprecatedAt.getTime()
    const isOld = ageMs >= THING_TYPE_DELETION_DELAY_SECONDS * 1000
    if (!isOld) return refuse('thing-type-deprecated-just-now')
    const isUsed = ownedBy(state.things, type.tenantId).some(
      ({ record }) => record.thingTypeName === type.thingTypeName,
    )
    return isUsed ? refuse('thing-type-in-use') : undefined
  }
  return {
    createThingType: async ({ tags = new Map(), ...input }) => {
      const there = find(input)
      if (there) {
        const { thingTypeId } = there
        const same =
          propertiesOf(there) === propertiesOf(input) &&
          sameAttributes(tagsOf(state, tagged(input)), tags)
        return same ? { ok: true, thingTypeId } : refuse('thing-type-exists')
      }
      const thingTypeId = newId()
      put({ ...input, thingTypeId, createdAt: now() }, 'create-thing-type')
      setTags(state, tagged(input), tags)
      return { ok: true, thingTypeId }
    },
    getThingType: async (identity) => find(identity),
    updateThingType: async (input) => {
      const type = find(input)
      if (!type) return refuse('thing-type-unknown')
      const after = { ...type, ...input }
      const changed = propertiesOf(type) !== propertiesOf(after)
      if (changed) put(after, 'update-thing-type')
      return { ok: true, changed }
    },
    deprecateThingType: async ({ deprecated, ...identity }) => {
      const type = find(identity)
      if (!type) return refuse('thing-type-unknown')
      const changed = (type.deprecatedAt !== undefined) !== deprecated
      if (!changed) return { ok: true, changed }
      const { deprecatedAt: _before, ...rest } = type
      const action = deprecated ? 'deprecate-thing-type' : 'undeprecate-thing-type'
      put({ ...rest, ...(deprecated && { deprecatedAt: now() }) }, action)
      return { ok: true, changed }
    },
    deleteThingType: async (identity) => {
      const type = find(identity)
      if (!type) return refuse('thing-type-unknown')
      const refusal = refuseDeletion(type)
      if (refusal) return refusal
      state.thingTypes.delete(keyOf(identity.tenantId, identity.thingTypeName))
      dropTags(state, tagged(identity))
      note(identity.tenantId, 'delete-thing-type', `thingtype/${identity.thingTypeName}`)
      return { ok: true }
    },
  }
}
