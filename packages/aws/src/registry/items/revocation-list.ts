import { parseTenantId, type TenantId } from '@thingpass/core/names'
import {
  LONGEST_GRACE_SECONDS,
  type NewRevocationList,
  type RevocationListDescription,
} from '@thingpass/core/registry-writes/revocation-lists'
import { bytes, type Item, instant, number, openItem, text } from '../attributes.ts'
import { revocationListKey } from '../keys.ts'
import { parseDigest } from './ca-claim.ts'
import { parseMadeId } from './made-id.ts'
import { SHARD_SET_BYTES } from './revocation-shard.ts'

const KIND = 'revocation-list'

/** The revocation list in force of one CA key, as it is stored; its entries lie in shards. */
export type RevocationListItem = RevocationListDescription &
  Pick<NewRevocationList, 'issuerSha256'> & {
    /** SHA-256 of the key, lower-case hex. */
    readonly keySha256: string
    /** Whose shards count: made anew with each upload, and never used again. */
    readonly generationId: string
    /** Which shards have entries, one bit each: a row that should be there and is not is noticed. */
    readonly shards: Uint8Array
    /** Whose operator put it; lists outlive CAs, so it may own the key no more. */
    readonly tenantId: TenantId
  }

/** A list's number as it is stored: 40 hex digits hold 20 octets, which a DynamoDB number does not. */
const NUMBER_DIGITS = 40

/** Writes the list in force as an item. */
export function encodeRevocationList(list: RevocationListItem): Item {
  const { pk, sk } = revocationListKey(list.keySha256)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    keySha256: text(list.keySha256),
    tenantId: text(list.tenantId),
    generationId: text(list.generationId),
    issuerSha256: text(list.issuerSha256),
    number: text(list.number.toString(16).padStart(NUMBER_DIGITS, '0')),
    thisUpdate: instant(list.thisUpdate),
    nextUpdate: instant(list.nextUpdate),
    graceSeconds: number(list.graceSeconds),
    entryCount: number(list.entryCount),
    sha256: text(list.sha256),
    shards: bytes(list.shards),
    putAt: instant(list.putAt),
  }
}

/**
 * Reads the list in force.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeRevocationList(item: Item): RevocationListItem {
  const read = openItem(item, KIND)
  const keySha256 = read.parsed('keySha256', parseDigest)
  read.liesAt(revocationListKey(keySha256))
  const shards = read.bytes('shards')
  if (shards.length !== SHARD_SET_BYTES) throw read.unreadable('shards')
  return {
    keySha256,
    tenantId: read.parsed('tenantId', parseTenantId),
    generationId: read.parsed('generationId', parseMadeId),
    issuerSha256: read.parsed('issuerSha256', parseDigest),
    number: read.parsed('number', parseListNumber),
    thisUpdate: read.instant('thisUpdate'),
    nextUpdate: read.instant('nextUpdate'),
    graceSeconds: read.integer('graceSeconds', 0, LONGEST_GRACE_SECONDS),
    entryCount: read.integer('entryCount', 0),
    sha256: read.parsed('sha256', parseDigest),
    shards,
    putAt: read.instant('putAt'),
  }
}

const LIST_NUMBER = /^[0-9a-f]{40}$/

const parseListNumber = (value: unknown): bigint | undefined =>
  typeof value === 'string' && LIST_NUMBER.test(value) ? BigInt(`0x${value}`) : undefined
