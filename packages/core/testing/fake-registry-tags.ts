import {
  MAX_TAGS,
  type TaggedIdentity,
  type TaggedResource,
  type Tags,
  type TagWrites,
} from '../src/registry-writes/tags.ts'
import { type FakeState, type FakeWorld, keyOf, refuse } from './fake-registry-state.ts'

const NO_TAGS: Tags = new Map()

function nameOf(resource: TaggedResource): string {
  switch (resource.kind) {
    case 'ca-certificate':
      return `cacert/${resource.caCertificateId}`
    case 'policy':
      return `policy/${resource.policyName}`
    case 'role-alias':
      return `rolealias/${resource.roleAlias}`
    case 'thing-group':
      return `thinggroup/${resource.groupName}`
    case 'thing-type':
      return `thingtype/${resource.thingTypeName}`
  }
}

function isLive(state: FakeState, { tenantId, resource }: TaggedIdentity): boolean {
  switch (resource.kind) {
    case 'ca-certificate':
      return state.cas.has(keyOf(tenantId, resource.caCertificateId))
    case 'policy':
      return state.policies.has(keyOf(tenantId, resource.policyName))
    case 'role-alias':
      return state.aliases.has(keyOf(tenantId, resource.roleAlias))
    case 'thing-group':
      return state.groups.has(keyOf(tenantId, resource.groupName))
    case 'thing-type':
      return state.thingTypes.has(keyOf(tenantId, resource.thingTypeName))
  }
}

/** A CA that is registered again is another one, with no tags. */
function keyOfTags({ cas }: FakeState, { tenantId, resource }: TaggedIdentity): string {
  const ca =
    resource.kind === 'ca-certificate'
      ? cas.get(keyOf(tenantId, resource.caCertificateId))
      : undefined
  return keyOf(tenantId, nameOf(resource), ca?.generationId ?? '')
}

/** The tags of a resource, in byte order of their keys. */
export const tagsOf = (state: FakeState, identity: TaggedIdentity): Tags =>
  state.tags.get(keyOfTags(state, identity)) ?? NO_TAGS

/** Gives a resource its tags, in place of any it had. */
export function setTags(
  state: FakeState,
  identity: TaggedIdentity,
  tags: Tags | undefined = NO_TAGS,
): void {
  const sorted = [...tags].toSorted(([one], [other]) => (one < other ? -1 : 1))
  state.tags.set(keyOfTags(state, identity), new Map(sorted))
}

/** Takes a resource's tags away, with the resource. */
export const dropTags = (state: FakeState, identity: TaggedIdentity): boolean =>
  state.tags.delete(keyOfTags(state, identity))

/** Tags of a fake registry. */
export function fakeTagWrites({ state, note }: FakeWorld): TagWrites {
  return {
    tagResource: async ({ tags, ...identity }) => {
      if (!isLive(state, identity)) return refuse('resource-unknown')
      const before = tagsOf(state, identity)
      const after = new Map([...before, ...tags])
      if (after.size > MAX_TAGS) return refuse('too-many-tags')
      const changed = [...tags].some(([key, value]) => before.get(key) !== value)
      if (!changed) return { ok: true, changed }
      setTags(state, identity, after)
      note(identity.tenantId, 'tag-resource', nameOf(identity.resource))
      return { ok: true, changed }
    },
    untagResource: async ({ tagKeys, ...identity }) => {
      if (!isLive(state, identity)) return refuse('resource-unknown')
      const before = tagsOf(state, identity)
      const after = new Map([...before].filter(([key]) => !tagKeys.includes(key)))
      const changed = after.size < before.size
      if (!changed) return { ok: true, changed }
      setTags(state, identity, after)
      note(identity.tenantId, 'untag-resource', nameOf(identity.resource))
      return { ok: true, changed }
    },
    listTags: async (identity) =>
      isLive(state, identity)
        ? { ok: true, tags: tagsOf(state, identity) }
        : refuse('resource-unknown'),
  }
}
