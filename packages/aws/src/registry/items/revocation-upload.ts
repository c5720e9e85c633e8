import { bytes, type Item, instant, openItem, text } from '../attributes.ts'
import { revocationUploadKey } from '../keys.ts'
import { parseDigest } from './ca-claim.ts'
import { parseMadeId } from './made-id.ts'
import { SHARD_SET_BYTES } from './revocation-shard.ts'

const KIND = 'revocation-upload'

/** Who uploads a list for a CA's key, and which rows may lie about that do not count. */
export type RevocationUpload = {
  /** SHA-256 of the key, lower-case hex. */
  readonly keySha256: string
  /** The upload that may write and delete rows of the key; it puts its list in force only while it is this one. */
  readonly holderId: string
  /** From then on another upload may take its place. */
  readonly heldUntil: Date
  /** Whose rows are, or may be, there without counting: the holder's own, or those of a list that another has replaced. */
  readonly generationId: string
  readonly shards: Uint8Array
}

/** Writes an upload as an item. */
export function encodeRevocationUpload(upload: RevocationUpload): Item {
  const { pk, sk } = revocationUploadKey(upload.keySha256)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    keySha256: text(upload.keySha256),
    holderId: text(upload.holderId),
    heldUntil: instant(upload.heldUntil),
    generationId: text(upload.generationId),
    shards: bytes(upload.shards),
  }
}

/**
 * Reads an upload.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeRevocationUpload(item: Item): RevocationUpload {
  const read = openItem(item, KIND)
  const keySha256 = read.parsed('keySha256', parseDigest)
  read.liesAt(revocationUploadKey(keySha256))
  const shards = read.bytes('shards')
  if (shards.length !== SHARD_SET_BYTES) throw read.unreadable('shards')
  return {
    keySha256,
    holderId: read.parsed('holderId', parseMadeId),
    heldUntil: read.instant('heldUntil'),
    generationId: read.parsed('generationId', parseMadeId),
    shards,
  }
}
