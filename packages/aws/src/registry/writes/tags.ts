import {
  MAX_TAGS,
  type TaggedIdentity,
  type Tags,
  type TagWrites,
} from '@thingpass/core/registry-writes/tags'
import { encodeTags } from '../items/resource-tags.ts'
import { unchanged } from './expression.ts'
import { change, nothingToDo, refuse } from './plan.ts'
import { readTags } from './tag-items.ts'
import { readTagged, type Tagged } from './tagged-resources.ts'
import type { Registry } from './transaction.ts'

type Tagging = Parameters<TagWrites['tagResource']>[0]
type Untagging = Parameters<TagWrites['untagResource']>[0]

/** Makes the changes of tags. */
export function tagWrites(registry: Registry): TagWrites {
  return {
    tagResource: (input) => registry.change(() => planTagging(registry, input)),
    untagResource: (input) => registry.change(() => planUntagging(registry, input)),
    listTags: async (identity) => {
      const resource = await readTagged(registry, identity)
      if (!resource) return { ok: false, conflict: 'resource-unknown' }
      const { tags } = await readTags(registry, resource)
      return { ok: true, tags: inOrder(tags) }
    },
  }
}

const inOrder = (tags: Tags): Tags =>
  new Map([...tags].toSorted(([one], [other]) => (one < other ? -1 : 1)))

async function planTagging(registry: Registry, input: Tagging) {
  const resource = await readTagged(registry, input)
  if (!resource) return refuse('resource-unknown')
  const before = await readTags(registry, resource)
  const tags = new Map([...before.tags, ...input.tags])
  if (tags.size > MAX_TAGS) return refuse('too-many-tags')
  const changed = [...input.tags].some(([key, value]) => before.tags.get(key) !== value)
  if (!changed) return nothingToDo({ changed: false })
  const keys = [...input.tags.keys()]
  const parts = { resource, before, tags, action: 'tag-resource', keys }
  return change({ changed: true }, writeTags(registry, input, parts))
}

async function planUntagging(registry: Registry, input: Untagging) {
  const resource = await readTagged(registry, input)
  if (!resource) return refuse('resource-unknown')
  const before = await readTags(registry, resource)
  const keys = input.tagKeys.filter((key) => before.tags.has(key))
  if (keys.length === 0) return nothingToDo({ changed: false })
  const tags = new Map([...before.tags].filter(([key]) => !keys.includes(key)))
  const parts = { resource, before, tags, action: 'untag-resource', keys }
  return change({ changed: true }, writeTags(registry, input, parts))
}

/** The tags are written whole, if they are as they were read and the record is still the same. */
function writeTags(
  registry: Registry,
  { tenantId }: TaggedIdentity,
  parts: {
    readonly resource: Tagged
    readonly before: Awaited<ReturnType<typeof readTags>>
    readonly tags: Tags
    readonly action: string
    readonly keys: readonly string[]
  },
) {
  const { resource, before, tags, action, keys } = parts
  const item = encodeTags(resource.key, { ownerId: resource.ownerId, tags })
  return {
    writes: [
      registry.put(item, before.item ? unchanged(before.item, []) : { missing: true }),
      registry.check(resource.key, { equal: resource.same }),
    ],
    audit: { tenantId, action, subject: resource.subject, after: { keys: keys.join(' ') } },
  }
}
