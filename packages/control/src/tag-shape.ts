import { MAX_TAGS, type Tags } from '@thingpass/core/registry-writes/tags'
import { listOf, optional, required, structure } from './compound-shape.ts'
import { type Shape, text } from './shape.ts'

/** Source: AWS IoT API model (TagKey, TagValue). */
const KEY_PATTERN = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u

/** Key of a tag. Those of AWS's own start with `aws:` and are refused where tags are made. */
export const TAG_KEY = text({ shortest: 1, longest: 128, pattern: KEY_PATTERN })

const TAG_LIST = listOf(
  structure({ Key: required(TAG_KEY), Value: optional(text({ longest: 256 })) }),
  0,
  MAX_TAGS,
)

/** Tags to make: each key once, none of AWS's own. */
export const TAGS: Shape<Tags> = {
  wire: 'List',
  read: (json, at, report) => {
    const tags = TAG_LIST.read(json, at, report) ?? []
    const keys = tags.map(({ Key }) => Key)
    if (new Set(keys).size < keys.length) report({ at, constraint: 'Member must have unique keys' })
    if (keys.some((key) => /^aws:/i.test(key)))
      report({ at, constraint: 'Member must not have keys that start with aws:' })
    return new Map(tags.map(({ Key, Value = '' }) => [Key, Value]))
  },
}

/** What a resource has that was made without tags. */
export const NO_TAGS: Tags = new Map()
