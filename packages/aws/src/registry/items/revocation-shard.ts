import { hash } from 'node:crypto'
import { type Item, instant, openItem, text } from '../attributes.ts'
import { revocationShardKey } from '../keys.ts'
import { EXPIRY_ATTRIBUTE } from '../table.ts'
import { parseDigest } from './ca-claim.ts'
import { parseMadeId } from './made-id.ts'

const KIND = 'revocation-shard'

/** The serial numbers of one list that fall into one shard. */
export type RevocationShard = {
  /** SHA-256 of the CA's key, lower-case hex. */
  readonly keySha256: string
  /** Three hex digits, as `shardOf` makes them. */
  readonly shard: string
  readonly generationId: string
  readonly serialNumbers: readonly string[]
  /** When DynamoDB may delete the row: later than any instant at which its list could count. */
  readonly expiresAt: Date
}

/** Octets of a set of shards: 4096 bits. 100,000 entries make rows of 1 KB, which one read unit covers four times. */
export const SHARD_SET_BYTES = 512

/** The shard of a serial number: the first 12 bits of its SHA-256, for issuers may count up. */
export const shardOf = (serialNumber: string): string =>
  hash('sha256', serialNumber, 'hex').slice(0, 3)

/** Whether a set has a shard. */
export function hasShard(set: Uint8Array, shard: string): boolean {
  const bit = Number.parseInt(shard, 16)
  return ((set[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
}

/** The set of some shards. */
export function shardSetOf(shards: Iterable<string>): Uint8Array {
  const set = new Uint8Array(SHARD_SET_BYTES)
  for (const shard of shards) {
    const bit = Number.parseInt(shard, 16)
    set[bit >> 3] = (set[bit >> 3] ?? 0) | (1 << (bit & 7))
  }
  return set
}

/** All shards that a set has. */
export const shardsOf = (set: Uint8Array): readonly string[] =>
  Array.from({ length: SHARD_SET_BYTES * 8 }, (_, bit) => bit.toString(16).padStart(3, '0')).filter(
    (shard) => hasShard(set, shard),
  )

/** Writes a shard of a list as an item. */
export function encodeRevocationShard(part: RevocationShard): Item {
  const { pk, sk } = revocationShardKey(part.keySha256, part.shard, part.generationId)
  return {
    pk: text(pk),
    sk: text(sk),
    kind: text(KIND),
    keySha256: text(part.keySha256),
    shard: text(part.shard),
    generationId: text(part.generationId),
    serialNumbers: text(part.serialNumbers.join(' ')),
    [EXPIRY_ATTRIBUTE]: instant(part.expiresAt),
  }
}

/**
 * Reads a shard of a list.
 * @throws {Fault} REGISTRY_UNREADABLE
 */
export function decodeRevocationShard(item: Item): RevocationShard {
  const read = openItem(item, KIND)
  const keySha256 = read.parsed('keySha256', parseDigest)
  const shard = read.parsed('shard', parseShard)
  const generationId = read.parsed('generationId', parseMadeId)
  read.liesAt(revocationShardKey(keySha256, shard, generationId))
  const serialNumbers = read.parsed('serialNumbers', parseSerialNumbers)
  return {
    keySha256,
    shard,
    generationId,
    serialNumbers,
    expiresAt: read.instant(EXPIRY_ATTRIBUTE),
  }
}

const SHARD = /^[0-9a-f]{3}$/

const parseShard = (value: unknown): string | undefined =>
  typeof value === 'string' && SHARD.test(value) ? value : undefined

/** At most 20 octets each, without leading zeros. Source: RFC 5280 §4.1.2.2. */
const SERIAL_NUMBER = /^(?:0|[1-9a-f][0-9a-f]{0,39})$/

function parseSerialNumbers(value: unknown): readonly string[] | undefined {
  const parts = typeof value === 'string' ? value.split(' ') : []
  const areWhole = parts.length > 0 && parts.every((part) => SERIAL_NUMBER.test(part))
  return areWhole ? parts : undefined
}
