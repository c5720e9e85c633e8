import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Tags } from '@thingpass/core/registry-writes/tags'
import type { Item } from '../attributes.ts'
import { decodeTags, encodeTags } from '../items/resource-tags.ts'
import { type ItemKey, tagsKey } from '../keys.ts'
import type { Registry } from './transaction.ts'

/** Where a record lies, and the id that tells it from an earlier one of the same name. */
export type TagOwner = { readonly key: ItemKey; readonly ownerId: string }

/** The write of the tags that a record is made with, over any that an earlier one left behind. */
export const putTags = (
  registry: Registry,
  { key, ownerId }: TagOwner,
  tags: Tags = new Map(),
): readonly TransactWriteItem[] =>
  tags.size === 0 ? [] : [registry.put(encodeTags(key, { ownerId, tags }))]

/** The write that takes a record's tags away with it. */
export const dropTags = (registry: Registry, key: ItemKey): TransactWriteItem =>
  registry.drop(tagsKey(key))

/** The tags of a record, and the item they were read from; tags of an earlier record do not count. */
export async function readTags(
  registry: Registry,
  { key, ownerId }: TagOwner,
): Promise<{ readonly tags: Tags; readonly item: Item | undefined }> {
  const item = await registry.get(tagsKey(key))
  const stored = item && decodeTags(item, key)
  return { tags: stored?.ownerId === ownerId ? stored.tags : new Map(), item }
}
