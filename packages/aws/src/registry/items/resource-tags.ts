import { type Item, openItem, text, textMap } from '../attributes.ts'
import { type ItemKey, tagsKey } from '../keys.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'tags'

/** The tags of one record. They count only while `ownerId` is the id of the live record. */
export type ResourceTags = {
  readonly ownerId: string
  readonly tags: ReadonlyMap<string, string>
}

/** Writes the tags of the record at `key` as an item. */
export function encodeTags(key: ItemKey, { ownerId, tags }: ResourceTags): Item {
  const { pk, sk } = tagsKey(key)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    ownerId: text(ownerId),
    tags: textMap(tags),
  }
}

/**
 * Reads the tags of the record at `key`.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeTags(item: Item, key: ItemKey): ResourceTags {
  const read = openItem(item, KIND)
  read.liesAt(tagsKey(key))
  return { ownerId: read.parsed('ownerId', parseMadeId), tags: read.textMap('tags') }
}
