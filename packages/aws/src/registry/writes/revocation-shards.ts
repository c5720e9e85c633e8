import { Fault } from '@thingpass/core/fault'
import {
  LONGEST_GRACE_SECONDS,
  type NewRevocationList,
} from '@thingpass/core/registry-writes/revocation-lists'
import type { RevocationListItem } from '../items/revocation-list.ts'
import { encodeRevocationShard, shardOf, shardSetOf, shardsOf } from '../items/revocation-shard.ts'
import { revocationShardKey } from '../keys.ts'
import { isNamed } from '../read-facts-revocation.ts'
import type { Registry } from './transaction.ts'

/** Rows of one upload: whose key, which upload, which shards. */
export type Generation = Pick<RevocationListItem, 'keySha256' | 'generationId' | 'shards'>

/** Serial numbers by their shard. */
export type SerialsByShard = ReadonlyMap<string, readonly string[]>

/** Sorts serial numbers into their shards. */
export function groupByShard(serialNumbers: Iterable<string>): SerialsByShard {
  const groups = new Map<string, string[]>()
  for (const serialNumber of serialNumbers) {
    const shard = shardOf(serialNumber)
    const group = groups.get(shard)
    if (group === undefined) groups.set(shard, [serialNumber])
    else group.push(serialNumber)
  }
  return groups
}

/**
 * Octets of serial numbers in one shard at most. Serial numbers are the issuer's choice, and one could be sought for each shard; honest lists have 2 KB. A
 * request reads the rows of a shard in one page of 1 MB: the list's in force, those of an upload, and those that one has left.
 */
const MOST_SHARD_OCTETS = 102_400

/** Whether every shard is one that can be stored and read. */
export function areStorable(parts: SerialsByShard): boolean {
  return [...parts.values()].every((serialNumbers) => {
    const octets = serialNumbers.reduce((sum, serial) => sum + serial.length + 1, 0)
    return octets <= MOST_SHARD_OCTETS
  })
}

/** Beyond the last instant at which the list could count, however its grace is changed: clocks and DynamoDB's deletion are not exact. */
const EXPIRY_MARGIN_SECONDS = 86_400

/** 9999-12-31T23:59:59Z, the last instant of X.509. Source: RFC 5280 §4.1.2.5. */
const LAST_SECOND = 253_402_300_799

/**
 * Writes all rows of a generation. Rows expire only when their list has expired even with the longest grace: from then on it refuses every
 * certificate, so that no deletion can turn a revoked one good.
 */
export function putShards(
  registry: Registry,
  {
    generation: { keySha256, generationId },
    parts,
    nextUpdate,
  }: {
    readonly generation: Generation
    readonly parts: SerialsByShard
    readonly nextUpdate: NewRevocationList['nextUpdate']
  },
): Promise<void> {
  const end = nextUpdate.getTime() / 1000 + LONGEST_GRACE_SECONDS + EXPIRY_MARGIN_SECONDS
  const expiresAt = new Date(Math.min(end, LAST_SECOND) * 1000)
  return registry.putMany(
    [...parts].map(([shard, serialNumbers]) =>
      encodeRevocationShard({ keySha256, shard, generationId, serialNumbers, expiresAt }),
    ),
  )
}

/** Deletes the rows of a generation that does not count, for so many write units at most; returns the shards that it did not come to. */
export async function dropShards(
  registry: Registry,
  { keySha256, generationId, shards }: Generation,
  mostUnits?: number,
): Promise<Uint8Array> {
  const all = shardsOf(shards)
  const keys = all.map((shard) => revocationShardKey(keySha256, shard, generationId))
  const left = await registry.dropMany(keys, mostUnits)
  return shardSetOf(all.slice(all.length - left.length))
}

/**
 * Whether the list in force names a serial number. Where the list was replaced between the two reads, its rows may be gone: a fault then, and never
 * a "no".
 * @throws {Fault} REGISTRY_INCONSISTENT
 */
export async function isRevokedIn(
  registry: Registry,
  list: Generation,
  serialNumber: string,
): Promise<boolean> {
  const { keySha256, generationId } = list
  const row = await registry.get(revocationShardKey(keySha256, shardOf(serialNumber), generationId))
  const revoked = isNamed(list, row ? [row] : [], serialNumber)
  if (revoked !== undefined) return revoked
  const what = `the revocation list of CA key ${keySha256} lacks shard ${shardOf(serialNumber)}`
  throw new Fault('REGISTRY_INCONSISTENT', what)
}
